package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;

/** The cases of the area {@code pipe}. */
record PipeCases(CPython peer, Optional<CProgram> limit, Effort effort) {
    private static final int ROUNDS = 20;
    private static final int SMALL = 64;
    private static final int MIDDLE = 64 * 1024;
    private static final int LARGE = 1024 * 1024;
    private static final int WARM_UP = 40_000;
    private static final int WARM_UP_LARGE = 2_000;
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final String CPYTHON = "CPython";
    private static final String PACKET = "packet";
    private static final String STREAM = "stream";
    private static final double NS_PER_US = 1e3;

    /** A limit beside which a case is shown. */
    private record Limit(String kind, String way) {
        static final Limit PACKETS_SPINNING = new Limit(PACKET, "spin");
        static final Limit PACKETS_WAITING = new Limit(PACKET, "wait");
        static final Limit STREAM_WAITING = new Limit(STREAM, "wait");

        String name() {
            return "C " + kind + " sockets, " + (way.equals("spin") ? "spinning" : "waiting");
        }
    }

    /** What is sent how often within one measurement, and the unit that nanoseconds for each become. */
    private record Load(String name, int size, int times, int warmUp, String unit, DoubleUnaryOperator ofNanos) {}

    List<Row> thereAndBackSmall() throws IOException, InterruptedException {
        var load = new Load("there and back, 64 B", SMALL, 20_000, WARM_UP, "us", nanos -> nanos / NS_PER_US);
        return thereAndBack(load, 0.2);
    }

    List<Row> thereAndBackLarge() throws IOException, InterruptedException {
        var load = new Load("there and back, 64 KiB", MIDDLE, 5_000, WARM_UP, "us", nanos -> nanos / NS_PER_US);
        return thereAndBack(load, 0.6);
    }

    List<Row> oneWaySmall() throws IOException, InterruptedException {
        var load = new Load("one way, 64 B", SMALL, 200_000, WARM_UP, "M/s", nanos -> NS_PER_US / nanos);
        return oneWay(load, 3, List.of(Limit.PACKETS_WAITING, Limit.STREAM_WAITING));
    }

    /** A packet as large as that needs a larger buffer than a socket has. */
    List<Row> oneWayLarge() throws IOException, InterruptedException {
        var load = new Load("one way, 1 MiB", LARGE, 500, WARM_UP_LARGE, "MB/s", nanos -> NS_PER_US * LARGE / nanos);
        return oneWay(load, 1.5, List.of(Limit.STREAM_WAITING));
    }

    private List<Row> thereAndBack(Load load, double goal) throws IOException, InterruptedException {
        Pipe pipe = MultiJvm.pipe();
        Connection far = pipe.second();
        try (Connection near = pipe.first();
                var echo = Partner.start(PipeTasks.giveBack(far))) {
            far.close();
            Direction ours = times -> {
                echo.begin(times);
                long begin = System.nanoTime();
                PipeTasks.sendAndReceive(near, load.size, times);
                double nanos = System.nanoTime() - begin;
                echo.result();
                return nanos / times;
            };
            return rows(
                    load,
                    ours,
                    new Side("there_and_back", "pingpong"),
                    Goal.atMost(goal, CPYTHON),
                    List.of(Limit.PACKETS_SPINNING, Limit.PACKETS_WAITING, Limit.STREAM_WAITING));
        }
    }

    private List<Row> oneWay(Load load, double goal, List<Limit> limits) throws IOException, InterruptedException {
        Pipe pipe = MultiJvm.pipe(false);
        Connection far = pipe.reader();
        try (Connection near = pipe.writer();
                var sink = Partner.start(PipeTasks.take(far))) {
            far.close();
            Direction ours = times -> {
                sink.begin(times);
                long begin = System.nanoTime();
                PipeTasks.send(near, load.size, times);
                sink.result();
                return (double) (System.nanoTime() - begin) / times;
            };
            return rows(load, ours, new Side("one_way", "oneway"), Goal.atLeast(goal, CPYTHON), limits);
        }
    }

    /** Nanoseconds for each of so many messages. */
    @FunctionalInterface
    private interface Direction {
        double nanosEach(int times) throws IOException;
    }

    /** What the case is called in Python and in C. */
    private record Side(String python, String c) {}

    private List<Row> rows(Load load, Direction ours, Side names, Goal goal, List<Limit> limits)
            throws IOException, InterruptedException {
        int times = effort.times(load.times);
        ours.nanosEach(load.warmUp);
        var measures = new ArrayList<Measure>();
        measures.add(() -> load.ofNanos.applyAsDouble(peer.ask(names.python, load.size, times)));
        measures.add(() -> load.ofNanos.applyAsDouble(ours.nanosEach(times)));
        limit.ifPresent(c -> limits.forEach(beside -> measures.add(
                () -> load.ofNanos.applyAsDouble(c.run(names.c, beside.kind, load.size, times, beside.way)))));
        List<Samples> taken = effort.alternate(ROUNDS, measures.toArray(Measure[]::new));
        var rows = new ArrayList<Row>();
        rows.add(new Row(load.name, taken.get(1), taken.get(0), load.unit, goal));
        for (int i = 2; i < taken.size(); i++) {
            String name = limits.get(i - 2).name();
            rows.add(new Row(
                    load.name + ", beside " + name, taken.get(1), taken.get(i), load.unit, Goal.reportedBeside("C")));
        }
        return rows;
    }

    Row waiting() throws IOException, InterruptedException {
        Duration window = effort.during(WINDOW);
        try (var one = Partner.start(ignored -> ignored);
                var other = Partner.start(ignored -> ignored)) {
            List<Partner> both = List.of(one, other);
            for (Partner each : both) {
                each.begin(0);
                each.result();
            }
            TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
            double before = Waiters.processorMillis(both);
            TimeUnit.NANOSECONDS.sleep(window.toNanos());
            Samples used = Samples.of(List.of(Waiters.processorMillis(both) - before));
            String name = "2 processes waiting in recv() for " + window.toSeconds() + " s, processor time";
            return new Row(name, used, Samples.NONE, "ms", Goal.ourselvesAtMost(20, "ms"));
        }
    }
}
