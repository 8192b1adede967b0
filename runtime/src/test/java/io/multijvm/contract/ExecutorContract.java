package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.executor.MapOptions;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.RunnableTask;
import io.multijvm.pool.Task;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.EveryStartMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What executors compute; how they end is in {@link ExecutorShutdownContract}. */
public interface ExecutorContract extends PoolSource {
    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static int power(int base, int exponent) {
        return (int) Math.pow(base, exponent);
    }

    private static Iterable<Integer> endless(AtomicInteger taken) {
        return () -> Stream.generate(taken::getAndIncrement).iterator();
    }

    @Test
    @EveryStartMethod
    @Conforms({"ExecutorTest.test_submit", "ExecutorTest.test_submit_keyword"})
    default void submit_capturedArguments_givesTheValue() throws Exception {
        var executor = sharedExecutor(1);
        int base = 2;

        assertThat(executor.submit(() -> power(base, 8)).get()).isEqualTo(256);
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Task<Object>) null));
    }

    @Test
    default void submit_everyWay_works() throws Exception {
        var executor = sharedExecutor(1);
        ExecutorService service = executor;
        var ran = new Gate();
        Task<Integer> task = () -> 1;
        RunnableTask runnable = ran::arrive;

        assertThat(executor.submit(task).get()).isEqualTo(1);
        assertThat(service.submit((Callable<Integer>) task).get()).isEqualTo(1);
        assertThat(executor.submit(runnable).get()).isNull();
        assertThat(service.submit((Runnable) runnable).get()).isNull();
        assertThat(executor.submit(runnable, "kept here").get()).isEqualTo("kept here");
        var unsendable = new Unfriendly.Unsendable();
        assertThat(service.submit(runnable, unsendable).get()).isSameAs(unsendable);
        executor.execute(runnable);
        service.execute(runnable);
        ran.awaitArrivals(6);
        assertThat(executor.submit(new NamedTask("x")).get()).isEqualTo("named x");
    }

    @Test
    default void execute_taskThatCannotBeSent_isRejectedAtOnceWithTheReason() {
        var executor = sharedExecutor(1);
        Object unsendable = new Object();

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.execute((Runnable) unsendable::notifyAll))
                .withMessageContaining("cannot be sent this task")
                .withCauseInstanceOf(NotSendableException.class);
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.execute((RunnableTask) unsendable::notifyAll));
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> CompletableFuture.supplyAsync(() -> 5, executor));
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> new ExecutorCompletionService<Integer>(executor).submit(() -> 5));
        assertThat(executor.stats().queued()).isZero();
    }

    /** A task with a name of its own. */
    record NamedTask(String name) implements Task<String> {
        @Override
        public String call() {
            return "named " + name;
        }
    }

    @Test
    default void submit_null_isRefused() {
        var executor = newExecutor(1);

        assertThatNullPointerException().isThrownBy(() -> executor.submit((Callable<Object>) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((RunnableTask) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null, 1));
        assertThatNullPointerException().isThrownBy(() -> executor.submit(() -> 1, null));
        assertThatNullPointerException().isThrownBy(() -> executor.execute((Runnable) null));
        assertThatNullPointerException().isThrownBy(() -> executor.execute((RunnableTask) null));
        assertThat(executor.pids()).isEmpty();
    }

    @Test
    default void submit_lambdaThatIsNotSerialisable_failsTheFutureAndSaysHow() {
        ExecutorService service = sharedExecutor(1);
        int value = 1;

        Future<Integer> future = service.submit(() -> value);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(future::get)
                .withCauseInstanceOf(NotSendableException.class)
                .withMessageContaining("ProcessPoolExecutor");
    }

    @Test
    default void submitWithResult_failingTask_fails() {
        var executor = sharedExecutor(1);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(executor.submit(
                        (RunnableTask) () -> {
                            throw new IllegalStateException("no");
                        },
                        1)::get)
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    @Conforms("ExecutorTest.test_max_workers_negative")
    default void create_noWorkers_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> context().executor(0))
                .withMessageContaining("at least 1");
        assertThatIllegalArgumentException().isThrownBy(() -> context().executor(-1));
    }

    @Test
    @Conforms({"ExecutorTest.test_map", "ProcessPoolExecutorTest.test_map_chunksize"})
    default void map_twoInputsAndChunks_keepOrder() {
        var executor = sharedExecutor(2);
        var powers = IntStream.range(0, 10).map(n -> power(n, n)).boxed().toList();

        assertThat(executor.map((Integer a, Integer b) -> power(a, b), numbers(10), numbers(12)).stream())
                .containsExactlyElementsOf(powers);
        for (int chunk : new int[] {1, 3, 6, 40, 50}) {
            assertThat(executor
                            .map(n -> n * n, numbers(40), MapOptions.defaults().chunkSize(chunk))
                            .stream())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 40).map(n -> n * n).boxed().toList());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MapOptions.defaults().chunkSize(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MapOptions.defaults().chunkSize(0));
    }

    @Test
    default void map_firstTaskEndsLast_itsResultComesFirst() throws Exception {
        var executor = sharedExecutor(2);
        var first = new Gate();
        var others = new Gate();
        var results = executor.map(
                n -> {
                    if (n == 0) {
                        first.pass();
                    } else {
                        others.arrive();
                    }
                    return n;
                },
                numbers(3));
        first.awaitArrivals(1);
        others.awaitArrivals(2);

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> results.next(Duration.ofMillis(200)));
        first.open();
        assertThat(results.stream()).containsExactly(0, 1, 2);
    }

    @Test
    @Conforms("ExecutorTest.test_map_exception")
    default void map_failingElement_isThrownAndTheRestFollows() {
        var executor = sharedExecutor(2);
        for (int chunk : new int[] {1, 2, 4}) {
            var results = executor.map(
                    n -> 6 / (n - 1), numbers(4), MapOptions.defaults().chunkSize(chunk));
            assertThat(results.next()).isEqualTo(-6);
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(results::next)
                    .withCauseInstanceOf(ArithmeticException.class);
            assertThat(results.next()).isEqualTo(6);
            assertThat(results.next()).isEqualTo(3);
            assertThat(results.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
        }
    }

    @Test
    @Conforms({"ExecutorTest.test_map_timeout", "ThreadPoolExecutorTest.test_executor_map_current_future_cancel"})
    default void map_timeout_endsItAndCancelsTheRest() throws Exception {
        var executor = newExecutor(1);
        var gate = new Gate();
        var started = new Gate();
        var results = executor.map(
                n -> {
                    if (n == 1) {
                        gate.pass();
                    } else if (n > 1) {
                        started.arrive();
                    }
                    return n;
                },
                numbers(10),
                MapOptions.defaults().timeout(Duration.ofSeconds(2)));
        gate.awaitArrivals(1);

        var seen = new ArrayList<Integer>();
        assertThatThrownBy(() -> {
                    while (true) {
                        seen.add(results.next());
                    }
                })
                .hasRootCauseInstanceOf(TimeoutException.class);
        assertThat(seen).isSubsetOf(0);
        assertThat(results.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
        gate.open();
        assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
        assertThat(started.hasArrivals()).isFalse();
    }

    @Test
    @Conforms("ExecutorTest.test_map_timeout_from_callable")
    default void map_taskThrowsTimeoutException_isItsFailureAlone() {
        var executor = sharedExecutor(1);
        for (MapOptions options :
                List.of(MapOptions.defaults(), MapOptions.defaults().timeout(PATIENCE))) {
            var results = executor.map(
                    n -> {
                        if (n == 1) {
                            throw new TimeoutException("the task's own");
                        }
                        return n;
                    },
                    numbers(3),
                    options);
            assertThat(results.next()).isZero();
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(results::next)
                    .withCauseInstanceOf(TimeoutException.class)
                    .withMessageContaining("the task's own");
            assertThat(results.next()).isEqualTo(2);
            assertThat(results.hasNext()).isFalse();
        }
    }

    @Test
    @Conforms("ExecutorTest.test_map_close")
    default void map_closed_givesNothingMore() throws Exception {
        var executor = newExecutor(1);
        for (int chunk : new int[] {1, 3}) {
            var gate = new Gate();
            var results = executor.map(
                    n -> n == 0 ? n : gate.passWith(n),
                    numbers(10),
                    MapOptions.defaults().chunkSize(chunk));
            gate.awaitArrivals(1);
            results.close();
            results.close();
            assertThat(results.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
            gate.open();
        }
        assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
        try (var results = executor.map(n -> n, numbers(100)).stream()) {
            assertThat(results.limit(3)).containsExactly(0, 1, 2);
        }
    }

    @Test
    @Conforms({"ExecutorTest.test_map_buffersize_type_validation", "ExecutorTest.test_map_buffersize_value_validation"})
    default void map_bufferSizeOutOfRange_isRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MapOptions.defaults().bufferSize(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MapOptions.defaults().bufferSize(-1));
    }

    @Test
    @Conforms({"ExecutorTest.test_map_buffersize", "ExecutorTest.test_map_buffersize_on_empty_iterable"})
    default void map_bufferSizes_giveAllInOrder() {
        var executor = newExecutor(2);
        for (int size : new int[] {1, 2, 4, 8}) {
            var options = MapOptions.defaults().bufferSize(size);
            assertThat(executor.map(n -> n + 1, numbers(4), options).stream()).containsExactly(1, 2, 3, 4);
            assertThat(executor.map((Integer n) -> n, List.<Integer>of(), options)
                            .hasNext())
                    .isFalse();
        }
    }

    @Test
    @Conforms({
        "ExecutorTest.test_map_buffersize_on_infinite_iterable",
        "ExecutorTest.test_map_buffersize_when_buffer_is_full"
    })
    default void map_endlessInput_takesNoMoreThanTheBuffer() {
        var executor = newExecutor(2);
        var taken = new AtomicInteger();

        var results =
                executor.map(n -> n * 10, endless(taken), MapOptions.defaults().bufferSize(2));

        Eventually.holds(() -> taken.get() == 2);
        for (int i = 0; i < 3; i++) {
            assertThat(results.next()).isEqualTo(i * 10);
            assertThat(taken.get()).isLessThanOrEqualTo(i + 3);
        }
        results.close();
    }

    @Test
    @Conforms("ExecutorTest.test_map_buffersize_on_multiple_infinite_iterables")
    default void map_twoEndlessInputs_areTakenInParallel() {
        var executor = newExecutor(2);
        var first = new AtomicInteger();
        var second = new AtomicInteger(100);

        var results = executor.map((Integer a, Integer b) -> a + b, endless(first), endless(second));

        assertThat(List.of(results.next(), results.next(), results.next())).containsExactly(100, 102, 104);
        assertThat(first.get()).isLessThan(100);
        results.close();
    }

    @Test
    @Conforms("ThreadPoolExecutorTest.test_map_submits_without_iteration")
    default void map_resultsNeverRead_tasksRun() throws Exception {
        var executor = newExecutor(2);
        var ran = new Gate();

        executor.map(
                n -> {
                    ran.arrive();
                    return n;
                },
                numbers(10));

        ran.awaitArrivals(10);
    }

    @Test
    @Conforms("ProcessPoolExecutorTest.test_traceback")
    default void submit_failingTask_keepsTypeMessageAndTheWorkersStack() {
        AsyncResult<Object> failed = sharedExecutor(1).submit(() -> {
            throw new UnsupportedOperationException("the task's");
        });

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(failed::get)
                .satisfies(thrown -> assertThat(thrown.getCause())
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage("the task's")
                        .satisfies(cause -> assertThat(cause.getStackTrace())
                                .anyMatch(frame -> frame.getClassName().equals(ExecutorContract.class.getName()))));
    }

    @Test
    @Conforms("ProcessPoolExecutorTest.test_idle_process_reuse_multiple")
    default void submit_quickTasks_reuseIdleWorkers() throws Exception {
        var executor = newExecutor(5);

        for (int i = 0; i < 3; i++) {
            var notAwaited = executor.submit(() -> 1);
            executor.submit(() -> 1).get();
            notAwaited.get();
        }

        assertThat(executor.stats().workersStarted()).isLessThanOrEqualTo(3);
    }

    @Test
    default void submit_nothing_startsNoWorker() {
        var executor = newExecutor(2);

        assertThat(executor.stats().workersStarted()).isZero();
    }

    @Test
    @Conforms({"ExecutorTest.test_no_stale_references", "ExecutorTest.test_free_reference"})
    default void submit_done_leavesNothingBehind() throws Exception {
        var executor = sharedExecutor(1);

        References.of(100, value -> {
                    CompletableFuture<Object> unused =
                            executor.submit((Task<Object>) () -> value).thenApply(result -> result);
                    return unused.join();
                })
                .awaitGone();
        var results = executor.map(each -> new int[each], numbers(10));
        References.of(10, value -> results.next()).awaitGone();
    }

    @Test
    @Conforms("ProcessPoolExecutorTest.test_ressources_gced_in_workers")
    default void submit_done_leavesNothingBehindInTheWorker() throws Exception {
        var executor = sharedExecutor(1);
        var argument = new Remembered();
        executor.submit(argument::isHere).get();

        assertThat(executor.submit(Remembered::isGone).get()).isTrue();
    }

    /** Remembered, weakly, where it is used. */
    final class Remembered implements java.io.Serializable {
        private static final long serialVersionUID = 1;
        private static final List<java.lang.ref.WeakReference<Remembered>> SEEN = new ArrayList<>();

        boolean isHere() {
            return SEEN.add(new java.lang.ref.WeakReference<>(this));
        }

        static boolean isGone() {
            Waits.until(() -> {
                System.gc();
                return SEEN.stream().allMatch(each -> each.get() == null);
            });
            return !SEEN.isEmpty();
        }
    }
}
