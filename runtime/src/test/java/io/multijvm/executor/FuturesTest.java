package io.multijvm.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.multijvm.MultiJvm;
import io.multijvm.executor.Futures.ReturnWhen;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.JdkTest;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Waiting for futures of any kind; the executor's own are in {@link AsyncResultTest}. */
@JdkTest
final class FuturesTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final CompletableFuture<Integer> pending = new CompletableFuture<>();
    private final CompletableFuture<Integer> good = CompletableFuture.completedFuture(1);
    private final CompletableFuture<Integer> bad = CompletableFuture.failedFuture(new ArithmeticException());
    private final CompletableFuture<Integer> cancelled = cancelled();

    private static CompletableFuture<Integer> cancelled() {
        var future = new CompletableFuture<Integer>();
        future.cancel(false);
        return future;
    }

    @Test
    @Conforms("WaitTests.test_20369")
    void await_sameFutureTwice_isInTheResultOnce() throws Exception {
        var result = MultiJvm.wait(List.of(good, good), null, ReturnWhen.ALL_COMPLETED);

        assertThat(result.done()).containsExactly(good);
        assertThat(result.notDone()).isEmpty();
    }

    @Test
    @Conforms("WaitTests.test_first_completed_some_already_completed")
    void await_firstCompleted_someAre_returnsAllOfThem() throws Exception {
        var result = MultiJvm.wait(List.of(pending, cancelled, good), null, ReturnWhen.FIRST_COMPLETED);

        assertThat(result.done()).containsExactlyInAnyOrder(cancelled, good);
        assertThat(result.notDone()).containsExactly(pending);
    }

    @Test
    void await_firstCompleted_waitsForOne() throws Exception {
        var other = new CompletableFuture<Integer>();
        var waiting = Background.run(() -> MultiJvm.wait(List.of(pending, other), null, ReturnWhen.FIRST_COMPLETED))
                .awaitWaiting();

        other.complete(2);

        assertThat(waiting.get().done()).containsExactly(other);
        assertThat(waiting.get().notDone()).containsExactly(pending);
    }

    @Test
    @Conforms({"WaitTests.test_first_exception", "WaitTests.test_first_exception_some_already_complete"})
    void await_firstException_goodOnesDoNotEndIt() throws Exception {
        var failing = new CompletableFuture<Integer>();
        var waiting = Background.run(
                        () -> MultiJvm.wait(List.of(good, failing, pending), null, ReturnWhen.FIRST_EXCEPTION))
                .awaitWaiting();

        failing.completeExceptionally(new ArithmeticException());

        assertThat(waiting.get().done()).containsExactlyInAnyOrder(good, failing);
        assertThat(waiting.get().notDone()).containsExactly(pending);
    }

    @Test
    @Conforms("WaitTests.test_first_exception_one_already_failed")
    void await_firstException_oneHasFailed_returnsAtOnce() throws Exception {
        var result = MultiJvm.wait(List.of(pending, bad), null, ReturnWhen.FIRST_EXCEPTION);

        assertThat(result.done()).containsExactly(bad);
        assertThat(result.notDone()).containsExactly(pending);
    }

    @Test
    void await_firstException_noneFails_waitsForAll() throws Exception {
        var waiting = Background.run(() -> MultiJvm.wait(List.of(pending, good), null, ReturnWhen.FIRST_EXCEPTION))
                .awaitWaiting();
        pending.complete(3);

        assertThat(waiting.get().done()).containsExactlyInAnyOrder(pending, good);
    }

    @Test
    @Conforms("WaitTests.test_all_completed")
    void await_all_waitsForGoodBadAndCancelledAlike() throws Exception {
        var waiting = Background.run(
                        () -> MultiJvm.wait(List.of(pending, good, bad, cancelled), null, ReturnWhen.ALL_COMPLETED))
                .awaitWaiting();
        pending.complete(3);

        assertThat(waiting.get().done()).containsExactlyInAnyOrder(pending, good, bad, cancelled);
        assertThat(waiting.get().notDone()).isEmpty();
    }

    @Test
    @Conforms("WaitTests.test_timeout")
    void await_timeIsUp_returnsWhatIsDone() throws Exception {
        for (Duration timeout : List.of(SHORT, Duration.ZERO, Duration.ofSeconds(-1))) {
            var result = MultiJvm.wait(List.of(pending, good), timeout, ReturnWhen.ALL_COMPLETED);

            assertThat(result.done()).containsExactly(good);
            assertThat(result.notDone()).containsExactly(pending);
        }
    }

    @Test
    void await_nothing_returnsAtOnce() throws Exception {
        for (ReturnWhen when : ReturnWhen.values()) {
            assertThat(MultiJvm.wait(List.<CompletableFuture<Integer>>of(), null, when)
                            .done())
                    .isEmpty();
        }
        assertThatNullPointerException().isThrownBy(() -> MultiJvm.wait(List.of(good), null, null));
        assertThatNullPointerException().isThrownBy(() -> MultiJvm.wait(null, null, ReturnWhen.ALL_COMPLETED));
    }

    @Test
    void await_interrupted_saysSo() throws Exception {
        var waiting = Background.run(() -> MultiJvm.wait(List.of(pending), null, ReturnWhen.ALL_COMPLETED))
                .awaitWaiting()
                .interrupt();

        assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
    }

    @Test
    @Conforms("ThreadPoolWaitTests.test_pending_calls_race")
    void await_allEndWhileItBegins_returns() throws Exception {
        for (int round = 0; round < 200; round++) {
            var futures = Stream.generate(() -> new CompletableFuture<Integer>())
                    .limit(100)
                    .toList();
            ForkJoinPool.commonPool().execute(() -> futures.forEach(each -> each.complete(1)));
            assertThat(MultiJvm.wait(futures, null, ReturnWhen.ALL_COMPLETED).done())
                    .hasSize(100);
        }
    }

    @Test
    @Conforms("AsCompletedTests.test_no_timeout")
    void asCompleted_someDone_comeFirstAndEachOnce() throws Exception {
        var arrivals = MultiJvm.asCompleted(List.of(pending, good, bad, cancelled), null);

        assertThat(List.of(arrivals.next(), arrivals.next(), arrivals.next()))
                .containsExactlyInAnyOrder(good, bad, cancelled);
        assertThat(arrivals.hasNext()).isTrue();
        var next = Background.run(arrivals::next).awaitWaiting();
        pending.complete(3);
        assertThat(next.get()).isSameAs(pending);
        assertThat(arrivals.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(arrivals::next);
    }

    @Test
    @Conforms({"AsCompletedTests.test_future_times_out", "AsCompletedTests.test_correct_timeout_exception_msg"})
    void asCompleted_timeIsUp_comesAfterThoseThatAreDone() {
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofMillis(100))) {
            var arrivals = MultiJvm.asCompleted(List.of(pending, good, bad, new CompletableFuture<Integer>()), timeout);

            assertThat(List.of(arrivals.next(), arrivals.next())).containsExactlyInAnyOrder(good, bad);
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(arrivals::next)
                    .withCauseInstanceOf(TimeoutException.class)
                    .withMessageContaining("2 (of 4) futures unfinished");
        }
    }

    @Test
    @Conforms("AsCompletedTests.test_duplicate_futures")
    void asCompleted_sameFutureThrice_comesOnce() {
        Iterator<CompletableFuture<? extends Integer>> arrivals = MultiJvm.asCompleted(List.of(good, good, good), null);

        assertThat(arrivals.next()).isSameAs(good);
        assertThat(arrivals.hasNext()).isFalse();
    }

    @Test
    void asCompleted_interrupted_saysSoAndGoesOn() throws Exception {
        var arrivals = MultiJvm.asCompleted(List.of(pending), null);
        var waiting = Background.run(() -> {
                    try {
                        return arrivals.next();
                    } catch (CompletionException e) {
                        assertThat(Thread.interrupted()).isTrue();
                        throw (InterruptedException) e.getCause();
                    }
                })
                .awaitWaiting()
                .interrupt();

        assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
        pending.complete(1);
        assertThat(arrivals.next()).isSameAs(pending);
    }
}
