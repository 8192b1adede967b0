package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedValue;
import io.multijvm.shared.ValueType;
import io.multijvm.sync.ProcessBarrier;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ProcessSemaphore;
import io.multijvm.sync.ReentrantProcessLock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.locks.LockSupport;

/** The cases of the area {@code sync}. */
record SyncCases(CPython peer, Optional<RobustMutex> limit, Effort effort) {
    private static final int ROUNDS = 25;
    private static final int OPERATIONS = 1_000_000;
    private static final int WAKE_UPS = 100;
    private static final int CYCLES = 5_000;
    private static final Duration WINDOW = Duration.ofMillis(500);
    private static final int WARM_UP = 20_000;
    private static final int WARM_UP_WAKE_UPS = 5_000;
    private static final Duration ASLEEP = Duration.ofMillis(2);
    private static final Duration JUST_ASLEEP = Duration.ofNanos(100_000);
    private static final String CPYTHON = "CPython";
    private static final String C_MUTEX = "C robust mutex";
    private static final String NS = "ns";
    private static final String US = "us";
    private static final double NS_PER_US = 1e3;

    List<Row> uncontended() throws IOException, InterruptedException {
        ProcessLock lock = MultiJvm.lock();
        ReentrantProcessLock reentrant = MultiJvm.rlock();
        ProcessSemaphore semaphore = MultiJvm.semaphore();
        return List.of(
                alone("lock + unlock, uncontended", "lock", () -> Loops.lock(lock)),
                alone("reentrant lock + unlock, uncontended", "rlock", () -> Loops.lock(reentrant)),
                alone("semaphore acquire + release, uncontended", "semaphore", () -> Loops.acquire(semaphore)));
    }

    private Row alone(String name, String function, Runnable batch) throws IOException, InterruptedException {
        int operations = effort.times(OPERATIONS);
        Loops.warm(batch);
        List<Samples> taken = effort.alternate(
                ROUNDS, () -> peer.ask(function, operations), () -> Loops.nanosEach(operations, batch));
        return new Row(name, taken.get(1), taken.get(0), NS, Goal.atMost(0.5, CPYTHON));
    }

    Row uncontendedBesideC() throws IOException, InterruptedException {
        String name = "lock + unlock, uncontended, beside C";
        int operations = effort.times(OPERATIONS);
        ProcessLock lock = MultiJvm.lock();
        Loops.warm(() -> Loops.lock(lock));
        return besideC(
                name, () -> Loops.nanosEach(operations, () -> Loops.lock(lock)), mutex -> mutex.alone(operations));
    }

    List<Row> contended() throws IOException, InterruptedException {
        Duration window = effort.during(WINDOW);
        try (var contest = Contest.start(MultiJvm.lock(), window)) {
            List<Samples> taken = effort.alternate(
                    ROUNDS,
                    () -> peer.ask("contend", window.toMillis()),
                    () -> peer.ask("share_of_loser"),
                    contest::nanosEach,
                    contest::shareOfLoser);
            return List.of(
                    new Row(
                            "lock + unlock, 2 processes contending",
                            taken.get(2),
                            taken.get(0),
                            NS,
                            Goal.atMost(0.3, CPYTHON)),
                    new Row(
                            "share of the contender that got less",
                            taken.get(3),
                            taken.get(1),
                            "%",
                            Goal.reportedBeside(CPYTHON)),
                    besideC(
                            "lock + unlock, 2 processes contending, beside C",
                            contest::nanosEach,
                            mutex -> mutex.two(window)));
        }
    }

