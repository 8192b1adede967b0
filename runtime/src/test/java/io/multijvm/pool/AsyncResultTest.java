package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.Gate;
import io.multijvm.contract.PoolParties;
import io.multijvm.contract.References;
import io.multijvm.contract.Waits;
import io.multijvm.executor.Futures.ReturnWhen;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results of tasks as {@link CompletableFuture}s. */
@ForkTest
@SuppressWarnings("FutureReturnValueIgnored") // some tasks only have to be there
final class AsyncResultTest extends PoolParties {
    private final Gate gate = new Gate();

    AsyncResultTest() {
        super(StartMethod.FORKSERVER);
    }

    private static AsyncResult<Integer> failing(Pool pool) {
        return pool.applyAsync(() -> {
            throw new ArithmeticException("no");
        });
    }

    /** Lets the tasks go on that are still at the gate. */
    @AfterEach
    void open() {
        gate.open();
    }

    /** A pool whose only worker is at the gate. */
    private Pool busy() throws InterruptedException {
        Pool pool = sharedPool(1);
        Gate here = gate;
        pool.applyAsync(() -> here.passWith(0));
        here.awaitArrivals(1);
        return pool;
    }

    /** Waits for what it is waiting for, and is stopped there. */
    private static void block(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    @Conforms({"FutureTests.test_done_callback_with_result", "FutureTests.test_done_callback_with_exception"})
    void whenComplete_pending_runsWithTheOutcome() throws Exception {
        Pool pool = busy();
        var good = pool.applyAsync(() -> 5);
        var bad = failing(pool);
        var seen = good.thenApply(value -> value + 1);
        var seenFailure = bad.handle((value, failure) -> failure);
        assertThat(good).isNotDone();
        gate.open();

        assertThat(seen.get(2, TimeUnit.MINUTES)).isEqualTo(6);
        assertThat(seenFailure.get(2, TimeUnit.MINUTES)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    @Conforms("FutureTests.test_done_callback_with_cancel")
    void whenComplete_cancelled_runs() throws Exception {
        var waiting = busy().applyAsync(() -> 5);
        var seen =
                waiting.handle((value, failure) -> waiting.isCancelled() && failure instanceof CancellationException);

        assertThat(waiting.cancel(false)).isTrue();

        assertThat(seen.get(2, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    @Conforms({
        "FutureTests.test_done_callback_already_successful",
        "FutureTests.test_done_callback_already_failed",
        "FutureTests.test_done_callback_already_cancelled"
    })
    void whenComplete_doneAlready_runsAtOnce() throws Exception {
        Pool pool = sharedPool(1);
        var good = pool.applyAsync(() -> 5);
        var bad = failing(pool);
        good.await();
        bad.await();
        Gate here = gate;
        pool.applyAsync(() -> here.passWith(0));
        var cancelled = pool.applyAsync(() -> 6);
        here.awaitArrivals(1);
        cancelled.cancel(false);

        assertThat(good.thenApply(value -> value + 1).get(2, TimeUnit.MINUTES)).isEqualTo(6);
        assertThat(bad.exceptionally(failure -> 7).get(2, TimeUnit.MINUTES)).isEqualTo(7);
        assertThat(cancelled.exceptionally(failure -> 8).get(2, TimeUnit.MINUTES))
                .isEqualTo(8);
    }

    @Test
    @Conforms("FutureTests.test_repr")
    void toString_states_areShown() throws Exception {
        Pool pool = sharedPool(1);
        Gate here = gate;
        var running = pool.applyAsync(() -> here.passWith(42));
        here.awaitArrivals(1);
        var pending = pool.applyAsync(() -> 1);
        var bad = failing(pool);
        var cancelled = pool.applyAsync(() -> 2);
        cancelled.cancel(true);

        assertThat(pending).asString().contains("pending");
        assertThat(running).asString().contains("running");
        assertThat(cancelled).asString().contains("cancelled");
        here.open();
        bad.await();
        assertThat(running).asString().contains("Integer");
        assertThat(bad).asString().contains("ArithmeticException");
    }

    @Test
    @Conforms({"FutureTests.test_cancel", "FutureTests.test_cancelled", "FutureTests.test_running"})
    void cancelWithoutInterrupt_states_onlyWaitingOnesAre() throws Exception {
        Pool pool = sharedPool(1);
        Gate here = gate;
        var running = pool.applyAsync(() -> here.passWith(1));
        here.awaitArrivals(1);
        var waiting = pool.applyAsync(() -> 2);

        assertThat(running.running()).isTrue();
        assertThat(waiting.running()).isFalse();
        assertThat(running.cancel(false)).isFalse();
        assertThat(waiting.cancel(false)).isTrue();
        assertThat(waiting.cancel(false)).isTrue();
        assertThat(waiting.isCancelled()).isTrue();
        assertThat(waiting.isDone()).isTrue();
        assertThat(waiting.isCompletedExceptionally()).isTrue();
        assertThat(running.isCancelled()).isFalse();
        here.open();
        assertThat(running.get()).isEqualTo(1);
        assertThat(running.cancel(true)).isFalse();
        assertThat(running.isCancelled()).isFalse();
        assertThat(running.running()).isFalse();
    }

    @Test
    @Conforms({"FutureTests.test_result_with_timeout", "FutureTests.test_exception_with_timeout"})
    void get_noTime_tellsTheState() throws Exception {
        Pool pool = sharedPool(1);
        Gate here = gate;
        var running = pool.applyAsync(() -> here.passWith(42));
        here.awaitArrivals(1);
        var pending = pool.applyAsync(() -> 1);
        var cancelled = pool.applyAsync(() -> 2);
        var bad = failing(pool);
        cancelled.cancel(false);

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> running.get(0, TimeUnit.SECONDS));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> pending.get(-1, TimeUnit.SECONDS));
        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> cancelled.get(0, TimeUnit.SECONDS));
        assertThatExceptionOfType(CancellationException.class).isThrownBy(cancelled::join);
        assertThatIllegalStateException().isThrownBy(running::successful);
        assertThat(running.getNow(-1)).isEqualTo(-1);
        here.open();
        bad.await();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> bad.get(0, TimeUnit.SECONDS))
                .withCauseInstanceOf(ArithmeticException.class);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(bad::join)
                .withCauseInstanceOf(ArithmeticException.class);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> bad.getNow(1))
                .withCauseInstanceOf(ArithmeticException.class);
        assertThat(running.get(0, TimeUnit.SECONDS)).isEqualTo(42);
        assertThat(running.getNow(-1)).isEqualTo(42);
        assertThat(running.join()).isEqualTo(42);
    }

    @Test
    @Conforms({"FutureTests.test_result_with_success", "FutureTests.test_exception_with_success"})
    void get_waiting_returnsWhenItIsThere() throws Exception {
        Pool pool = sharedPool(2);
        Gate here = gate;
        var good = pool.applyAsync(() -> here.passWith(42));
        var bad = pool.applyAsync(() -> {
            here.pass();
            throw new ArithmeticException("no");
        });
        var waiting = List.of(
                Background.run(() -> good.get(2, TimeUnit.MINUTES)),
                Background.run(() -> good.get()),
                Background.run(() -> good.join()),
                Background.run(() -> good.thenApply(value -> value).join()));
        var waitingForBad = Background.run(() -> bad.get());
        here.awaitArrivals(2);
        here.open();

        for (Background<Integer> each : waiting) {
            assertThat(each.get()).isEqualTo(42);
        }
        assertThat(waitingForBad.failure())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ArithmeticException.class);
    }

