package io.multijvm.soak;

import io.multijvm.ipc.memory.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The resources that this process holds while no scenario is running. */
record Measure(long heap, long resident, long descriptors, long threads, long mappings, long files) {
    private static final long MEBI = 1 << 20;
    private static final int PAGE = 4096;

    static Measure now() throws IOException {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return new Measure(
                runtime.totalMemory() - runtime.freeMemory(),
                PAGE
                        * Long.parseLong(
                                Files.readString(Path.of("/proc/self/statm")).split(" ")[1]),
                entries(Path.of("/proc/self/fd")),
                entries(Path.of("/proc/self/task")),
                Files.readAllLines(Path.of("/proc/self/maps")).size(),
                filesOfThisFamily());
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }

    private static long filesOfThisFamily() throws IOException {
        String owner = "-" + ProcessHandle.current().pid() + "-";
        long files = 0;
        try (Stream<Path> all = Files.list(RunDirectory.base())) {
            for (Path each : all.filter(path -> path.getFileName().toString().contains(owner))
                    .toList()) {
                files += entries(each);
            }
        }
        return files;
    }

    /** Names the resources whose median in the last quarter exceeds that of the second quarter by more than a fixed amount. */
    static String growth(List<Measure> all) {
        int quarter = all.size() / 4;
        if (quarter < 2) {
            return "";
        }
        List<Measure> early = all.subList(quarter, 2 * quarter);
        List<Measure> late = all.subList(all.size() - quarter, all.size());
        return grown("heap", early, late, Measure::heap, 4 * MEBI)
                + grown("resident", early, late, Measure::resident, 32 * MEBI)
                + grown("descriptors", early, late, Measure::descriptors, 8)
                + grown("threads", early, late, Measure::threads, 8)
                + grown("mappings", early, late, Measure::mappings, 16)
                + grown("files", early, late, Measure::files, 8);
    }

    private static String grown(
            String name, List<Measure> early, List<Measure> late, ToLongFunction<Measure> what, long most) {
        long before = median(early, what);
        long after = median(late, what);
        return after - before > most ? name + " grew from " + before + " to " + after + "\n" : "";
    }

    private static long median(List<Measure> some, ToLongFunction<Measure> what) {
        long[] values = some.stream().mapToLong(what).sorted().toArray();
        return values[values.length / 2];
    }

    @Override
    public String toString() {
        return "heap " + heap / MEBI + " MiB, resident " + resident / MEBI + " MiB, " + descriptors + " descriptors, "
                + threads + " threads, " + mappings + " mappings, " + files + " files";
    }
}