    List<Row> increments() throws IOException, InterruptedException {
        int operations = effort.times(OPERATIONS);
        SharedInt number = SharedInt.of(0);
        SharedInt atomic = SharedInt.of(0);
        SharedValue<Integer> value = MultiJvm.value(ValueType.INT, 0);
        Loops.warm(() -> Loops.increment(number));
        Loops.warm(() -> Loops.increment(value));
        Loops.warm(() -> Loops.getAndAdd(atomic));
        List<Samples> taken = effort.alternate(
                ROUNDS,
                () -> peer.ask("increment", operations),
                () -> Loops.nanosEach(operations, () -> Loops.increment(number)),
                () -> Loops.nanosEach(operations, () -> Loops.increment(value)),
                () -> Loops.nanosEach(operations, () -> Loops.getAndAdd(atomic)));
        Goal goal = Goal.atMost(0.1, CPYTHON);
        return List.of(
                new Row("value += 1 under its lock, SharedInt", taken.get(1), taken.get(0), NS, goal),
                new Row("value += 1 under its lock, SharedValue<Integer>", taken.get(2), taken.get(0), NS, goal),
                new Row(
                        "SharedInt.getAndAdd(1), beside CPython under its lock",
                        taken.get(3),
                        taken.get(0),
                        NS,
                        Goal.reportedBeside(CPYTHON)));
    }

    Row eventToWaiter() throws IOException, InterruptedException {
        int times = effort.times(WAKE_UPS);
        ProcessEvent event = MultiJvm.event();
        try (var waiter = Partner.start(SyncTasks.awaitEvent(event))) {
            toWaiter(event, waiter, WARM_UP_WAKE_UPS, JUST_ASLEEP);
            List<Samples> taken = effort.alternate(
                    ROUNDS, () -> peer.ask("event_to_waiter", times), () -> toWaiter(event, waiter, times, ASLEEP));
            return new Row(
                    "event set -> waiter in another process runs",
                    taken.get(1),
                    taken.get(0),
                    US,
                    Goal.atMost(0.5, CPYTHON));
        }
    }

    private static double toWaiter(ProcessEvent event, Partner waiter, int times, Duration asleep) throws IOException {
        long nanos = 0;
        for (int i = 0; i < times; i++) {
            waiter.begin(0);
            LockSupport.parkNanos(asleep.toNanos());
            long begin = System.nanoTime();
            event.set();
            nanos += waiter.result() - begin;
            event.clear();
        }
        return nanos / NS_PER_US / times;
    }

    Row barrierCycle() throws IOException, InterruptedException {
        int times = effort.times(CYCLES);
        ProcessBarrier barrier = MultiJvm.barrier(2);
        try (var other = Partner.start(SyncTasks.awaitBarrier(barrier))) {
            cycle(barrier, other, WARM_UP);
            List<Samples> taken = effort.alternate(
                    ROUNDS, () -> peer.ask("barrier_cycle", times), () -> cycle(barrier, other, times));
            return new Row("barrier of 2, one cycle", taken.get(1), taken.get(0), US, Goal.atMost(0.5, CPYTHON));
        }
    }

    private static double cycle(ProcessBarrier barrier, Partner other, int times)
            throws IOException, InterruptedException {
        try {
            other.begin(times + 1);
            barrier.await(); // both are there
            long begin = System.nanoTime();
            Loops.await(barrier, times);
            double nanos = System.nanoTime() - begin;
            return nanos / NS_PER_US / (other.result() - 1);
        } catch (BrokenBarrierException e) {
            throw new IOException("the other process of the barrier has ended", e);
        }
    }

    /** The mutex's figure in the place of the peer's, where there is one. */
    private Row besideC(String name, Measure ours, LimitMeasure theirs) throws IOException, InterruptedException {
        if (limit.isEmpty()) {
            Samples taken = effort.alternate(ROUNDS, ours).get(0);
            return new Row(name + " (not measured: no gcc)", taken, Samples.NONE, NS, Goal.reportedBeside(C_MUTEX));
        }
        RobustMutex mutex = limit.get();
        List<Samples> taken = effort.alternate(ROUNDS, () -> theirs.take(mutex), ours);
        return new Row(name, taken.get(1), taken.get(0), NS, Goal.reportedBeside(C_MUTEX));
    }

    /** One measurement of the limit. */
    @FunctionalInterface
    private interface LimitMeasure {
        double take(RobustMutex mutex) throws IOException, InterruptedException;
    }
}