    @Test
    @Conforms("FutureTests.test_result_with_cancel")
    void get_waiting_isToldOfTheCancelling() throws Exception {
        var waiting = busy().applyAsync(() -> 5);
        var threads = List.of(
                Background.run(() -> catchThrowable(waiting::get)),
                Background.run(() -> catchThrowable(waiting::join)));

        waiting.cancel(true);

        for (Background<Throwable> each : threads) {
            assertThat(each.get()).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    @Conforms({"FutureTests.test_multiple_set_result", "FutureTests.test_multiple_set_exception"})
    void complete_doneAlready_isRefusedAndTheFirstStays() throws Exception {
        Pool pool = sharedPool(1);
        var good = pool.applyAsync(() -> 5);
        var bad = failing(pool);
        good.await();
        bad.await();

        assertThat(good.complete(6)).isFalse();
        assertThat(good.completeExceptionally(new IllegalStateException())).isFalse();
        assertThat(good.get()).isEqualTo(5);
        assertThat(bad.completeExceptionally(new IllegalStateException())).isFalse();
        assertThat(bad.isCompletedExceptionally()).isTrue();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(bad::get)
                .withCauseInstanceOf(ArithmeticException.class);
    }

    @Test
    void complete_waitingTask_isNotRun() throws Exception {
        Pool pool = busy();
        var ran = new Gate();
        var waiting = pool.applyAsync(() -> {
            ran.arrive();
            return 5;
        });

        assertThat(waiting.complete(6)).isTrue();
        gate.open();

        assertThat(waiting.get()).isEqualTo(6);
        assertThat(pool.apply(() -> 1)).isEqualTo(1);
        assertThat(ran.hasArrivals()).isFalse();
    }

    @Test
    void complete_runningTask_itsOwnResultComesTooLate() throws Exception {
        Pool pool = sharedPool(1);
        Gate here = gate;
        var running = pool.applyAsync(() -> here.passWith(5));
        here.awaitArrivals(1);
        var waiting = Background.run(() -> running.get());

        assertThat(running.completeExceptionally(new IllegalStateException("mine")))
                .isTrue();

        assertThat(waiting.failure()).hasRootCauseMessage("mine");
        here.open();
        assertThat(pool.apply(() -> 1)).isEqualTo(1);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(running::get)
                .withMessageContaining("mine");
    }

    @Test
    void obtrude_done_replacesTheOutcome() throws Exception {
        var result = sharedPool(1).applyAsync(() -> 5);
        result.await();

        result.obtrudeValue(6);
        assertThat(result.get()).isEqualTo(6);
        assertThat(result.join()).isEqualTo(6);
        result.obtrudeException(new IllegalStateException("mine"));
        assertThat(result.isCompletedExceptionally()).isTrue();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(result::get)
                .withMessageContaining("mine");
        assertThatExceptionOfType(CompletionException.class).isThrownBy(result::join);
    }

    @Test
    void orTimeout_tooLate_isATimeout() throws Exception {
        Pool busy = busy();
        var waiting = busy.applyAsync(() -> 5);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> waiting.orTimeout(50, TimeUnit.MILLISECONDS).get())
                .withCauseInstanceOf(TimeoutException.class);
        assertThat(sharedPool(2)
                        .applyAsync(() -> 5)
                        .orTimeout(1, TimeUnit.HOURS)
                        .get())
                .isEqualTo(5);
        assertThat(busy.applyAsync(() -> 5)
                        .completeOnTimeout(7, 50, TimeUnit.MILLISECONDS)
                        .get())
                .isEqualTo(7);
    }

    @Test
    void completeAsync_waiting_isCompleted() throws Exception {
        var waiting = busy().applyAsync(() -> 5);

        assertThat(waiting.completeAsync(() -> 9).get(2, TimeUnit.MINUTES)).isEqualTo(9);
        assertThat(waiting.copy().get()).isEqualTo(9);
        assertThat(waiting.minimalCompletionStage().toCompletableFuture().get()).isEqualTo(9);
        assertThat(waiting.toCompletableFuture()).isSameAs(waiting);
    }

    @Test
    void allOfAndAnyOf_manyResults_work() throws Exception {
        Pool pool = sharedPool(2);
        var results = new ArrayList<AsyncResult<Integer>>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            results.add(pool.applyAsync(() -> number));
        }

        CompletableFuture.allOf(results.toArray(new CompletableFuture<?>[0])).get(2, TimeUnit.MINUTES);
        assertThat(results).allMatch(AsyncResult::isDone);
        Gate here = gate;
        assertThat(CompletableFuture.anyOf(pool.applyAsync(() -> here.passWith(1)), pool.applyAsync(() -> 2))
                        .get(2, TimeUnit.MINUTES))
                .isEqualTo(2);
        assertThat(pool.applyAsync(() -> 20)
                        .thenCombine(pool.applyAsync(() -> 3), Integer::sum)
                        .thenCompose(sum -> pool.applyAsync(() -> sum + 1))
                        .get(2, TimeUnit.MINUTES))
                .isEqualTo(24);
    }

