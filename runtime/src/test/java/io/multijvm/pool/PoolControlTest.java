package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multijvm.StartMethod;
import io.multijvm.contract.Gate;
import io.multijvm.contract.PoolParties;
import io.multijvm.contract.Waits;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.pool.PoolOptions.WhenFull;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What can be had beyond Python: time limits, stopping, retries, priorities, bounds, recycling. */
@ForkTest
@SuppressWarnings("FutureReturnValueIgnored") // some tasks only have to be there
final class PoolControlTest extends PoolParties {
    private static final Duration LONG_ENOUGH_TO_BEGIN = Duration.ofSeconds(3);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration GRACE = Duration.ofMillis(200);
    private static final Duration LONG_GRACE = Duration.ofMinutes(1); // for those that end by themselves

    private static final TaskOptions WITH_ALL_THE_TIME = TaskOptions.defaults().timeout(Duration.ofHours(1));

    private final Gate gate = new Gate();

    PoolControlTest() {
        super(StartMethod.FORKSERVER);
    }

    private static Throwable failureOf(AsyncResult<?> result) {
        return catchThrowableOfType(ExecutionException.class, () -> result.get(PATIENCE))
                .getCause();
    }

    private static void assertCancels(AsyncResult<?> result) throws InterruptedException {
        assertThat(result.cancel(true)).isTrue();

        assertThat(result.await(PATIENCE)).isTrue();
        assertThat(result.isCancelled()).isTrue();
    }

    private static PoolOptions one() {
        return PoolOptions.defaults().workers(1);
    }

    private static void spinForEver() {
        long turns = 0;
        while (turns >= 0) {
            turns = (turns + 1) & Long.MAX_VALUE;
        }
    }

    // Stopping.

    @Test
    void cancel_taskThatCanBeInterrupted_endsItAndKeepsTheWorker() throws Exception {
        Pool pool = newPool(one().grace(LONG_GRACE));
        Gate here = gate;
        var running = pool.applyAsync(() -> here.passWith(1));
        here.awaitArrivals(1);
        var pids = pool.pids();

        assertCancels(running);
        assertThatExceptionOfType(CancellationException.class).isThrownBy(running::get);
        assertThat(pool.apply(() -> ProcessHandle.current().pid())).isEqualTo(pids.get(0));
        assertThat(pool.apply(() -> Thread.currentThread().isInterrupted())).isFalse();
    }

    @Test
    void cancel_stuckTask_endsItsWorkerAndNobodyElsesTask() throws Exception {
        Pool pool = newPool(one().workers(2).grace(GRACE));
        Gate here = gate;
        var stuck = pool.applyAsync(() -> {
            here.arrive();
            spinForEver();
        });
        var neighbour = pool.applyAsync(() -> here.passWith("unharmed"));
        here.awaitArrivals(2);
        var waiting = IntStream.range(0, 20)
                .mapToObj(number -> pool.applyAsync(() -> number))
                .toList();

        assertThat(stuck.cancel(true)).isTrue();

        assertThatExceptionOfType(TaskCancelledException.class)
                .isThrownBy(() -> stuck.get(PATIENCE))
                .satisfies(thrown -> assertThat(thrown.threadDump()).contains("spinForEver"));
        here.open();
        assertThat(neighbour.get(PATIENCE)).isEqualTo("unharmed");
        for (int i = 0; i < 20; i++) {
            assertThat(waiting.get(i).get(PATIENCE)).isEqualTo(i);
        }
        assertThat(pool.stats().workersDied()).isZero();
        assertThat(pool.stats().workersStarted()).isEqualTo(3);
    }

    @Test
    void cancel_taskThatIgnoresSigterm_isKilled() throws Exception {
        Pool pool = newPool(one().grace(GRACE));
        Gate here = gate;
        var stuck = pool.applyAsync(() -> {
            Runtime.getRuntime().addShutdownHook(new Thread(here::stay));
            here.stay();
        });
        here.awaitArrivals(1);

        assertCancels(stuck);
        assertThat(pool.apply(() -> 1)).isEqualTo(1);
    }

