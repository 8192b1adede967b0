package io.multijvm.benchmarks;

import io.multijvm.ipc.memory.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The run directory of this JVM's family, seen from outside. */
final class OwnRunDirectory {
    private OwnRunDirectory() {}

    static Path path() throws IOException {
        String pid = "-" + ProcessHandle.current().pid() + "-";
        try (var all = Files.list(RunDirectory.base())) {
            return all.filter(path -> path.getFileName().toString().startsWith("multijvm-"))
                    .filter(path -> path.getFileName().toString().contains(pid))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no run directory in " + RunDirectory.base()));
        }
    }

    /** The bytes that its files take; of those that go while they are counted perhaps not. */
    static long allocated() throws IOException, InterruptedException {
        String printed = Printed.by(
                List.of("sh", "-c", "du --summarize --block-size=1 \"$1\" 2>/dev/null || :", "du", path().toString()));
        return Long.parseLong(printed.substring(0, printed.indexOf('\t')));
    }
}