    @Test
    void callbacks_manyResults_runOnOneThreadInTheOrderOfTheResults() throws Exception {
        Pool pool = newPool(1);
        var order = Collections.synchronizedList(new ArrayList<Integer>());
        var threads = Collections.synchronizedSet(new java.util.HashSet<Thread>());
        for (int i = 0; i < 200; i++) {
            int number = i;
            pool.applyAsync(() -> number, value -> {
                order.add(value);
                threads.add(Thread.currentThread());
            });
        }
        pool.shutdown();
        pool.join();

        assertThat(order).hasSize(200).isSorted();
        assertThat(threads).singleElement().isNotSameAs(Thread.currentThread()).matches(Thread::isDaemon);
    }

    @Test
    void callback_blocked_holdsUpNoResult() throws Exception {
        Pool pool = newPool(2);
        Gate here = gate;
        var latch = new CountDownLatch(1);
        var blocking = pool.applyAsync(() -> here.passWith(1));
        var blocked = blocking.thenRun(() -> block(latch));
        here.open();
        blocking.get();

        assertThat(pool.apply(() -> 2)).isEqualTo(2);
        assertThat(pool.map(n -> n, List.of(1, 2, 3), 1)).containsExactly(1, 2, 3);
        assertThat(pool.imapUnordered(n -> n, List.of(1, 2, 3)).stream()).hasSize(3);
        var later = pool.applyAsync(() -> 3);
        assertThat(later.get(2, TimeUnit.MINUTES)).isEqualTo(3);
        assertThat(pool.applyAsync(() -> 4).join()).isEqualTo(4);
        latch.countDown();
        blocked.get();
    }

