package io.multijvm.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The one door to the side-by-side benchmarks: {@code SideBySide AREA [--quick] [--tsv]}. */
public final class SideBySide {
    private static final Map<String, Area> AREAS = new TreeMap<>(Map.of(
            "manager",
            new ManagerArea(),
            "memory",
            new MemoryArea(),
            "pipe",
            new PipeArea(),
            "pool",
            new PoolArea(),
            "queue",
            new QueueArea(),
            "start",
            new StartArea(),
            "sync",
            new SyncArea()));
    private static final Set<String> FLAGS = Set.of("--quick", "--tsv");

    private SideBySide() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        int status = run(List.of(args));
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int run(List<String> args) throws IOException, InterruptedException {
        Map<Boolean, List<String>> byKind = args.stream().collect(Collectors.partitioningBy(a -> a.startsWith("--")));
        List<String> flags = byKind.getOrDefault(true, List.of());
        List<String> names = byKind.getOrDefault(false, List.of());
        if (names.size() != 1 || !FLAGS.containsAll(flags)) {
            return refuse("usage: scripts/bench AREA [--quick] [--tsv]");
        }
        Area area = AREAS.get(names.get(0));
        if (area == null) {
            return refuse("no such area: " + names.get(0));
        }
        if (!CPython.isInstalled()) {
            return refuse("needs python3 on the PATH: every case is measured beside CPython");
        }
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        var scratch = Scratch.create();
        try (var peer = CPython.start(names.get(0), scratch)) {
            var effort = flags.contains("--quick") ? Effort.QUICK : Effort.FULL;
            List<Row> rows = area.measure(peer, scratch, effort);
            var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            if (flags.contains("--tsv")) {
                Table.printTsv(rows, out);
            } else {
                String surroundings = String.format(Locale.ROOT, "%s; load before %.2f", peer.version(), load);
                Table.printReadable(rows, area.notes(), surroundings, out);
            }
        }
        return 0;
    }

    private static int refuse(String why) {
        System.err.println("bench: " + why);
        System.err.println("areas: " + String.join(", ", AREAS.keySet()));
        return 2;
    }
}
