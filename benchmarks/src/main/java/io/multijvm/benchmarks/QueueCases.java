package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.queue.ProcessQueue;
import java.io.IOException;
import java.util.List;

/** The cases of the area {@code queue}. */
record QueueCases(CPython peer, Scratch scratch, Effort effort) {
    private static final int ROUNDS = 10;
    private static final int COLD_ROUNDS = 15;
    private static final int ITEMS = 500_000;
    private static final int ITEMS_OF_CPYTHON = 50_000;
    private static final int WARM_UP = 200_000;
    private static final int TIMES = 10_000;
    private static final int WARM_UP_TIMES = 20_000;
    private static final int LARGE = 250;
    private static final int LARGE_WARM_UP = 100;
    private static final int STORED = 10_000_000;
    private static final int BACKLOG = 1_000;
    private static final int LATER_RELEASE = 25;
    private static final double NS_PER_US = 1e3;
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final double MILLIONS_PER_S = 1e3; // of items per nanosecond
    private static final double PER_S = 1e9;
    private static final String M_PER_S = "M/s";
    private static final String CPYTHON = "CPython";

    List<Row> oneToOne() throws IOException, InterruptedException {
        int items = effort.times(ITEMS);
        ProcessQueue<Object> queue = MultiJvm.queue();
        try (queue;
                var ends = new QueueEnds(List.of(QueueTasks.put(queue)), List.of(QueueTasks.get(queue)));
                var raw = RawChronicle.in(scratch.file("chronicle"))) {
            ends.nanos(WARM_UP);
            raw.nanos(WARM_UP);
            List<Samples> taken = effort.alternate(
                    ROUNDS,
                    () -> peer.ask("through", 1, 1, effort.times(ITEMS_OF_CPYTHON)),
                    () -> MILLIONS_PER_S * items / ends.nanos(items),
                    () -> MILLIONS_PER_S * items / raw.nanos(items));
            String name = "small objects, 1 producer, 1 consumer";
            return List.of(
                    new Row(name, taken.get(1), taken.get(0), M_PER_S, Goal.atLeast(8, CPYTHON)),
                    new Row(name, taken.get(1), taken.get(2), M_PER_S, Goal.reportedBeside("raw Chronicle")));
        }
    }

    Row fourToFour() throws IOException, InterruptedException {
        int items = effort.times(ITEMS);
        ProcessQueue<Object> queue = MultiJvm.queue();
        Partner.Task put = QueueTasks.put(queue);
        Partner.Task get = QueueTasks.get(queue);
        try (queue;
                var ends = new QueueEnds(List.of(put, put, put, put), List.of(get, get, get, get))) {
            ends.nanos(WARM_UP);
            List<Samples> taken = effort.alternate(
                    ROUNDS,
                    () -> peer.ask("through", 4, 4, effort.times(ITEMS_OF_CPYTHON)),
                    () -> MILLIONS_PER_S * items / ends.nanos(items));
            return new Row(
                    "small objects, 4 producers, 4 consumers",
                    taken.get(1),
                    taken.get(0),
                    M_PER_S,
                    Goal.atLeast(6, CPYTHON));
        }
    }

    Row thereAndBack() throws IOException, InterruptedException {
        int times = effort.times(TIMES);
        ProcessQueue<Integer> there = MultiJvm.queue();
        ProcessQueue<Integer> back = MultiJvm.queue();
        try (there;
                back;
                var other = Partner.start(QueueTasks.echo(there, back))) {
            thereAndBack(there, back, other, WARM_UP_TIMES);
            List<Samples> taken = effort.alternate(
                    ROUNDS,
                    () -> peer.ask("there_and_back", times),
                    () -> thereAndBack(there, back, other, times) / NS_PER_US / times);
            return new Row(
                    "there and back over two queues", taken.get(1), taken.get(0), "us", Goal.atMost(0.25, CPYTHON));
        }
    }

    private static double thereAndBack(
            ProcessQueue<Integer> there, ProcessQueue<Integer> back, Partner other, int times)
            throws IOException, InterruptedException {
        other.begin(times);
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            there.put(i);
            back.take();
        }
        double nanos = System.nanoTime() - begin;
        other.result();
        return nanos;
    }

    Row largeItems() throws IOException, InterruptedException {
        int items = effort.times(LARGE);
        ProcessQueue<Object> queue = MultiJvm.queue();
        try (queue;
                var ends = new QueueEnds(List.of(QueueTasks.putLarge(queue)), List.of(QueueTasks.get(queue)))) {
            ends.nanos(LARGE_WARM_UP);
            List<Samples> taken =
                    effort.alternate(ROUNDS, () -> peer.ask("large", items), () -> PER_S * items / ends.nanos(items));
            return new Row(
                    "1 MiB byte arrays, 1 producer, 1 consumer",
                    taken.get(1),
                    taken.get(0),
                    "MiB/s",
                    Goal.atLeast(2, CPYTHON));
        }
    }

    List<Row> firstInFreshJvm() throws IOException, InterruptedException {
        List<Samples> taken = effort.alternate(
                COLD_ROUNDS,
                () -> peer.ask("first"),
                () -> FirstQueue.inFreshJvm(Archives.none()),
                () -> FirstQueue.inFreshJvm(Archives.present()));
        int limit = Runtime.version().feature() < LATER_RELEASE ? 350 : 250;
        String name = "first queue of a program until its first item is got";
        return List.of(
                new Row(name, taken.get(1), taken.get(0), "ms", Goal.REPORTED),
                new Row(
                        name + ", archive present",
                        taken.get(2),
                        taken.get(0),
                        "ms",
                        Goal.ourselvesAtMost(limit, "ms")));
    }

    Row firstInWarmChild() throws IOException, InterruptedException {
        List<Samples> taken = effort.alternate(
                COLD_ROUNDS, () -> peer.ask("first_in_child"), () -> FirstQueue.inWarmChild(scratch.file("first")));
        return new Row("first queue of a warm child", taken.get(1), taken.get(0), "ms", Goal.ourselvesAtMost(5, "ms"));
    }

    Row storage() throws IOException, InterruptedException {
        int items = effort.times(STORED);
        ProcessQueue<Object> queue = MultiJvm.queue(BACKLOG);
        try (queue;
                var ends = new QueueEnds(List.of(QueueTasks.put(queue)), List.of(QueueTasks.get(queue)))) {
            ends.begin(items);
            long most = 0;
            while (!ends.areDone()) {
                most = Math.max(most, OwnRunDirectory.allocated());
            }
            ends.nanos();
            return new Row(
                    "run directory while " + items / 1_000_000 + " million items go through a queue of 1,000",
                    Samples.of(List.of(most / BYTES_PER_MIB)),
                    Samples.NONE,
                    "MiB",
                    Goal.ourselvesAtMost(64, "MiB"));
        }
    }
}
