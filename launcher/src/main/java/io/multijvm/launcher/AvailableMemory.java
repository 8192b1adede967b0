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
    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Path GROUP = Path.of("/sys/fs/cgroup");

    private AvailableMemory() {}

    static boolean allowsAnotherSpare() {
        return allowsAnotherSpare(MACHINE, GROUP);
    }

    /** By the kernel's file about the machine and its directory about the control group. */
    static boolean allowsAnotherSpare(Path machine, Path group) {
        return Math.min(ofMachine(machine), ofGroup(group)) > RESERVE + SPARE;
    }

    private static long ofMachine(Path machine) {
        for (String line : lines(machine)) {
            if (line.startsWith("MemAvailable:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return Long.MAX_VALUE;
    }

    private static long ofGroup(Path group) {
        List<String> limit = lines(group.resolve("memory.max"));
        List<String> used = lines(group.resolve("memory.current"));
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
