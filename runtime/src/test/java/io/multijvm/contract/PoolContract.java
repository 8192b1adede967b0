package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.MultiJvm;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.Pool;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What pools compute. */
public interface PoolContract extends PoolSource {
    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static List<Integer> squares(int count) {
        return IntStream.range(0, count).map(n -> n * n).boxed().toList();
    }

    private static int square(int number) {
        return number * number;
    }

    /** An input that fails after so many. */
    private static Iterable<Integer> failingAfter(int count) {
        return () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                if (next == count) {
                    throw new IllegalStateException("the input is broken");
                }
                return next++;
            }
        };
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestPool.test_apply")
    default void apply_capturedArguments_givesTheValue() throws Exception {
        var pool = sharedPool(1);
        int five = 5;
        double third = 3.0;

        assertThat(pool.apply(() -> square(five))).isEqualTo(25);
        assertThat(pool.apply(() -> third * third)).isEqualTo(9.0);
        assertThat(pool.<Object>apply(() -> null)).isNull();
        var done = new Gate();
        pool.apply(() -> done.arrive());
        assertThat(done.hasArrivals()).isTrue();
    }

    @Test
    default void applyAsync_manyTasks_eachGivesItsOwnValue() throws Exception {
        var pool = sharedPool(2);
        var results = new ArrayList<AsyncResult<Integer>>();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            results.add(pool.applyAsync(() -> square(number)));
        }

        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).get()).isEqualTo(i * i);
        }
    }

    @Test
    @Conforms("_TestPool.test_map")
    default void map_chunkSizes_keepOrder() throws Exception {
        var pool = sharedPool(2);

        assertThat(pool.map(PoolContract::square, numbers(10))).isEqualTo(squares(10));
        for (int chunk : new int[] {1, 7, 20, 100, 1000}) {
            assertThat(pool.map(PoolContract::square, numbers(100), chunk)).isEqualTo(squares(100));
        }
        assertThat(pool.mapAsync(PoolContract::square, numbers(100)).get()).isEqualTo(squares(100));
        int ten = 10;
        assertThat(pool.map(n -> n + ten, numbers(3))).containsExactly(10, 11, 12);
        assertThatIllegalArgumentException().isThrownBy(() -> pool.map(PoolContract::square, numbers(3), -1));
    }

    @Test
    default void map_nulls_areArgumentsAndResults() throws Exception {
        var pool = sharedPool(1);
        var input = new ArrayList<String>();
        input.add("a");
        input.add(null);
        input.add("b");

        assertThat(pool.map(each -> each, input, 1)).containsExactly("a", null, "b");
        assertThat(pool.map(each -> each, input, 3)).containsExactly("a", null, "b");
        assertThat(pool.imap(each -> each, input).stream().toList()).containsExactly("a", null, "b");
    }

    @Test
    default void map_arrays_arePassedWhole() throws Exception {
        var pool = sharedPool(1);
        var arrays = List.of(new Integer[] {1, 2}, new Integer[] {3, 4});

        for (int chunk : new int[] {1, 2}) {
            assertThat(pool.map(each -> each[0] + each[1], arrays, chunk)).containsExactly(3, 7);
        }
        assertThat(pool.map(each -> new Integer[] {each, each}, numbers(2), 2))
                .containsExactly(new Integer[] {0, 0}, new Integer[] {1, 1});
    }

    @Test
    @Conforms("_TestPool.test_starmap_async")
    default void starmap_pairsAndTriples_areSpread() throws Exception {
        var pool = sharedPool(2);
        var pairs = numbers(100).stream().map(n -> Map.entry(n, n + 1)).toList();
        var expected = IntStream.range(0, 100).map(n -> n * (n + 1)).boxed().toList();

        assertThat(pool.starmap((Integer a, Integer b) -> a * b, pairs)).isEqualTo(expected);
        assertThat(pool.starmap((Integer a, Integer b) -> a * b, pairs, 7)).isEqualTo(expected);
        assertThat(pool.starmapAsync((Integer a, Integer b) -> a * b, pairs).get())
                .isEqualTo(expected);
        var triples = List.of(List.of("a", 1, 'x'), List.of("b", 2, 'y'));
        assertThat(pool.starmap((String a, Integer b, Character c) -> a + b + c, triples))
                .containsExactly("a1x", "b2y");
        assertThat(pool.starmap((String a, Integer b, Character c) -> a + b + c, triples, 1))
                .containsExactly("a1x", "b2y");
        assertThat(pool.starmapAsync((String a, Integer b, Character c) -> a + b + c, triples)
                        .get())
                .containsExactly("a1x", "b2y");
    }

    @Test
    @Conforms("_TestPool.test_map_unplicklable")
    default void map_unsendableItems_failsAtOnce() throws Exception {
        var pool = sharedPool(2);
        var items = IntStream.range(0, 10)
                .mapToObj(each -> new Unfriendly.Unsendable())
                .toList();

        assertThatThrownBy(() -> pool.map(each -> 1, items))
                .satisfiesAnyOf(
                        failure -> assertThat(failure).isInstanceOf(NotSendableException.class),
                        failure -> assertThat(failure).hasCauseInstanceOf(NotSendableException.class));
        assertThat(pool.map(PoolContract::square, numbers(3))).isEqualTo(squares(3));
    }

    @Test
    @Conforms({"_TestPool.test_map_chunksize", "_TestPool.test_empty_iterable"})
    default void everything_emptyInput_isEmptyAtOnce() throws Exception {
        var pool = sharedPool(1);
        List<Integer> none = List.of();

        assertThat(pool.mapAsync(PoolContract::square, none, 1).get(Duration.ZERO))
                .isEmpty();
        assertThat(pool.map(PoolContract::square, none)).isEmpty();
        assertThat(pool.imap(PoolContract::square, none).hasNext()).isFalse();
        assertThat(pool.imapUnordered(PoolContract::square, none).stream()).isEmpty();
        assertThat(pool.starmap((Integer a, Integer b) -> a * b, List.<Map.Entry<Integer, Integer>>of()))
                .isEmpty();
    }

    @Test
    @Conforms("_TestPool.test_imap")
    default void imap_chunkSizes_givesResultsInOrderThenEnds() {
        var pool = sharedPool(2);

        for (int chunk : new int[] {1, 3, 100}) {
            var results = pool.imap(PoolContract::square, numbers(1000), chunk);
            for (int i = 0; i < 1000; i++) {
                assertThat(results.hasNext()).isTrue();
                assertThat(results.next()).isEqualTo(i * i);
            }
            assertThat(results.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> pool.imap(PoolContract::square, numbers(3), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> pool.imapUnordered(PoolContract::square, numbers(3), -1));
    }

    @Test
    default void imapUnordered_chunkSizes_givesEachResultOnce() {
        var pool = sharedPool(2);

        for (int chunk : new int[] {1, 3, 100}) {
            assertThat(pool.imapUnordered(PoolContract::square, numbers(1000), chunk).stream())
                    .containsExactlyInAnyOrderElementsOf(squares(1000));
        }
    }

    @Test
    default void imapUnordered_oneWaits_othersOvertakeIt() throws Exception {
        var pool = sharedPool(2);
        var gate = new Gate();

        var results = pool.imapUnordered(n -> n == 0 ? gate.passWith(n) : n, numbers(5));

        assertThat(List.of(results.next(), results.next(), results.next(), results.next()))
                .containsExactlyInAnyOrder(1, 2, 3, 4);
        gate.awaitArrivals(1);
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> results.next(Duration.ofMillis(50)));
        gate.open();
        assertThat(results.next()).isZero();
        assertThat(results.hasNext()).isFalse();
    }

    @Test
    default void imap_nextWithTimeout_canBeAskedAgain() throws Exception {
        var pool = sharedPool(1);
        var gate = new Gate();
        var results = pool.imap(gate::passWith, List.of("late"));

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> results.next(Duration.ZERO));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> results.next(Duration.ofMillis(-1)));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> results.next(Duration.ofMillis(50)));
        assertThat(results.hasNext()).isTrue();
        gate.open();
        assertThat(results.next(PATIENCE)).isEqualTo("late");
    }

    @Test
    @Conforms("_TestPool.test_imap_handle_iterable_exception")
    default void imap_failingInput_comesOutBehindTheResultsBefore() {
        var pool = newPool(1);
        for (int[] chunkAndResults : new int[][] {{1, 7}, {2, 6}, {4, 4}}) {
            var results = pool.imap(PoolContract::square, failingAfter(7), chunkAndResults[0]);
            for (int i = 0; i < chunkAndResults[1]; i++) {
                assertThat(results.next()).isEqualTo(i * i);
            }
            assertThat(results.hasNext()).isTrue();
            assertThatThrownBy(results::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the input is broken")
                    .hasNoCause();
            assertThat(results.hasNext()).isFalse();
        }
    }

    @Test
    @Conforms("_TestPool.test_imap_unordered_handle_iterable_exception")
    default void imapUnordered_failingInput_comesOutAndNoResultTwice() {
        var pool = newPool(2);
        for (int chunk : new int[] {1, 2, 4}) {
            var results = pool.imapUnordered(PoolContract::square, failingAfter(7), chunk);
            var seen = new ArrayList<Integer>();
            assertThatThrownBy(() -> {
                        while (true) {
                            seen.add(results.next());
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the input is broken");
            assertThat(seen).doesNotHaveDuplicates().isSubsetOf(squares(7));
        }
    }

    @Test
    default void imap_failingTask_isItsOwnFailureAndOthersFollow() {
        var pool = sharedPool(2);
        for (int chunk : new int[] {1, 2, 10}) {
            var results = pool.imap(n -> 6 / (n - 2), numbers(5), chunk);
            assertThat(results.next()).isEqualTo(-3);
            assertThat(results.next()).isEqualTo(-6);
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(results::next)
                    .withCauseInstanceOf(ArithmeticException.class);
            assertThat(results.next()).isEqualTo(6);
            assertThat(results.next()).isEqualTo(3);
            assertThat(results.hasNext()).isFalse();
        }
    }

    @Test
    default void map_failingTasks_firstInOrderIsThrown() {
        var pool = sharedPool(2);
        for (int chunk : new int[] {0, 1, 3, 100}) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> pool.map(
                            n -> {
                                if (n % 10 == 3) {
                                    throw new IllegalArgumentException("no " + n);
                                }
                                return n;
                            },
                            numbers(40),
                            chunk))
                    .withCauseInstanceOf(IllegalArgumentException.class)
                    .withMessageContaining("no 3");
        }
    }

    @Test
    @Conforms("_TestPool.test_traceback")
    default void apply_failingTask_keepsTypeArgumentsAndTheWorkersStack() {
        var pool = sharedPool(1);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> pool.apply(() -> {
                    throw new Refusal(42);
                }))
                .satisfies(thrown -> {
                    assertThat(thrown.getCause()).isInstanceOf(Refusal.class).hasMessage("refused: 42");
                    assertThat(((Refusal) thrown.getCause()).number()).isEqualTo(42);
                    assertThat(thrown.getCause().getStackTrace())
                            .anyMatch(frame -> frame.getClassName().equals(PoolContract.class.getName()))
                            .anyMatch(frame -> frame.getClassName().endsWith("WorkerMain"));
                });
        assertThatThrownBy(() -> pool.map(PoolContract::square, failingAfter(3)))
                .isInstanceOf(IllegalStateException.class)
                .hasNoCause();
    }

    /** A program's own exception. */
    final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
        private final int number;

        Refusal(int number) {
            super("refused: " + number);
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    @Test
    @Conforms("_TestPool.test_wrapped_exception")
    default void apply_failingTask_isWrappedOnce() {
        var pool = sharedPool(1);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> pool.apply(() -> {
                    throw new IllegalStateException("outer", new IllegalArgumentException("inner"));
                }))
                .satisfies(thrown -> assertThat(thrown.getCause())
                        .isExactlyInstanceOf(IllegalStateException.class)
                        .hasMessage("outer")
                        .cause()
                        .isExactlyInstanceOf(IllegalArgumentException.class));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> pool.map(
                        n -> {
                            throw new IllegalStateException("no");
                        },
                        numbers(1)))
                .withCauseExactlyInstanceOf(IllegalStateException.class);
    }

    @Test
    @Conforms("_TestPool.test_map_no_failfast")
    default void map_largeFailures_waitsForAllAndEnds() throws Exception {
        var pool = newPool(2);
        var gate = new Gate();
        String large = "x".repeat(1 << 20);

        var map = Background.run(() -> pool.map(
                n -> {
                    if (n == 1) {
                        gate.pass();
                    }
                    throw new IllegalStateException(n + large);
                },
                numbers(2),
                1));
        gate.awaitArrivals(1);
        assertThat(map.isDone()).isFalse();
        gate.open();

        assertThat(map.failure()).isInstanceOf(ExecutionException.class).hasRootCauseMessage("0" + large);
        pool.shutdown();
        assertThat(pool.join(PATIENCE)).isTrue();
    }

    @Test
    @Conforms("_TestPool.test_map_async_callbacks")
    default void mapAsync_callbacks_haveRunOnceWhenItIsReady() throws Exception {
        var pool = newPool(1);
        var calls = new ArrayList<Object>();

        AsyncResult<List<Integer>> good = pool.mapAsync(PoolContract::square, numbers(3), 0, calls::add, calls::add);
        good.await();
        assertThat(calls).containsExactly(squares(3));
        calls.clear();
        AsyncResult<List<Integer>> bad = pool.mapAsync(n -> 1 / n, numbers(3), 0, calls::add, calls::add);
        assertThat(bad.await(PATIENCE)).isTrue();
        assertThat(calls).singleElement().isInstanceOf(ArithmeticException.class);
        assertThat(bad.successful()).isFalse();
        assertThat(good.successful()).isTrue();
    }

    @Test
    @Conforms("_TestPoolWorkerErrors.test_async_error_callback")
    default void applyAsync_errorCallback_getsWhatGetThrows() throws Exception {
        var pool = newPool(1);
        var seen = new CompletableFuture<Throwable>();
        var never = new ArrayList<Object>();

        AsyncResult<Integer> failed = pool.applyAsync(
                () -> {
                    throw new NoSuchElementException("key");
                },
                never::add,
                seen::complete);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(failed::get)
                .satisfies(thrown -> assertThat(thrown.getCause()).isSameAs(seen.join()));
        assertThat(seen.join()).isInstanceOf(NoSuchElementException.class).hasMessage("key");
        assertThat(never).isEmpty();
        assertThat(pool.applyAsync(() -> 1, never::add).get()).isEqualTo(1);
        assertThat(never).containsExactly(1);
    }

    @Test
    @Conforms("_TestPool.test_async_timeout")
    default void get_timeout_isOverAndTheTaskGoesOn() throws Exception {
        var pool = sharedPool(1);
        var gate = new Gate();
        var result = pool.applyAsync(() -> gate.passWith("done"));
        gate.awaitArrivals(1);
        long begin = System.nanoTime();

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> result.get(100, TimeUnit.MILLISECONDS));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> result.get(Duration.ZERO));
        assertThat(result.await(Duration.ofMillis(-1))).isFalse();
        assertThat(result.ready()).isFalse();
        gate.open();
        assertThat(result.get(PATIENCE)).isEqualTo("done");
        assertThat(result.ready()).isTrue();
    }

    @Test
    @Conforms("_TestPoolWorkerErrors.test_unpickleable_result")
    default void unsendableResult_twentyTimes_failsThatTaskAloneAndNoWorker() throws Exception {
        var pool = sharedPool(2);
        pool.map(PoolContract::square, numbers(10), 1);
        for (int i = 0; i < 20; i++) {
            var seen = new CompletableFuture<Throwable>();
            AsyncResult<Object> result = pool.applyAsync(Unfriendly.Unsendable::new, null, seen::complete);

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(result::get)
                    .withMessageContaining("Unsendable");
            assertThat(seen.join()).hasMessageContaining("Unsendable");
        }
        assertThat(pool.stats().workersStarted()).isEqualTo(2);
        assertThat(pool.stats().workersDied()).isZero();
    }

    @Test
    default void unsendableResult_inAChunk_failsThatCallAlone() throws Exception {
        var pool = sharedPool(1);

        var results = pool.imap(n -> n == 1 ? new Unfriendly.Unsendable() : n, numbers(3), 3);

        assertThat(results.next()).isEqualTo(0);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(results::next)
                .withMessageContaining("Unsendable");
        assertThat(results.next()).isEqualTo(2);
    }

    @Test
    default void null_isRefused() {
        var pool = sharedPool(1);

        assertThatNullPointerException().isThrownBy(() -> pool.map(null, numbers(1)));
        assertThatNullPointerException().isThrownBy(() -> pool.map(PoolContract::square, null));
        assertThatNullPointerException().isThrownBy(() -> pool.imap(null, numbers(1)));
        assertThatNullPointerException().isThrownBy(() -> pool.applyAsync((io.multijvm.pool.Task<Object>) null));
    }

    @Test
    default void submit_capturedValueChangesAfterwards_taskHasItAsItWas() throws Exception {
        var pool = sharedPool(1);
        var gate = new Gate();
        var first = pool.applyAsync(gate::pass);
        var list = new ArrayList<>(List.of(1));

        var result = pool.applyAsync(() -> list.size());
        list.add(2);
        gate.open();

        assertThat(result.get()).isEqualTo(1);
        first.get();
    }

    @Test
    default void tasks_runBySomebodyElse_runOnceEach() throws Exception {
        try (var runs = SharedIntArray.of(2_000)) {
            var pool = sharedPool(2);

            pool.map(n -> runs.incrementAndGet(n), numbers(2_000), 1);

            assertThat(runs.stream()).allMatch(count -> count == 1);
        }
    }

    @Test
    default void worker_ofATask_isKnownThere() throws Exception {
        Pool pool = newPool(1);

        assertThat(pool.apply(
                        () -> io.multijvm.pool.Worker.current().orElseThrow().number()))
                .isEqualTo(1);
        String name =
                pool.apply(() -> io.multijvm.pool.Worker.current().orElseThrow().name());
        assertThat(pool.stats().workers())
                .singleElement()
                .matches(each -> each.name().equals(name));
        assertThat(pool.apply(() -> MultiJvm.currentProcess().name())).isEqualTo(name);
        assertThat(pool.apply(() -> ProcessHandle.current().pid()))
                .isEqualTo(pool.pids().get(0));
        pool.apply(() -> {
            io.multijvm.pool.Worker.current().orElseThrow().state().put("seen", 1);
        });
        assertThat(pool.apply(() ->
                        io.multijvm.pool.Worker.current().orElseThrow().state().get("seen")))
                .isEqualTo(1);
        assertThat(io.multijvm.pool.Worker.current()).isEmpty();
    }
}
