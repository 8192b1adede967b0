package io.multijvm.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory is left for spares, on the machine and in this process's control group. */
final class AvailableMemory {
    private static final long MIB = 1024 * 1024;
    private static final long SPARE = 64 * MIB;
    private static final long RESERVE = 256 * MIB;
    private static final Path GROUP = Path.of("/sys/fs/cgroup");

    private AvailableMemory() {}

    static boolean allowsAnotherSpare() {
        return Math.min(ofMachine(), ofGroup()) > RESERVE + SPARE;
    }

    private static long ofMachine() {
        for (String line : lines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return Long.MAX_VALUE;
    }

    private static long ofGroup() {
        List<String> limit = lines(GROUP.resolve("memory.max"));
        List<String> used = lines(GROUP.resolve("memory.current"));
        if (limit.isEmpty() || used.isEmpty() || limit.get(0).equals("max")) {
            return Long.MAX_VALUE;
        }
        return Long.parseLong(limit.get(0)) - Long.parseLong(used.get(0));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // not this kind of system: no limit known
        }
    }
}
