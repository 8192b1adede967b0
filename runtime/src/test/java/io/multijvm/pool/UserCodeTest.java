package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.PoolParties;
import io.multijvm.executor.Futures.ReturnWhen;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code of the program that a pool calls in its own process: on which threads, and what it may do there. */
@ForkTest
@SuppressWarnings("FutureReturnValueIgnored") // some tasks only have to be there
final class UserCodeTest extends PoolParties {
    /** Called when a {@link Rebuilt} arrives in this process. */
    private static volatile @Nullable Callable<?> whenRebuilt;

    UserCodeTest() {
        super(StartMethod.FORKSERVER);
    }

    @AfterEach
    void forget() {
        whenRebuilt = null;
    }

    /** An object that runs code where it arrives. */
    static class Rebuilt implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            call();
        }
    }

    /** A failure that does. */
    static final class RebuiltFailure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            call();
        }
    }

    /** A record and an enum do it, too. */
    record RebuiltRecord(int value) implements Serializable {
        RebuiltRecord {
            call();
        }
    }

    private static void call() {
        Callable<?> called = whenRebuilt;
        if (called != null) {
            try {
                called.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static int failing() {
        throw new RebuiltFailure();
    }

    /** The threads on which a pool runs the program's code have names that say so. */
    private static boolean mayRunUserCode(Thread thread) {
        return !thread.getName().startsWith("multijvm-")
                || thread.getName().endsWith("-user")
                || thread.getName().endsWith("-callbacks");
    }

    @Test
    void everyWayIn_userCode_runsOnNoThreadThatOthersNeed() throws Exception {
        var seen = new ArrayList<Thread>();
        Callable<Object> note = () -> {
            synchronized (seen) {
                seen.add(Thread.currentThread());
            }
            return 1;
        };
        whenRebuilt = note;
        var listener = new PoolListener() {
            @Override
            public void taskDone(long task, @Nullable Throwable failure) {
                noteIn(note);
            }
        };
        try (var executor = newExecutor(PoolOptions.defaults().workers(2).listener(listener))) {
            for (int i = 0; i < 50; i++) {
                dependOn(executor, note);
            }
            Iterable<Integer> arguments =
                    () -> IntStream.range(0, 20).peek(number -> noteIn(note)).iterator();
            executor.map(number -> new RebuiltRecord(number), arguments).forEachRemaining(value -> {});
        }

        assertThat(seen).hasSizeGreaterThan(50 * 6).allMatch(UserCodeTest::mayRunUserCode);
    }

    private static void noteIn(Callable<?> note) {
        try {
            note.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Every way to make something depend on a result, while the result comes. */
    private static void dependOn(ProcessPoolExecutor executor, Callable<?> note) {
        var all = new ArrayList<CompletableFuture<?>>();
        AsyncResult<Integer> result = executor.submit(() -> 1);
        all.add(CompletableFuture.anyOf(result).thenRun(() -> noteIn(note)));
        all.add(CompletableFuture.allOf(result).thenRun(() -> noteIn(note)));
        all.add(CompletableFuture.completedFuture(1).thenCombine(executor.submit(() -> 2), (one, two) -> {
            noteIn(note);
            return one + two;
        }));
        all.add(CompletableFuture.completedFuture(1)
                .thenCompose(one -> executor.submit(() -> 2))
                .thenRun(() -> noteIn(note)));
        all.add(executor.submit(() -> new Rebuilt()).thenRun(() -> noteIn(note)));
        all.add(executor.submit(UserCodeTest::failing).exceptionally(failure -> 0));
        all.add(executor.submit(() -> new RebuiltRecord(1)).applyToEither(new CompletableFuture<>(), value -> value));
        all.forEach(CompletableFuture::join);
    }

    @Test
    void rebuilding_waitsForAnotherTask_works() throws Exception {
        var executor = newExecutor(2);
        whenRebuilt = () -> executor.submit(() -> 7).get();

        assertThat(executor.submit(() -> new Rebuilt()).get()).isNotNull();
        assertThat(executor.submit(() -> new RebuiltRecord(1)).get(1, TimeUnit.MINUTES))
                .isNotNull();
        assertThat(executor.map(RebuiltRecord::new, List.of(1, 2, 3)).next()).isEqualTo(new RebuiltRecord(1));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.submit(UserCodeTest::failing).get())
                .withCauseInstanceOf(RebuiltFailure.class);
    }

    @Test
    void rebuilding_throwsAnError_failsThatTaskAlone() throws Exception {
        var executor = newExecutor(1);
        whenRebuilt = () -> {
            throw new StackOverflowError("in a readObject");
        };

        var bad = executor.submit(() -> new Rebuilt());
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(bad::get)
                .havingRootCause()
                .withMessageContaining("readObject");
        assertThat(executor.submit(() -> 3).get()).isEqualTo(3);
        assertThat(executor.stats().workersDied()).isZero();
    }

    @Test
    void dependents_allWaitForLaterTasks_areAllDone() throws Exception {
        var executor = newExecutor(2);
        var all = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < 40; i++) {
            int number = i;
            all.add(executor.submit(() -> number)
                    .thenApply(value -> executor.submit(() -> value + 1).join()));
        }

        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).get(1, TimeUnit.MINUTES)).isEqualTo(i + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void callback_waitsInEveryWay_isToldWhatItWaitsFor(boolean depends) throws Exception {
        var executor = newExecutor(2);
        Pool pool = newPool(1);
        var done = new CompletableFuture<List<Object>>();
        Runnable waits = () -> {
            try {
                done.complete(List.of(
                        executor.submit(() -> 1).get(),
                        executor.invokeAny(List.of((Task<Integer>) () -> 2)),
                        executor.invokeAny(List.of((Task<Integer>) () -> 3), 1, TimeUnit.MINUTES),
                        executor.submit((RunnableTask) () -> {}, 4).get(),
                        MultiJvm.wait(List.of(executor.submit(() -> 5)), null, ReturnWhen.ALL_COMPLETED)
                                .done()
                                .size(),
                        MultiJvm.asCompleted(List.of(executor.submit(() -> 6)), null)
                                .next()
                                .join(),
                        executor.submit(() -> 7).thenApply(value -> value).get(),
                        executor.map(number -> number, List.of(8)).next(),
                        executor.invokeAll(List.of((Task<Integer>) () -> 9))
                                .get(0)
                                .get(),
                        pool.applyAsync(() -> 10, value -> {}).get()));
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        };
        if (depends) {
            executor.submit(() -> 0).thenRun(waits);
        } else {
            pool.applyAsync(() -> 0, value -> waits.run());
        }

        assertThat(done.get(1, TimeUnit.MINUTES)).isEqualTo(List.of(1, 2, 3, 4, 1, 6, 7, 8, 9, 10));
    }

    @Test
    void someoneElsesDependent_takesItsTime_delaysNoWait() throws Exception {
        var executor = newExecutor(2);
        var latch = new CountDownLatch(1);
        var blocked = new CountDownLatch(1);
        executor.submit(() -> 0).thenRun(() -> {
            blocked.countDown();
            await(latch);
        });
        blocked.await();
        try {
            assertThat(executor.invokeAny(List.of((Task<Integer>) () -> 2))).isEqualTo(2);
            assertThat(executor.submit((RunnableTask) () -> {}, 4).get()).isEqualTo(4);
            assertThat(MultiJvm.wait(List.of(executor.submit(() -> 5)), null, ReturnWhen.FIRST_COMPLETED)
                            .done())
                    .hasSize(1);
            assertThat(MultiJvm.asCompleted(List.of(executor.submit(() -> 6)), null)
                            .next()
                            .join())
                    .isEqualTo(6);
            assertThat(executor.submit(() -> 7).thenApply(value -> value).get()).isEqualTo(7);
        } finally {
            latch.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void close_inEveryDependent_returns() throws Exception {
        var executor = newExecutor(2);
        var closings = Stream.generate(() -> executor.submit(() -> 1))
                .limit(3)
                .map(result -> result.thenRun(executor::close))
                .toList();

        for (CompletableFuture<?> each : closings) {
            each.get(1, TimeUnit.MINUTES);
        }
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void task_throwsACancellation_isNotCancelled() throws Exception {
        var result = newExecutor(1).submit(() -> {
            throw new CancellationException("by the task itself");
        });

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(result::get)
                .withCauseInstanceOf(CancellationException.class)
                .withMessageContaining("by the task itself");
        assertThat(result.isCancelled()).isFalse();
        assertThat(result.isCompletedExceptionally()).isTrue();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> newPool(1).map(UserCodeTest::cancelling, List.of(1, 2)))
                .withCauseInstanceOf(CancellationException.class);
    }

    private static int cancelling(int number) {
        throw new CancellationException("at " + number);
    }

    /** Does one thing when it is called and another when it is run. */
    private static final class Both implements Callable<String>, Runnable, Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public String call() {
            return "called";
        }

        @Override
        public void run() {
            throw new IllegalStateException("run");
        }
    }

    @Test
    void submit_objectWithSeveralMethods_callsTheOneThatWasAskedFor() throws Exception {
        var executor = newExecutor(1);
        var both = new Both();

        assertThat(executor.submit((Callable<String>) both).get()).isEqualTo("called");
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.submit((Runnable) both).get())
                .withMessageContaining("run");
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.submit(both, "result").get())
                .withMessageContaining("run");
    }

    @ParameterizedTest
    @CsvSource({
        "executor, dependent", "executor, callbackOfAMap", "executor, arguments", "executor, rebuilding",
                "executor, listener",
        "pool, dependent", "pool, callback", "pool, arguments", "pool, rebuilding", "pool, listener"
    })
    void systemExit_fromUserCode_endsTheProgramWithItsStatus(String kind, String place) throws Exception {
        try (var program = ChildJvm.of(Exits.class).arguments(kind, place).start()) {
            assertThat(program.awaitExit()).as(program.stderr()).isEqualTo(7);
        }
    }

    /** Calls for its end where the first argument says; its main thread waits for ever. */
    static final class Exits {
        public static void main(String[] args) throws Exception {
            boolean isPool = args[0].equals("pool");
            var listener = args[1].equals("listener")
                    ? new PoolListener() {
                        @Override
                        public void taskDone(long task, @Nullable Throwable failure) {
                            System.exit(7);
                        }
                    }
                    : null;
            PoolOptions options = PoolOptions.defaults().workers(2).listener(listener);
            Pool pool = MultiJvm.getContext().pool(options);
            ProcessPoolExecutor executor = MultiJvm.getContext().executor(options);
            Task<Object> task = () -> args[1].equals("rebuilding") ? new Rebuilt() : 1;
            Iterable<Integer> arguments = () -> Stream.generate(() -> {
                        System.exit(7);
                        return 1;
                    })
                    .iterator();
            switch (args[1]) {
                case "dependent" -> submit(isPool, pool, executor, task).thenRun(() -> System.exit(7));
                case "callback" -> pool.applyAsync(task, value -> System.exit(7));
                case "callbackOfAMap" ->
                    executor.map(number -> number, List.of(1))
                            .forEachRemaining(number ->
                                    submit(false, pool, executor, task).thenAccept(value -> System.exit(7)));
                case "arguments" -> {
                    Iterator<?> unused = isPool ? pool.imap(n -> n, arguments) : executor.map(n -> n, arguments);
                }
                case "rebuilding" -> {
                    whenRebuilt = () -> {
                        System.exit(7);
                        return null;
                    };
                    submit(isPool, pool, executor, task);
                }
                default -> submit(isPool, pool, executor, task);
            }
            new CountDownLatch(1).await();
        }

        private static AsyncResult<Object> submit(
                boolean isPool, Pool pool, ProcessPoolExecutor executor, Task<Object> task) {
            return isPool ? pool.applyAsync(task) : executor.submit(task);
        }
    }

    @Test
    void result_largerThanTheHeap_failsThatTaskAndSaysTheSizes() throws Exception {
        try (var program = ChildJvm.of(LargeResult.class).flags("-Xmx64m").start()) {
            assertThat(program.awaitExit(Duration.ofMinutes(1)))
                    .as(program.stderr())
                    .isZero();
            assertThat(program.stdout().lines())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .contains("result of task 1", "bytes do not fit into this process's heap"),
                            line -> assertThat(line).isEqualTo("5, 0 died"));
        }
    }

    /** Has a worker with a larger heap make a result that is too large here. */
    static final class LargeResult {
        public static void main(String[] args) throws Exception {
            try (var pool =
                    MultiJvm.getContext().pool(PoolOptions.defaults().workers(1).heap("300m"))) {
                var large = pool.applyAsync(() -> new byte[90_000_000]);
                var small = pool.applyAsync(() -> 5);
                try {
                    System.out.println(large.get().length);
                } catch (ExecutionException e) {
                    System.out.println(e.getCause().getMessage());
                }
                System.out.println(small.get() + ", " + pool.stats().workersDied() + " died");
            }
        }
    }
}
