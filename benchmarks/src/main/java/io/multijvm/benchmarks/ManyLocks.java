package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.sync.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A JVM that makes locks and prints what they take outside of its heap. */
public final class ManyLocks {
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final String MEMORY_FILE = "/memfd:";

    private ManyLocks() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        long before = descriptors();
        List<ProcessLock> locks =
                Stream.generate(MultiJvm::lock).limit(Integer.parseInt(args[0])).toList();
        long after = descriptors();
        Path directory = OwnRunDirectory.path();
        System.out.printf(
                "%d %d %d %d%n",
                OwnRunDirectory.allocated() + residentOfMemoryFiles(),
                filesIn(directory),
                mappings(directory),
                after - before);
        locks.forEach(ProcessLock::locked); // they live until here
    }

    static Footprint inFreshJvm(int count) throws IOException, InterruptedException {
        long[] numbers = Arrays.stream(
                        FreshJvm.run(ManyLocks.class, Integer.toString(count)).split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
        return new Footprint(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /** What all of them take. */
    record Footprint(long bytes, long files, long mappings, long descriptors) {}

    private static long filesIn(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private static long mappings(Path directory) throws IOException {
        try (var lines = Files.lines(MAPPINGS)) {
            return lines.filter(line -> line.contains(directory.toString()) || line.contains(MEMORY_FILE))
                    .count();
        }
    }

    private static long residentOfMemoryFiles() throws IOException {
        long kib = 0;
        boolean isMemoryFile = false;
        for (String line : Files.readAllLines(MAPPINGS)) {
            if (!Character.isUpperCase(line.charAt(0))) { // a mapping; what follows is about it
                isMemoryFile = line.contains(MEMORY_FILE);
            } else if (isMemoryFile && line.startsWith("Rss:")) {
                kib += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return kib * 1024;
    }

    private static long descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
