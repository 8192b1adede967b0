package io.multijvm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The idle warm JVMs of this family, as the operating system shows them: children of the fork server, our child. */
final class Spares {
    private static final String MAIN_CLASS = "io.multijvm.launcher.ChildMain";
    private static final String PSS = "Pss:";
    private static final double KIB_PER_MIB = 1024;

    private Spares() {}

    /** The proportional set size of each, in MiB. */
    static List<Double> memory() throws IOException {
        List<Double> sizes = new ArrayList<>();
        for (ProcessHandle process :
                ProcessHandle.current().descendants().filter(Spares::isSpare).toList()) {
            sizes.add(pss(process));
        }
        return sizes;
    }

    private static boolean isSpare(ProcessHandle process) {
        boolean isOwnChild =
                process.parent().filter(ProcessHandle.current()::equals).isPresent();
        try {
            return !isOwnChild && Files.readString(proc(process, "cmdline")).contains(MAIN_CLASS);
        } catch (IOException e) {
            return false; // ended meanwhile
        }
    }

    private static double pss(ProcessHandle process) throws IOException {
        try (var lines = Files.lines(proc(process, "smaps_rollup"))) {
            String line = lines.filter(l -> l.startsWith(PSS)).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB;
        }
    }

    private static Path proc(ProcessHandle process, String name) {
        return Path.of("/proc", Long.toString(process.pid()), name);
    }
}