    @Test
    void callback_blocked_doneResultsAreDoneForEverybody() throws Exception {
        Pool pool = busy();
        var latch = new CountDownLatch(1);
        pool.applyAsync(() -> 1).thenRun(() -> block(latch));
        var result = pool.applyAsync(() -> 2);
        var dependent = result.thenApply(value -> value + 1);
        gate.open();
        try {
            result.get();
            assertThat(result.isDone()).isTrue();
            assertThat(MultiJvm.wait(List.of(result), Duration.ZERO, ReturnWhen.ALL_COMPLETED)
                            .done())
                    .containsExactly(result);
            assertThat(MultiJvm.asCompleted(List.of(result), Duration.ZERO).next())
                    .isSameAs(result);
            assertThat(dependent.get(2, TimeUnit.MINUTES)).isEqualTo(3);
        } finally {
            latch.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500})
    void dependents_addedWhileTheResultComes_runOnNoThreadThatOthersNeed(int rounds) throws Exception {
        Pool pool = newPool(1);
        for (int i = 0; i < rounds; i++) {
            AsyncResult<Integer> result = pool.applyAsync(() -> 1);
            long until = System.nanoTime() + i % 100 * 2_000L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            String thread =
                    result.thenApply(value -> Thread.currentThread().getName()).get(2, TimeUnit.MINUTES);
            assertThat(thread)
                    .satisfiesAnyOf(
                            name -> assertThat(name).endsWith("-user"),
                            name -> assertThat(name)
                                    .isEqualTo(Thread.currentThread().getName()));
        }
    }

    @Test
    void callback_throws_othersRunAndTheResultIsThere() throws Exception {
        Pool pool = newPool(1);
        var seen = new CompletableFuture<Integer>();
        var first = pool.applyAsync(() -> 1, value -> {
            throw new IllegalStateException("in a callback, to be logged");
        });
        var second = pool.applyAsync(() -> 2, seen::complete);

        assertThat(first.get(PATIENCE)).isEqualTo(1);
        assertThat(second.get(PATIENCE)).isEqualTo(2);
        assertThat(seen.join()).isEqualTo(2);
    }

