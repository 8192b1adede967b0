package io.multijvm.samples.cli;

import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code clean}: removes what killed programs left, and the caches, which come back when they are needed. */
@Command(name = "clean", description = "Remove stale run directories and all caches.")
final class CleanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        var stale = RunDirectory.sweepStale();
        stale.forEach(directory -> out.println("removed " + directory));
        var cache = NativeLibrary.cacheDirectory();
        if (Files.exists(cache)) {
            removeTree(cache);
            out.println("removed " + cache);
        } else if (stale.isEmpty()) {
            out.println("nothing to remove");
        }
        return 0;
    }

    private static void removeTree(Path directory) throws IOException {
        try (var tree = Files.walk(directory)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
