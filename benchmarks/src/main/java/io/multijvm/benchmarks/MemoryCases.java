package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.sync.ProcessLock;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** The cases of the area {@code memory}. */
record MemoryCases(CPython peer, Effort effort) {
    private static final int ROUNDS = 25;
    private static final int FEW_ROUNDS = 5;
    private static final int WARM_UP = 20;
    private static final int LENGTH = 10_000_000;
    private static final int LOCKS = 10_000;
    private static final int CREATED_AT_ONCE = 1_000;
    private static final int WAITERS = 8;
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final Duration WAITING = Duration.ofSeconds(5);
    private static final double NS_PER_US = 1e3;
    private static final double BYTES_PER_KIB = 1024;
    private static final String CPYTHON = "CPython";
    private static final Goal AS_FAST = Goal.atMost(1.43, "int[]");
    private static final Goal REPORTED = Goal.reportedBeside("int[]");

    List<Row> array() throws IOException, InterruptedException {
        int[] plain = new int[LENGTH];
        try (SharedIntArray shared = SharedIntArray.of(LENGTH)) {
            return List.of(
                    pass("set() in a loop", () -> Passes.set(plain), () -> Passes.set(shared), AS_FAST),
                    pass("sum by get() in a loop", () -> Passes.get(plain), () -> Passes.get(shared), AS_FAST),
                    pass(
                            "fill()",
                            () -> {
                                Arrays.fill(plain, 7);
                                return plain.length;
                            },
                            () -> {
                                shared.fill(7);
                                return plain.length;
                            },
                            AS_FAST),
                    pass("sum()", () -> Passes.get(plain), shared::sum, AS_FAST),
                    pass("set() by a long index", () -> Passes.set(plain), () -> Passes.setByLongs(shared), REPORTED),
                    pass(
                            "sum by get(), long index",
                            () -> Passes.get(plain),
                            () -> Passes.getByLongs(shared),
                            REPORTED));
        }
    }

    private Row pass(String name, LongSupplier plain, LongSupplier shared, Goal goal)
            throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UP; i++) {
            Passes.millis(plain);
            Passes.millis(shared);
        }
        List<Samples> taken = effort.alternate(ROUNDS, () -> Passes.millis(plain), () -> Passes.millis(shared));
        return new Row("10 million ints: " + name, taken.get(1), taken.get(0), "ms", goal);
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