    /** A task that lasts until its process is asked to end, and the next one that such a process is given, if it is. */
    private static final class LateFinisher {
        private static final CountDownLatch ASKED = new CountDownLatch(1);
        private static final CountDownLatch NEXT_HAS_BEGUN = new CountDownLatch(1);

        static int work(Gate here) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                ASKED.countDown();
                awaitUninterruptibly(NEXT_HAS_BEGUN);
            }));
            here.arrive();
            awaitUninterruptibly(ASKED);
            return 1;
        }

        static int next() {
            if (ASKED.getCount() == 0) {
                NEXT_HAS_BEGUN.countDown();
                awaitUninterruptibly(new CountDownLatch(1));
            }
            return 2;
        }

        private static void awaitUninterruptibly(CountDownLatch latch) {
            while (latch.getCount() > 0) {
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    // it does not care
                }
            }
        }
    }

    @Test
    void cancel_taskThatEndsWhileItsWorkerIsEnded_harmsNotTheNext() throws Exception {
        Pool pool = newPool(one().grace(Duration.ofSeconds(1)));
        Gate here = gate;
        var late = pool.applyAsync(() -> LateFinisher.work(here));
        here.awaitArrivals(1);
        assertThat(late.cancel(true)).isTrue();
        var next = pool.applyAsync(LateFinisher::next);

        assertThat(next.get(PATIENCE)).isEqualTo(2);
        assertThat(late.await(PATIENCE)).isTrue();
        assertThat(pool.stats().workersDied()).isZero();
    }

    @Test
    void cancel_pausedWorker_isKilled() throws Exception {
        Pool pool = newPool(one().grace(GRACE));
        Gate here = gate;
        var stuck = pool.applyAsync(() -> here.passWith(1));
        here.awaitArrivals(1);
        io.multijvm.testkit.Signals.send("STOP", pool.pids().get(0));

        assertCancels(stuck);
        assertThat(pool.apply(() -> 1)).isEqualTo(1);
    }

    @Test
    void cancel_map_stopsWhatRunsAndForgetsTheRest() throws Exception {
        Pool pool = newPool(one().workers(2));
        Gate here = gate;
        var map = pool.mapAsync(here::passWith, IntStream.range(0, 100).boxed().toList(), 1);
        here.awaitArrivals(2);

        assertCancels(map);
        assertThat(pool.apply(() -> 1)).isEqualTo(1);
        assertThat(here.hasArrivals()).isFalse();
    }

    @Test
    void cancel_lateInterrupt_hitsNoOtherTask() throws Exception {
        Pool pool = newPool(one().grace(LONG_GRACE));
        for (int i = 0; i < 100; i++) {
            var result = pool.applyAsync(() -> {
                long until = System.nanoTime() + 200_000;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                return 1;
            });
            int spin = i * 10;
            var next = pool.applyAsync(() -> Thread.currentThread().isInterrupted());
            for (int turn = 0; turn < spin; turn++) {
                Thread.onSpinWait();
            }
            result.cancel(true);
            result.await();
            assertThat(next.get(PATIENCE)).isFalse();
        }
        assertThat(pool.stats().workersDied()).isZero();
        assertThat(pool.stats().workersStarted()).isEqualTo(1);
    }

    @Test
    void taskTimeout_interruptibleTask_endsItWithAThreadDump() throws Exception {
        Pool pool = newPool(one().taskTimeout(LONG_ENOUGH_TO_BEGIN).grace(LONG_GRACE));
        Gate here = gate;
        Gate before = new Gate();
        before.open();
        pool.applyAsync(() -> before.passWith(1), WITH_ALL_THE_TIME).get(PATIENCE); // a worker is slow at first
        long begin = System.nanoTime();
        var late = pool.applyAsync(() -> here.passWith(1));
        var next = pool.applyAsync(() -> ProcessHandle.current().pid(), WITH_ALL_THE_TIME);

        assertThat(failureOf(late))
                .isInstanceOfSatisfying(
                        TaskTimeoutException.class,
                        timeout -> assertThat(timeout.threadDump()).contains("Gate.pass"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(LONG_ENOUGH_TO_BEGIN);
        assertThat(next.get(PATIENCE)).isEqualTo(pool.pids().get(0));
        assertThat(pool.stats().workersStarted()).isEqualTo(1);
    }

    @Test
    void timeout_stuckTask_endsItsWorkerAndNobodyElsesTask() throws Exception {
        Pool pool = newPool(one().grace(GRACE));
        var stuck = pool.applyAsync(
                () -> {
                    spinForEver();
                    return 1;
                },
                TaskOptions.defaults().timeout(SHORT).name("the stuck one"));
        var waiting = IntStream.range(0, 20)
                .mapToObj(number -> pool.applyAsync(() -> number))
                .toList();

        assertThat(failureOf(stuck)).isInstanceOf(TaskTimeoutException.class).hasMessageContaining("the stuck one");
        for (int i = 0; i < 20; i++) {
            assertThat(waiting.get(i).get(PATIENCE)).isEqualTo(i);
        }
        assertThat(pool.stats().workersDied()).isZero();
    }

    @Test
    void timeout_waitingForAWorker_isNotCounted() throws Exception {
        Pool pool = newPool(one());
        Gate here = gate;
        var first = pool.applyAsync(() -> here.passWith(1));
        here.awaitArrivals(1);
        var second = pool.applyAsync(() -> 2, WITH_ALL_THE_TIME);
        var third = pool.applyAsync(() -> 3, TaskOptions.defaults().timeout(Duration.ofMillis(700)));
        assertThat(second.await(Duration.ofSeconds(1))).isFalse();
        assertThat(third.isDone()).isFalse();
        here.open();

        assertThat(first.get(PATIENCE)).isEqualTo(1);
        assertThat(second.get(PATIENCE)).isEqualTo(2);
        assertThat(third.await(PATIENCE)).isTrue();
    }

    @Test
    void timeout_secondAttempt_hasItsOwnTime() throws Exception {
        Pool pool = newPool(one());
        try (var attempts = SharedIntArray.of(1)) {
            var result = pool.applyAsync(
                    () -> {
                        Thread.currentThread().join(1_000);
                        if (attempts.incrementAndGet(0) < 4) {
                            Runtime.getRuntime().halt(1);
                        }
                        return attempts.get(0);
                    },
                    TaskOptions.defaults().timeout(Duration.ofMillis(3_500)).retry(Retry.attempts(4)));

            assertThat(result.get(PATIENCE)).isEqualTo(4);
        }
    }

    @Test
    void cancel_largeTasksOfPausedWorkers_leavesRoomForOthers() throws Exception {
        Pool pool = newPool(2);
        pool.map(n -> n, IntStream.range(0, 20_000).boxed().toList(), 1); // so that much is sent ahead
        Waits.until(() -> pool.pids().size() == 2);
        var pids = pool.pids();
        for (long pid : pids) {
            io.multijvm.testkit.Signals.send("STOP", pid);
            Waits.until(() -> ProcessControl.isStopped((int) pid));
        }
        byte[] large = new byte[100_000];
        for (int round = 0; round < 5; round++) {
            var waiting = IntStream.range(0, 10)
                    .mapToObj(n -> pool.applyAsync(() -> large.length + n))
                    .toList();
            assertThat(waiting).allMatch(each -> each.cancel(false));
        }
        var results = IntStream.range(0, 20)
                .mapToObj(n -> pool.applyAsync(() -> large.length + n))
                .toList();
        assertThat(results.get(19).await(SHORT)).isFalse();
        for (long pid : pids) {
            io.multijvm.testkit.Signals.send("CONT", pid);
        }

        for (int i = 0; i < 20; i++) {
            assertThat(results.get(i).get(PATIENCE)).isEqualTo(100_000 + i);
        }
    }

    // Retries.

    @Test
    void retry_workerDies_isTriedAgain() throws Exception {
        var events = new CopyOnWriteArrayList<String>();
        Pool pool = newPool(one().retry(Retry.attempts(3)).listener(new PoolListener() {
            @Override
            public void taskRetried(long task, int attempt, Throwable failure) {
                events.add(attempt + " " + failure.getClass().getSimpleName());
            }
        }));
        try (var runs = SharedIntArray.of(1)) {
            var result = pool.applyAsync(() -> {
                if (runs.incrementAndGet(0) < 3) {
                    Runtime.getRuntime().halt(1);
                }
                return "at last";
            });

            assertThat(result.get(PATIENCE)).isEqualTo("at last");
            assertThat(runs.get(0)).isEqualTo(3);
            assertThat(pool.stats().retried()).isEqualTo(2);
            assertThat(pool.stats().done()).isEqualTo(1);
            assertThat(pool.stats().failed()).isZero();
        }
        pool.close();
        assertThat(events).containsExactly("2 WorkerDiedException", "3 WorkerDiedException");
    }

    @Test
    void retry_poisonTask_isGivenUp() throws Exception {
        Pool pool = newPool(one());
        try (var runs = SharedIntArray.of(1)) {
            var result = pool.applyAsync(
                    () -> {
                        runs.incrementAndGet(0);
                        Runtime.getRuntime().halt(1);
                        return 1;
                    },
                    TaskOptions.defaults().retry(Retry.attempts(3)));

            assertThat(failureOf(result)).isInstanceOf(WorkerDiedException.class);
            assertThat(runs.get(0)).isEqualTo(3);
            assertThat(pool.apply(() -> 1)).isEqualTo(1);
        }
    }

    @Test
    void retry_exception_isTriedAgainIfAskedFor() throws Exception {
        Pool pool = sharedPool(1);
        try (var runs = SharedIntArray.of(2)) {
            Task<Integer> failing = () -> {
                if (runs.incrementAndGet(0) < 3) {
                    throw new IllegalStateException("not yet");
                }
                return runs.get(0);
            };
            assertThat(failureOf(pool.applyAsync(failing, TaskOptions.defaults().retry(Retry.attempts(3)))))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(runs.get(0)).isEqualTo(1);
            assertThat(pool.applyAsync(
                                    failing,
                                    TaskOptions.defaults()
                                            .retry(Retry.attempts(3)
                                                    .backOff(Duration.ofMillis(10), Duration.ofMillis(20))
                                                    .afterExceptions()))
                            .get(PATIENCE))
                    .isEqualTo(3);
        }
    }

    @Test
    void retry_poolShutDownMeanwhile_isTriedAgain() throws Exception {
        Pool pool = newPool(one().retry(Retry.attempts(2).afterExceptions()));
        Gate here = gate;
        try (var runs = SharedIntArray.of(2)) {
            var result = pool.applyAsync(() -> {
                here.pass();
                if (runs.incrementAndGet(0) == 1) {
                    throw new IllegalStateException("not yet");
                }
                return "after shutdown";
            });
            here.awaitArrivals(1);
            pool.shutdown();
            here.open();

            assertThat(result.get(PATIENCE)).isEqualTo("after shutdown");
            assertThat(pool.join(PATIENCE)).isTrue();
        }
    }

    @Test
    void retry_cancelledWhileItWaits_isCancelled() throws Exception {
        Pool pool = newPool(one());
        try (var runs = SharedIntArray.of(1)) {
            var result = pool.applyAsync(
                    () -> {
                        runs.incrementAndGet(0);
                        throw new IllegalStateException("no");
                    },
                    TaskOptions.defaults()
                            .retry(Retry.attempts(3)
                                    .backOff(Duration.ofHours(1), Duration.ofHours(1))
                                    .afterExceptions()));
            Waits.until(() -> pool.stats().retried() == 1);

            assertThat(result.cancel(false)).isTrue();

            assertThat(result.isCancelled()).isTrue();
            assertThat(runs.get(0)).isEqualTo(1);
        }
    }

    @Test
    void terminate_retryOutstanding_cancelsIt() throws Exception {
        Pool pool = newPool(one());
        var result = pool.applyAsync(
                () -> {
                    throw new IllegalStateException("no");
                },
                TaskOptions.defaults()
                        .retry(Retry.attempts(3)
                                .backOff(Duration.ofHours(1), Duration.ofHours(1))
                                .afterExceptions()));
        Waits.until(() -> pool.stats().retried() == 1);

        pool.close();

        assertThat(result.await(PATIENCE)).isTrue();
    }

    // Priorities and bounds.

    @Test
    void priority_waitingTasks_highestIsFirstAndOrderIsKept() throws Exception {
        Pool pool = sharedPool(1);
        Gate here = gate;
        var first = pool.applyAsync(() -> here.passWith(0));
        here.awaitArrivals(1);
        try (var order = SharedIntArray.of(7)) {
            var results = new ArrayList<AsyncResult<Integer>>();
            for (int priority : new int[] {0, 5, -5, 5, 0, 9}) {
                int number = results.size() + 1;
                results.add(pool.applyAsync(
                        () -> {
                            order.set(order.getAndIncrement(0) + 1, number);
                            return number;
                        },
                        TaskOptions.defaults().priority(priority)));
            }
            here.open();
            first.get();
            for (AsyncResult<Integer> each : results) {
                each.get(PATIENCE);
            }

            assertThat(order.toArray()).containsExactly(6, 6, 2, 4, 1, 5, 3);
        }
    }

    @Test
    void capacity_block_waitsForRoom() throws Exception {
        Pool pool = newPool(one().capacity(2, WhenFull.BLOCK));
        Gate here = gate;
        var first = pool.applyAsync(() -> here.passWith(0));
        here.awaitArrivals(1);
        pool.applyAsync(() -> 1);
        pool.applyAsync(() -> 2);
        var submitting = Background.run(() -> pool.applyAsync(() -> 3).get()).awaitWaiting();
        var interrupted =
                Background.run(() -> pool.applyAsync(() -> 4)).awaitWaiting().interrupt();

        assertThat(interrupted.failure()).isInstanceOf(RejectedExecutionException.class);
        here.open();

        assertThat(submitting.get()).isEqualTo(3);
        first.get();
        assertThat(pool.map(n -> n, IntStream.range(0, 100).boxed().toList(), 1))
                .hasSize(100);
    }

    @Test
    void capacity_blockAndShutdown_isRejected() throws Exception {
        Pool pool = newPool(one().capacity(1, WhenFull.BLOCK));
        Gate here = gate;
        pool.applyAsync(() -> here.passWith(0));
        here.awaitArrivals(1);
        pool.applyAsync(() -> 1);
        var submitting = Background.run(() -> pool.applyAsync(() -> 3)).awaitWaiting();

        pool.shutdown();

        assertThat(submitting.failure()).isInstanceOf(RejectedExecutionException.class);
        here.open();
        assertThat(pool.join(PATIENCE)).isTrue();
    }

    @Test
    void capacity_reject_throws() throws Exception {
        Pool pool = newPool(one().capacity(2, WhenFull.REJECT));
        Gate here = gate;
        pool.applyAsync(() -> here.passWith(0));
        here.awaitArrivals(1);
        pool.applyAsync(() -> 1);
        var second = pool.applyAsync(() -> 2);

        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.applyAsync(() -> 3));
        assertThat(second.cancel(false)).isTrue();
        var third = pool.applyAsync(() -> 3);
        here.open();
        assertThat(third.get(PATIENCE)).isEqualTo(3);
    }

    @Test
    void capacity_callerRuns_runsItHere() throws Exception {
        Pool pool = newPool(one().capacity(1, WhenFull.CALLER_RUNS));
        Gate here = gate;
        pool.applyAsync(() -> here.passWith(0L));
        here.awaitArrivals(1);
        var waiting = pool.applyAsync(() -> ProcessHandle.current().pid());
        var ran = pool.applyAsync(() -> ProcessHandle.current().pid());
        var failed = pool.applyAsync(() -> {
            throw new IllegalStateException("here");
        });

        assertThat(ran.isDone()).isTrue();
        assertThat(ran.get()).isEqualTo(ProcessHandle.current().pid());
        assertThat(failureOf(failed)).isInstanceOf(IllegalStateException.class);
        here.open();
        assertThat(waiting.get(PATIENCE)).isEqualTo(pool.pids().get(0));
    }

    // Fairness.

    @Test
    void quickTasks_besideABlockedOne_allEnd() throws Exception {
        Pool pool = newPool(2);
        Gate here = gate;
        pool.map(n -> n, IntStream.range(0, 20_000).boxed().toList(), 1);
        for (int round = 0; round < 20; round++) {
            var blocked = pool.applyAsync(() -> here.passWith(0));
            here.awaitArrivals(1);
            for (int i = 0; i < 500; i++) {
                var results = new ArrayList<AsyncResult<Integer>>();
                for (int n = 0; n < i % 7 + 1; n++) {
                    results.add(pool.applyAsync(() -> 1));
                }
                for (AsyncResult<Integer> each : results) {
                    assertThat(each.get(PATIENCE)).isEqualTo(1);
                }
            }
            assertThat(blocked.cancel(true)).isTrue();
            blocked.await();
        }
    }

    @Test
    void quickTask_sentBehindABlockedOneWhileTheOtherWorkerBecomesIdle_ends() throws Exception {
        Pool pool = newPool(2);
        Gate first = gate;
        var second = new Gate();
        pool.map(n -> n, IntStream.range(0, 20_000).boxed().toList(), 1); // so that much is sent ahead
        Waits.until(() -> pool.stats().running() == 0);
        var blocked = pool.applyAsync(() -> first.passWith(0));
        first.awaitArrivals(1);
        var other = pool.applyAsync(() -> second.passWith(1));
        second.awaitArrivals(1);
        FaultPoint.inject(place -> {
            if (place.equals("pool.send")) {
                FaultPoint.inject(null);
                second.open();
                assertThat(other.join()).isEqualTo(1);
                assertThat(pool.stats().running()).isEqualTo(1); // a single worker has both tasks
            }
        });
        try {
            var quick = pool.applyAsync(() -> 2);

            assertThat(quick.get(PATIENCE)).isEqualTo(2);
        } finally {
            FaultPoint.inject(null);
        }
        first.open();
        assertThat(blocked.get(PATIENCE)).isZero();
    }

    @Test
    void quickTask_sentBehindABlockedOneWhileAnotherWorkerStarts_ends() throws Exception {
        Gate first = gate;
        var second = new Gate();
        SharedInt starts = SharedInt.of(0);
        Pool pool = newPool(PoolOptions.defaults().workers(2).initializer(() -> {
            if (starts.getAndIncrement() > 0) {
                second.pass();
            }
        }));
        pool.map(n -> n, IntStream.range(0, 20_000).boxed().toList(), 1); // so that much is sent ahead
        var blocked = pool.applyAsync(() -> first.passWith(0));
        first.awaitArrivals(1);
        second.awaitArrivals(1);
        FaultPoint.inject(place -> {
            if (place.equals("pool.send")) {
                FaultPoint.inject(null);
                second.open();
                Waits.until(() -> pool.stats().workers().stream()
                        .anyMatch(worker ->
                                worker.tasks() == 0 && worker.waiting().toMillis() > 50));
            }
        });
        try {
            var quick = pool.applyAsync(() -> 2);

            assertThat(quick.get(PATIENCE)).isEqualTo(2);
        } finally {
            FaultPoint.inject(null);
        }
        first.open();
        assertThat(blocked.get(PATIENCE)).isZero();
    }

    @Test
    void tasksThatMeet_afterManyQuickOnes_haveAWorkerEach() throws Exception {
        var executor = newExecutor(2);
        for (int i = 0; i < 5_000; i++) {
            executor.submit(() -> 1).get();
        }
        var meeting = io.multijvm.MultiJvm.barrier(2);
        var first = executor.submit(() -> meeting.await());
        var second = executor.submit(() -> meeting.await());

        assertThat(List.of(first.get(PATIENCE), second.get(PATIENCE))).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void tasksThatMeet_oneWorkerReadyAndOneStarting_haveAWorkerEach() throws Exception {
        Pool pool = newPool(2);
        var meeting = io.multijvm.MultiJvm.barrier(2);
        var first = pool.applyAsync(() -> meeting.await());
        var second = pool.applyAsync(() -> meeting.await());

        assertThat(List.of(first.get(PATIENCE), second.get(PATIENCE))).containsExactlyInAnyOrder(0, 1);
    }

    // Workers come and go.

    @Test
    void maxWorkerMemory_growingWorker_isReplacedAfterItsTask() throws Exception {
        var reasons = new CopyOnWriteArrayList<String>();
        Pool pool = newPool(one().maxWorkerMemory(200L << 20).listener(new PoolListener() {
            @Override
            public void workerEnded(String worker, long pid, int exitCode, String reason) {
                reasons.add(reason);
            }
        }));
        long before = pool.apply(() -> ProcessHandle.current().pid());
        Waits.until(() -> {
            pool.apply(() -> {
                var memory = java.nio.ByteBuffer.allocateDirect(300 << 20);
                for (int i = 0; i < memory.capacity(); i += 4096) {
                    memory.put(i, (byte) 1);
                }
                Worker.current().orElseThrow().state().put("memory", memory);
            });
            return pool.apply(() -> ProcessHandle.current().pid()) != before;
        });

        Waits.until(() -> !reasons.isEmpty()); // it takes longer to end than another to begin
        assertThat(reasons).first().asString().contains("memory");
        assertThat(pool.stats().workersDied()).isZero();
    }

    @Test
    void idleTimeout_executor_goesDownToItsMinimumAndComesBack() throws Exception {
        var executor =
                newExecutor(PoolOptions.defaults().workers(3).minWorkers(1).idleTimeout(Duration.ofMillis(200)));
        Gate here = gate;
        var results = IntStream.range(0, 3)
                .mapToObj(n -> executor.submit(() -> here.passWith(n)))
                .toList();
        here.awaitArrivals(3);
        here.open();
        for (var each : results) {
            each.get(PATIENCE);
        }

        Waits.until(() -> executor.stats().workers().size() == 1);
        long started = executor.stats().workersStarted();
        assertThat(executor.submit(() -> 1).get(PATIENCE)).isEqualTo(1);
        assertThat(executor.stats().workersStarted()).isEqualTo(started);
        assertThat(executor.stats().workersDied()).isZero();
    }

    @Test
    void idleTimeout_pool_doesNotReplaceIdleWorkers() throws Exception {
        Pool pool = newPool(PoolOptions.defaults().workers(2).idleTimeout(Duration.ofSeconds(2)));
        pool.map(n -> n, List.of(1, 2, 3, 4), 1);

        Waits.until(() -> pool.stats().workers().isEmpty());
        assertThat(pool.stats().workersStarted()).isEqualTo(2);
        assertThat(pool.apply(() -> 1)).isEqualTo(1);
    }

    @Test
    void minWorkers_executor_areThereAtOnce() {
        var executor = newExecutor(PoolOptions.defaults().workers(3).minWorkers(2));

        Waits.until(() -> executor.pids().size() == 2);
        assertThat(executor.stats().workersStarted()).isEqualTo(2);
    }

    @Test
    void heap_option_isTheWorkersHeap() throws Exception {
        Pool pool = newPool(one().heap("64m"));

        assertThat(pool.apply(() -> Runtime.getRuntime().maxMemory())).isLessThanOrEqualTo(64L << 20);
    }

    @Test
    void restartBudget_usedUp_breaksThePool() throws Exception {
        Pool pool = newPool(one().restartBudget(2, Duration.ofMinutes(10)));
        for (int i = 0; i < 2; i++) {
            assertThat(failureOf(pool.applyAsync(() -> Runtime.getRuntime().halt(1))))
                    .isInstanceOf(WorkerDiedException.class);
            assertThat(pool.apply(() -> 1)).isEqualTo(1);
        }
        Gate here = gate;
        var last = pool.applyAsync(() -> {
            here.pass();
            Runtime.getRuntime().halt(1);
        });
        var waiting = pool.applyAsync(() -> 1);
        here.open();

        assertThat(failureOf(last)).isInstanceOfAny(WorkerDiedException.class, BrokenProcessPoolException.class);
        assertThat(failureOf(waiting)).isInstanceOf(BrokenProcessPoolException.class);
        assertThatExceptionOfType(BrokenProcessPoolException.class).isThrownBy(() -> pool.apply(() -> 1));
        pool.shutdown();
        assertThat(pool.join(PATIENCE)).isTrue();
    }

    @Test
    void workersThatDieBeforeTheyAreReady_breakThePool() throws Exception {
        Pool pool =
                newPool(one().workers(2).initializer(() -> Runtime.getRuntime().halt(9)));
        var result = pool.applyAsync(() -> 1);

        assertThat(failureOf(result)).isInstanceOf(BrokenProcessPoolException.class);
        assertThatExceptionOfType(BrokenProcessPoolException.class).isThrownBy(() -> pool.apply(() -> 1));
    }

    @Test
    void listener_events_comeInOrder() throws Exception {
        var events = new CopyOnWriteArrayList<String>();
        Pool pool = newPool(one().grace(LONG_GRACE)
                .listener(new PoolListener() {
                    @Override
                    public void workerStarted(String worker, long pid) {
                        events.add("started " + worker);
                    }

                    @Override
                    public void workerEnded(String worker, long pid, int exitCode, String reason) {
                        events.add("ended " + worker + " " + exitCode + " " + (reason == null));
                    }

                    @Override
                    public void taskDone(long task, Throwable failure) {
                        events.add("task " + task + " " + (failure == null));
                    }
                })
                .name("w"));
        pool.apply(() -> 1);
        assertThat(failureOf(pool.applyAsync(() -> Runtime.getRuntime().halt(4))))
                .isInstanceOf(WorkerDiedException.class);
        pool.apply(() -> 2);
        pool.shutdown();
        pool.join();

        assertThat(events)
                .containsSubsequence("started w-1", "task 1 true", "started w-2", "task 3 true", "ended w-2 0 false")
                .contains("ended w-1 4 true", "task 2 false")
                .hasSize(7);
    }

    // Progress.

    @Test
    void stats_whileTasksWait_countThem() throws Exception {
        Pool pool = newPool(one());
        Gate here = gate;
        pool.applyAsync(() -> here.passWith(1));
        here.awaitArrivals(1);
        for (int i = 0; i < 5; i++) {
            pool.applyAsync(() -> 1);
        }

        assertThat(pool.stats().queued()).isEqualTo(5);
        assertThat(pool.stats().running()).isEqualTo(1);
        assertThat(pool.stats().done()).isZero();
    }
}
