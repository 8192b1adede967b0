package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.BrokenProcessPoolException;
import io.multijvm.pool.PoolOptions;
import io.multijvm.pool.Task;
import io.multijvm.pool.WorkerDiedException;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tasks and results that end the worker, or cannot be sent or rebuilt: nobody hangs, and no other task is lost. */
public interface ExecutorCrashContract extends PoolSource {
    private static Throwable failureOf(AsyncResult<?> result) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(
                        ExecutionException.class, () -> result.get(PATIENCE))
                .getCause();
    }

    private static void assertDied(AsyncResult<?> result, int exitCode) {
        assertThat(failureOf(result)).isInstanceOfSatisfying(WorkerDiedException.class, death -> {
            assertThat(death.exitCode()).isEqualTo(exitCode);
            assertThat(death.pid()).isPositive();
            assertThat(death.worker()).isNotEmpty();
            assertThat(death.reason()).isEmpty();
        });
    }

    private static void assertWorks(ProcessPoolExecutor executor) throws Exception {
        assertThat(executor.isBroken()).isFalse();
        assertThat(executor.submit(() -> "works").get(PATIENCE)).isEqualTo("works");
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // it returns nothing, of any type
    private static <T> T halt(int status) {
        Runtime.getRuntime().halt(status);
        throw new AssertionError("halted");
    }

    @Test
    @Conforms("ExecutorDeadlockTest.test_error_at_task_pickle")
    default void submit_taskThatCannotBeWritten_failsAlone() throws Exception {
        var executor = sharedExecutor(1);
        var unsendable = new Unfriendly.Unsendable();
        Object unwritable = new Unfriendly.Unwritable(() -> {
            throw new IOException("not here");
        });

        assertThat(failureOf(executor.submit(() -> unsendable.toString())))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining("Unsendable");
        assertThat(failureOf(executor.submit(() -> unwritable.toString())))
                .isInstanceOf(NotSendableException.class)
                .hasStackTraceContaining("not here");
        assertWorks(executor);
    }

    @Test
    @Conforms("ExecutorDeadlockTest.test_error_at_task_unpickle")
    default void submit_taskThatCannotBeRebuilt_failsAlone() throws Exception {
        var executor = sharedExecutor(1);
        var unreadable = new Unfriendly.Unreadable(() -> {
            throw new IOException("not there");
        });

        assertThat(failureOf(executor.submit((Task<String>) unreadable))).hasStackTraceContaining("not there");
        assertThat(failureOf(executor.submit(() -> unreadable.call()))).hasStackTraceContaining("not there");
        assertWorks(executor);
        assertThat(executor.stats().workersDied()).isZero();
    }

    @Test
    default void submit_taskWhoseRebuildingThrowsAnError_failsAlone() throws Exception {
        var executor = sharedExecutor(1);
        var unreadable = new Unfriendly.Unreadable(() -> {
            throw new AssertionError("not there");
        });

        assertThat(failureOf(executor.submit(() -> unreadable.call()))).hasStackTraceContaining("not there");
        assertThat(failureOf(executor.submit((Task<String>) unreadable))).hasStackTraceContaining("not there");
        assertWorks(executor);
        assertThat(executor.stats().workersDied()).isZero();
    }

    @Test
    @Conforms("ExecutorDeadlockTest.test_crash_at_task_unpickle")
    default void submit_argumentWhoseRebuildingHalts_failsAlone() throws Exception {
        var executor = newExecutor(1);
        var unreadable = new Unfriendly.Unreadable(() -> halt(3));

        assertDied(executor.submit(() -> unreadable.call()), 3);
        assertWorks(executor);
    }

    @Test
    default void submit_taskWhoseRebuildingHalts_failsAlone() throws Exception {
        var executor = newExecutor(1);

        assertDied(executor.submit((Task<String>) new Unfriendly.Unreadable(() -> halt(3))), 3);
        assertWorks(executor);
        assertThat(executor.stats().workersDied()).isEqualTo(1);
    }

    @Test
    default void map_functionWhoseRebuildingHalts_fails() throws Exception {
        var executor = newExecutor(1);
        var unreadable = new Unfriendly.Unreadable(() -> halt(3));

        var results = executor.map(n -> unreadable.call() + n, java.util.List.of(1, 2));

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(java.util.concurrent.CompletionException.class)
                    .isThrownBy(() -> results.next(PATIENCE))
                    .withCauseInstanceOf(WorkerDiedException.class);
        }
        assertWorks(executor);
    }

    @Test
    @EveryStartMethod
    @Conforms({
        "ExecutorDeadlockTest.test_crash_during_func_exec_on_worker",
        "ExecutorDeadlockTest.test_exit_during_func_exec_on_worker"
    })
    default void submit_taskThatHaltsOrExits_failsAlone() throws Exception {
        var executor = newExecutor(1);

        assertDied(executor.submit(() -> halt(7)), 7);
        assertDied(executor.submit(() -> System.exit(8)), 8);
        assertDied(executor.submit(() -> System.exit(0)), 0);
        assertWorks(executor);
    }

    @Test
    @Conforms("ExecutorDeadlockTest.test_error_during_func_exec_on_worker")
    default void submit_taskThatThrowsAnything_failsWithThat() throws Exception {
        var executor = sharedExecutor(1);

        assertThat(failureOf(executor.submit(() -> {
                    throw new IllegalStateException("the task's");
                })))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("the task's");
        assertThat(failureOf(executor.submit(() -> {
                    throw new AssertionError("an error");
                })))
                .isExactlyInstanceOf(AssertionError.class);
        assertThat(failureOf(executor.submit(() -> {
                    throw new Unfriendly.UnsendableException("cannot travel");
                })))
                .hasMessageContaining("cannot travel")
                .hasMessageContaining("UnsendableException")
                .hasStackTraceContaining("ExecutorCrashContract");
        assertThat(failureOf(executor.submit(() -> {
                    throw new Unfriendly.UnreadableException(() -> {
                        throw new IOException("not in the parent");
                    });
                })))
                .hasMessageContaining("UnreadableException");
        assertWorks(executor);
        assertThat(executor.stats().workersDied()).isZero();
    }

    @Test
    default void submit_exceptionWhoseRebuildingThrowsAnError_failsAlone() throws Exception {
        var executor = sharedExecutor(1);

        assertThat(failureOf(executor.submit(() -> {
                    throw new Unfriendly.UnreadableException(() -> {
                        throw new AssertionError("not in the parent");
                    });
                })))
                .hasMessageContaining("UnreadableException");
        assertWorks(executor);
    }

    @Test
    default void submit_exceptionWithoutAMessageToBeHad_fails() throws Exception {
        var executor = sharedExecutor(1);

        assertThat(failureOf(executor.submit(() -> {
                    throw new Mute();
                })))
                .isNotInstanceOf(WorkerDiedException.class)
                .hasStackTraceContaining("Mute");
        assertWorks(executor);
    }

    /** An exception that cannot say what it is. */
    final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }

    @Test
    @Conforms({
        "ExecutorDeadlockTest.test_crash_during_result_pickle_on_worker",
        "ExecutorDeadlockTest.test_exit_during_result_pickle_on_worker"
    })
    default void submit_resultWhoseWritingHaltsOrExits_failsAlone() throws Exception {
        var executor = newExecutor(1);

        assertDied(executor.submit(() -> new Unfriendly.Unwritable(() -> halt(5))), 5);
        assertDied(executor.submit(() -> new Unfriendly.Unwritable(() -> System.exit(6))), 6);
        assertWorks(executor);
    }

    @Test
    @Conforms("ExecutorDeadlockTest.test_error_during_result_pickle_on_worker")
    default void submit_resultThatCannotBeWritten_failsAlone() throws Exception {
        var executor = sharedExecutor(1);

        assertThat(failureOf(executor.submit(() -> new Unfriendly.Unwritable(() -> {
                    throw new IOException("not from there");
                }))))
                .hasStackTraceContaining("not from there");
        assertThat(failureOf(executor.submit(() -> new Unfriendly.Unwritable(() -> {
                    throw new AssertionError("not from there");
                }))))
                .hasStackTraceContaining("not from there");
        assertWorks(executor);
        assertThat(executor.stats().workersDied()).isZero();
    }

    @Test
    @Conforms({
        "ExecutorDeadlockTest.test_error_during_result_unpickle_in_result_handler",
        "ExecutorDeadlockTest.test_exit_during_result_unpickle_in_result_handler"
    })
    default void submit_resultThatCannotBeRebuilt_failsAlone() throws Exception {
        var executor = newExecutor(2);

        assertThat(failureOf(executor.submit(() -> new Unfriendly.Unreadable(() -> {
                    throw new IOException("not here");
                }))))
                .hasStackTraceContaining("not here");
        assertThat(failureOf(executor.submit(() -> new Unfriendly.Unreadable(() -> {
                    throw new AssertionError("not here");
                }))))
                .hasStackTraceContaining("not here");
        assertThat(failureOf(executor.submit(() -> new Unfriendly.Unreadable(() -> {
                    throw new OutOfMemoryError("not here");
                }))))
                .hasStackTraceContaining("not here");
        assertThat(executor.stats().failed()).isEqualTo(3);
        assertThat(executor.stats().done()).isZero();
        assertWorks(executor);
    }

    @Test
    @Conforms("ExecutorDeadlockTest.test_shutdown_deadlock")
    default void shutdown_workerDiesMeanwhile_ends() throws Exception {
        var executor = newExecutor(2);
        var gate = new Gate();
        var dying = executor.submit(() -> {
            gate.pass();
            return halt(1);
        });
        var waiting = executor.submit(() -> 1);
        gate.awaitArrivals(1);
        executor.shutdown();
        gate.open();

        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        assertDied(dying, 1);
        assertThat(waiting.get()).isEqualTo(1);
    }

    @Test
    @Conforms("ExecutorDeadlockTest.test_shutdown_deadlock_pickle")
    default void shutdown_afterATaskThatCannotBeWritten_ends() throws Exception {
        var executor = newExecutor(2);
        var good = executor.submit(() -> 1);
        var unsendable = new Unfriendly.Unsendable();
        var bad = executor.submit(() -> unsendable.toString());
        executor.shutdown(false, false);

        assertThat(failureOf(bad)).isInstanceOf(NotSendableException.class);
        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        assertThat(good.get()).isEqualTo(1);
    }

    @Test
    @Conforms("ExecutorDeadlockTest.test_crash_big_data")
    default void submit_largeArgumentsAndAWorkerThatDies_allEnd() throws Exception {
        var executor = newExecutor(1);
        byte[] large = new byte[1 << 20];
        var results = new ArrayList<AsyncResult<Integer>>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            results.add(executor.submit(() -> number == 4 ? halt(1) : large.length));
        }

        for (int i = 0; i < 10; i++) {
            if (i == 4) {
                assertDied(results.get(i), 1);
            } else {
                assertThat(results.get(i).get(PATIENCE)).isEqualTo(1 << 20);
            }
        }
    }

    @Test
    @Conforms("ExecutorDeadlockTest.test_gh105829_should_not_deadlock_if_wakeup_pipe_full")
    default void map_resultsThatNobodyFetches_blockNobody() throws Exception {
        var executor = newExecutor(2);
        var gate = new Gate();
        var before = new Gate();
        var blocked = executor.submit(() -> before.passWith(1)).thenRun(gate::stay);
        before.open();
        gate.awaitArrivals(1);

        assertThat(executor.map(n -> n, IntStream.range(0, 1000).boxed().toList()).stream())
                .hasSize(1000);
        gate.open();
        blocked.join();
    }

    @Test
    @Conforms({
        "FailingInitializerMixin.test_initializer",
        "ProcessPoolExecutorTest.test_broken_process_pool_traceback",
        "ProcessPoolExecutorTest.test_force_shutdown_workers_dead_workers"
    })
    default void initializer_failing_breaksTheExecutor() throws Exception {
        var gate = new Gate();
        var executor = newExecutor(PoolOptions.defaults().workers(1).initializer(() -> {
            gate.pass();
            throw new IllegalStateException("cannot begin");
        }));
        var first = executor.submit(() -> 1);
        var second = executor.submit(() -> 2);
        gate.open();

        Throwable firstFailure = failureOf(first);
        Throwable secondFailure = failureOf(second);
        assertThat(firstFailure)
                .isInstanceOf(BrokenProcessPoolException.class)
                .hasStackTraceContaining("cannot begin")
                .isNotSameAs(secondFailure);
        assertThat(secondFailure).isInstanceOf(BrokenProcessPoolException.class);
        Waits.until(executor::isBroken);
        assertThatExceptionOfType(BrokenProcessPoolException.class).isThrownBy(() -> executor.submit(() -> 3));
        executor.terminateWorkers();
        executor.killWorkers();
        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    @Conforms("ThreadPoolExecutorTest.test_process_fork_from_a_threadpool")
    default void process_startedByATask_works() throws Exception {
        var executor = newExecutor(1);

        assertThat(executor.submit(() -> {
                            var child = io.multijvm.MultiJvm.process(() -> System.exit(3));
                            child.start();
                            child.join();
                            return child.exitCode();
                        })
                        .get())
                .isEqualTo(3);
    }
}