    @Test
    void callback_usesThePool_works() throws Exception {
        Pool pool = newPool(1);
        var inner = new CompletableFuture<Integer>();
        pool.applyAsync(() -> 1, value -> {
            try {
                inner.complete(pool.apply(() -> value + 1));
            } catch (InterruptedException | ExecutionException e) {
                inner.completeExceptionally(e);
            }
        });

        assertThat(inner.get(2, TimeUnit.MINUTES)).isEqualTo(2);
    }

    @Test
    void callback_closesThePool_ends() throws Exception {
        Pool pool = newPool(1);
        var closed = new CompletableFuture<Boolean>();
        pool.applyAsync(() -> 1, value -> {
            pool.close();
            closed.complete(true);
        });

        assertThat(closed.get(2, TimeUnit.MINUTES)).isTrue();
        assertThat(pool.join(PATIENCE)).isTrue();
    }

    @Test
    void join_callbacksOutstanding_waitsForThem() throws Exception {
        Pool pool = newPool(1);
        var latch = new CountDownLatch(1);
        pool.applyAsync(() -> 1, value -> block(latch));
        pool.shutdown();
        Waits.until(() -> pool.pids().isEmpty());

        assertThat(pool.join(Duration.ofMillis(100))).isFalse();
        latch.countDown();
        assertThat(pool.join(PATIENCE)).isTrue();
    }

    @Test
    void get_manyThreadsForManyResults_allGetTheirs() throws Exception {
        Pool pool = sharedPool(2);
        var threads = new ArrayList<Background<Integer>>();
        for (int t = 0; t < 8; t++) {
            int thread = t;
            threads.add(Background.run(() -> {
                int sum = 0;
                for (int i = 0; i < 200; i++) {
                    int number = i * thread;
                    sum += pool.apply(() -> number);
                }
                return sum;
            }));
        }
        for (int t = 0; t < 8; t++) {
            assertThat(threads.get(t).get()).isEqualTo(t * 199 * 100);
        }
    }

    @Test
    void get_againAndAgain_leavesNothing() throws Exception {
        Pool pool = sharedPool(1);
        Gate here = gate;
        var result = pool.applyAsync(() -> here.passWith(1));
        here.awaitArrivals(1);
        var others = List.of(Background.run(() -> result.get()), Background.run(() -> result.get()));
        Waits.until(() -> result.waiting() > 0);

        for (int i = 0; i < 1_000; i++) {
            assertThat(result.await(Duration.ofNanos(1))).isFalse();
        }

        assertThat(result.waiting()).isLessThanOrEqualTo(2);
        here.open();
        for (Background<Integer> each : others) {
            assertThat(each.get()).isEqualTo(1);
        }
    }

    @Test
    void get_interrupted_saysSoAndOthersGetTheirResults() throws Exception {
        Pool pool = sharedPool(1);
        Gate here = gate;
        var result = pool.applyAsync(() -> here.passWith(1));
        here.awaitArrivals(1);
        var first = Background.run(() -> result.get());
        var second = Background.run(() -> result.get());
        var joining = Background.run(() -> {
            int value = result.join();
            return Thread.interrupted() ? value : -1;
        });
        joining.interrupt();
        first.interrupt();

        assertThat(first.failure()).isInstanceOf(InterruptedException.class);
        here.open();
        assertThat(second.get()).isEqualTo(1);
        assertThat(joining.get()).isEqualTo(1);
    }

    @Test
    @Conforms("AsCompletedTests.test_free_reference_yielded_future")
    void asCompleted_yielded_isForgotten() throws Exception {
        Pool pool = sharedPool(1);
        var arrivals = MultiJvm.asCompleted(
                List.of(pool.applyAsync(() -> 1), pool.applyAsync(() -> 2), pool.applyAsync(() -> 3)), null);

        References.of(3, value -> arrivals.next()).awaitGone();
        assertThat(arrivals.hasNext()).isFalse();
    }
}
