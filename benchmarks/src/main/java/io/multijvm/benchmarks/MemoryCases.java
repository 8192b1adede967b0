package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.sync.ProcessLock;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The cases of the area {@code memory}. */
record MemoryCases(CPython peer, Effort effort) {
    private static final int ROUNDS = 25;
    private static final int FEW_ROUNDS = 5;
    private static final int LENGTH = 10_000_000;
    private static final int LOCKS = 10_000;
    private static final int CREATED_AT_ONCE = 1_000;
    private static final int WAITERS = 8;
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final Duration WAITING = Duration.ofSeconds(5);
    private static final double NS_PER_US = 1e3;
    private static final double BYTES_PER_KIB = 1024;
    private static final String CPYTHON = "CPython";

    List<Row> array() throws IOException, InterruptedException {
        int[] plain = new int[LENGTH];
        try (SharedIntArray shared = SharedIntArray.of(LENGTH)) {
            return List.of(
                    pass(
                            "10 million ints: set() in a loop",
                            () -> Passes.millis(LENGTH, (from, to) -> Passes.set(plain, from, to)),
                            () -> Passes.millis(LENGTH, (from, to) -> Passes.set(shared, from, to))),
                    pass(
                            "10 million ints: sum by get() in a loop",
                            () -> Passes.millis(LENGTH, (from, to) -> Passes.get(plain, from, to)),
                            () -> Passes.millis(LENGTH, (from, to) -> Passes.get(shared, from, to))),
                    pass(
                            "10 million ints: fill()",
                            () -> Passes.once(() -> {
                                Arrays.fill(plain, 7);
                                return 0;
                            }),
                            () -> Passes.once(() -> {
                                shared.fill(7);
                                return 0;
                            })),
                    pass(
                            "10 million ints: sum()",
                            () -> Passes.millis(LENGTH, (from, to) -> Passes.get(plain, from, to)),
                            () -> Passes.once(shared::sum)));
        }
    }

    private Row pass(String name, Measure plain, Measure shared) throws IOException, InterruptedException {
        List<Samples> taken = effort.alternate(ROUNDS, plain, shared);
        return new Row(name, taken.get(1), taken.get(0), "ms", Goal.atMost(1.43, "int[]"));
    }

    List<Row> manyLocks() throws IOException, InterruptedException {
        ManyLocks.Footprint ours = ManyLocks.inFreshJvm(LOCKS);
        return List.of(
                new Row(
                        "memory per lock, of 10,000",
                        Samples.of(List.of(ours.bytes() / BYTES_PER_KIB / LOCKS)),
                        Samples.of(List.of(peer.ask("many_locks", "memory", LOCKS) / LOCKS)),
                        "KiB",
                        Goal.ourselvesAtMost(4, "KiB")),
                ofAllLocks("files", ours.files()),
                ofAllLocks("mappings", ours.mappings()),
                ofAllLocks("descriptors", ours.descriptors()));
    }

    private Row ofAllLocks(String what, long ours) throws IOException {
        return new Row(
                what + " of 10,000 locks together",
                Samples.of(List.of((double) ours)),
                Samples.of(List.of(peer.ask("many_locks", what, LOCKS))),
                what,
                Goal.reportedBeside(CPYTHON));
    }

    Row creation() throws IOException, InterruptedException {
        int count = effort.times(CREATED_AT_ONCE);
        List<Samples> taken = effort.alternate(ROUNDS, () -> peer.ask("creation", count), () -> creation(count));
        return new Row("create a lock", taken.get(1), taken.get(0), "us", Goal.reportedBeside(CPYTHON));
    }

    private static double creation(int count) {
        var locks = new ProcessLock[count];
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            locks[i] = MultiJvm.lock();
        }
        return (System.nanoTime() - begin) / NS_PER_US / locks.length;
    }

    Row waiting() throws IOException, InterruptedException {
        Duration settle = effort.during(SETTLING);
        Duration window = effort.during(WAITING);
        try (var waiters = Waiters.start(WAITERS)) {
            List<Samples> taken = effort.alternate(
                    FEW_ROUNDS,
                    () -> peer.ask("waiting", WAITERS, settle.toMillis(), window.toMillis()),
                    () -> waiters.processorMillis(settle, window));
            return new Row(
                    "CPU time of 8 processes waiting for a lock, in " + window.toSeconds() + " s",
                    taken.get(1),
                    taken.get(0),
                    "ms",
                    Goal.reportedBeside(CPYTHON));
        }
    }
}
