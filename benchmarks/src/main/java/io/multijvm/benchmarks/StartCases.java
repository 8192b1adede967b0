package io.multijvm.benchmarks;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.launcher.WarmPolicy;
import io.multijvm.process.JvmOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The cases of the area {@code start}. */
record StartCases(CPython peer, Path stamp, Effort effort) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LIGHT_ROUNDS = 100;
    private static final int HEAVY_ROUNDS = 25;
    private static final int AT_ONCE = 8;
    private static final int LARGE = 100_000_000;
    private static final int SPARES = WarmPolicy.defaults().spares();
    private static final String MS = "ms";

    Row warmToFirstInstruction() throws IOException, InterruptedException {
        List<Samples> taken = effort.alternate(
                LIGHT_ROUNDS,
                whenWarm(() -> peer.ask("first_instruction", "fork", stamp)),
                () -> warm().toFirstInstruction(stamp));
        return new Row(
                "warm start (forkserver) to first instruction",
                taken.get(1),
                taken.get(0),
                MS,
                Goal.atMost(1.0, "CPython fork"));
    }

    Row forkToFirstInstruction() throws IOException, InterruptedException {
        List<Samples> taken = effort.alternate(
                LIGHT_ROUNDS,
                whenForkIsWarm(() -> peer.ask("first_instruction", "fork", stamp)),
                () -> forked().toFirstInstruction(stamp));
        return new Row(
                "warm fork (small state) to first instruction",
                taken.get(1),
                taken.get(0),
                MS,
                Goal.atMost(1.0, "CPython fork"));
    }

    /** Arrays of numbers, and as many bytes in small objects. */
    List<Row> forkOfLargeState() throws IOException, InterruptedException {
        try {
            List<Samples> taken = effort.alternate(
                    HEAVY_ROUNDS,
                    whenForkIsWarm(() -> peer.ask("first_with_state", LARGE, stamp)),
                    () -> ForkedState.arrays(LARGE, () -> forked().toFirstInstruction(stamp)),
                    whenForkIsWarm(() -> ForkedState.objects(LARGE, () -> forked().toFirstInstruction(stamp))));
            return List.of(
                    new Row(
                            "fork of 100 MB in arrays to first instruction",
                            taken.get(1),
                            taken.get(0),
                            MS,
                            Goal.REPORTED),
                    new Row("fork of 100 MB in small objects", taken.get(2), taken.get(0), MS, Goal.REPORTED));
        } finally {
            ForkedState.clear();
        }
    }

    List<Row> warmAndJoin() throws IOException, InterruptedException {
        List<Samples> taken = effort.alternate(
                LIGHT_ROUNDS,
                whenWarm(() -> peer.ask("start_and_join", "fork")),
                () -> peer.ask("start_and_join", "forkserver"),
                () -> warm().untilJoined(1));
        return List.of(
                new Row(
                        "warm start + join, beside fork",
                        taken.get(2),
                        taken.get(0),
                        MS,
                        Goal.atMost(3.0, "CPython fork")),
                new Row(
                        "warm start + join, beside forkserver",
                        taken.get(2),
                        taken.get(1),
                        MS,
                        Goal.atMost(0.5, "CPython forkserver")));
    }

    List<Row> spawnToFirstInstruction() throws IOException, InterruptedException {
        List<Samples> taken = effort.alternate(
                LIGHT_ROUNDS,
                () -> peer.ask("first_instruction", "spawn", stamp),
                () -> colder().toFirstInstruction(stamp),
                () -> cold().toFirstInstruction(stamp));
        return List.of(
                new Row(
                        "spawn to first instruction",
                        taken.get(1),
                        taken.get(0),
                        MS,
                        Goal.atMost(1.5, "CPython spawn")),
                new Row(
                        "spawn to first instruction, archive present",
                        taken.get(2),
                        taken.get(0),
                        MS,
                        Goal.atMost(1.0, "CPython spawn")));
    }

    List<Row> spawnsAtOnce() throws IOException, InterruptedException {
        List<Samples> taken = effort.alternate(
                HEAVY_ROUNDS,
                () -> peer.ask("at_once", "spawn", AT_ONCE),
                () -> colder().untilJoined(AT_ONCE),
                () -> cold().untilJoined(AT_ONCE),
                () -> cold().untilJoinedFromThreads(AT_ONCE));
        return List.of(
                new Row(
                        "8 spawns at once until all joined",
                        taken.get(1),
                        taken.get(0),
                        MS,
                        Goal.atMost(1.5, "CPython spawn")),
                new Row(
                        "8 spawns at once until all joined, archive present",
                        taken.get(2),
                        taken.get(0),
                        MS,
                        Goal.atMost(1.0, "CPython spawn")),
                new Row(
                        "8 spawns from 8 threads until all joined, archive present",
                        taken.get(3),
                        taken.get(0),
                        MS,
                        Goal.REPORTED));
    }

    List<Row> warmAtOnce() throws IOException, InterruptedException {
        List<Samples> taken = effort.alternate(
                HEAVY_ROUNDS,
                whenWarm(() -> peer.ask("at_once", "spawn", AT_ONCE)),
                () -> peer.ask("at_once", "forkserver", AT_ONCE),
                () -> warm().untilJoined(AT_ONCE));
        return List.of(
                new Row(
                        "8 forkserver starts at once until all joined",
                        taken.get(2),
                        taken.get(0),
                        MS,
                        Goal.atMost(1.0, "CPython spawn")),
                new Row(
                        "8 forkserver starts at once, beside forkserver",
                        taken.get(2),
                        taken.get(1),
                        MS,
                        Goal.REPORTED));
    }

    Row memoryPerSpare() throws IOException, InterruptedException {
        awaitSpares(StartMethod.FORKSERVER);
        return new Row(
                "memory per idle warm child (PSS)",
                Samples.of(Spares.memory()),
                Samples.of(List.of(peer.ask("memory", "forkserver"))),
                "MiB",
                Goal.REPORTED);
    }

    List<Row> firstStartInFreshJvm() throws IOException, InterruptedException {
        List<Samples> taken = effort.alternate(
                HEAVY_ROUNDS,
                () -> peer.ask("first_in_fresh", "forkserver", stamp),
                () -> FirstStart.inFreshJvm(Archives.none(), stamp),
                () -> FirstStart.inFreshJvm(Archives.present(), stamp));
        return List.of(
                new Row(
                        "first start in a fresh JVM to first instruction",
                        taken.get(1),
                        taken.get(0),
                        MS,
                        Goal.REPORTED),
                new Row(
                        "first start in a fresh JVM, archive present",
                        taken.get(2),
                        taken.get(0),
                        MS,
                        Goal.ourselvesAtMost(150, MS)));
    }

    private static Starter colder() {
        return new Starter(MultiJvm.getContext(StartMethod.SPAWN), Archives.without());
    }

    private static Starter cold() {
        return new Starter(MultiJvm.getContext(StartMethod.SPAWN), JvmOptions.defaults());
    }

    private static Starter forked() {
        return new Starter(MultiJvm.getContext(StartMethod.FORK), JvmOptions.defaults());
    }

    private static Measure whenForkIsWarm(Measure measure) {
        return () -> {
            awaitSpares(StartMethod.FORK);
            return measure.take();
        };
    }

    private static Starter warm() {
        return new Starter(MultiJvm.getContext(StartMethod.FORKSERVER), JvmOptions.defaults());
    }

    /** Lets a round begin with all spares ready, so that their refilling falls into no measurement of CPython. */
    private static Measure whenWarm(Measure first) {
        return () -> {
            awaitSpares(StartMethod.FORKSERVER);
            return first.take();
        };
    }

    private static void awaitSpares(StartMethod method) throws InterruptedException {
        Context context = MultiJvm.getContext(method);
        if (!context.awaitWarm(SPARES, PATIENCE)) {
            throw new IllegalStateException("spare JVMs not ready: wanted " + SPARES + ", waited " + PATIENCE);
        }
    }
}
