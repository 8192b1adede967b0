package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.PoolOptions;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How executors end. */
public interface ExecutorShutdownContract extends PoolSource {
    private static List<AsyncResult<Integer>> submitted(ProcessPoolExecutor executor, int count, Gate gate) {
        var results = new ArrayList<AsyncResult<Integer>>();
        for (int i = 0; i < count; i++) {
            int number = i;
            results.add(executor.submit(() -> gate.passWith(number)));
        }
        return results;
    }

    private static void assertAllRight(List<AsyncResult<Integer>> results) throws Exception {
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).get(PATIENCE)).isEqualTo(i);
        }
    }

    @Test
    @Conforms("ExecutorShutdownTest.test_run_after_shutdown")
    default void submit_afterShutdown_isRejected() throws Exception {
        var executor = newExecutor(1);
        executor.shutdown();

        assertThat(executor.isShutdown()).isTrue();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.submit(() -> 1));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.execute(() -> {}));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.map(n -> n, List.of(1)));
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.invokeAll(List.<io.multijvm.pool.Task<Integer>>of(() -> 1)));
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.invokeAny(List.<io.multijvm.pool.Task<Integer>>of(() -> 1)));
        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(executor.shutdownNow()).isEmpty();
        executor.close();
    }

    @Test
    @Conforms({"ExecutorTest.test_shutdown_race_issue12456", "ExecutorShutdownTest.test_hang_issue12364"})
    default void shutdown_rightAfterSubmitting_allIsDone() throws Exception {
        var executor = newExecutor(2);
        var results = executor.map(n -> n, IntStream.range(0, 3).boxed().toList());
        var more = new ArrayList<AsyncResult<Integer>>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            more.add(executor.submit(() -> number));
        }

        executor.shutdown();

        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        assertThat(more).allMatch(AsyncResult::successful);
        assertAllRight(more);
        assertThat(results.stream()).containsExactly(0, 1, 2);
    }

    @Test
    default void awaitTermination_runningTask_isFalseWhenTimeIsUp() throws Exception {
        var executor = newExecutor(1);
        var gate = new Gate();
        var results = submitted(executor, 1, gate);
        executor.shutdown();

        assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isFalse();
        assertThat(executor.awaitTermination(-1, TimeUnit.SECONDS)).isFalse();
        assertThat(executor.awaitTermination(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isFalse();
        var waiting = Background.run(() -> executor.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS))
                .awaitWaiting()
                .interrupt();
        assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
        gate.open();
        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        assertAllRight(results);
    }

    @Test
    default void awaitTermination_notShutDown_isFalse() throws Exception {
        var executor = newExecutor(1);

        assertThat(executor.awaitTermination(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
    }

    @Test
    @Conforms("ExecutorShutdownTest.test_cancel_futures")
    default void shutdown_cancelling_waitingTasksNeverRunAndOthersEnd() throws Exception {
        var executor = newExecutor(2);
        var gate = new Gate();
        var results = submitted(executor, 50, gate);
        gate.awaitArrivals(2);
        executor.shutdown(false, true);

        long cancelled = results.stream().filter(AsyncResult::isCancelled).count();
        gate.open();
        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();

        assertThat(cancelled).isEqualTo(48);
        assertThat(results).allMatch(AsyncResult::isDone);
        assertThat(results.stream().filter(each -> !each.isCancelled()))
                .hasSize(2)
                .allMatch(AsyncResult::successful);
        assertThat(gate.hasArrivals()).isFalse();
    }

    @Test
    default void shutdownNow_runningAndWaiting_returnsThoseNotBegun() throws Exception {
        var executor = newExecutor(1);
        var gate = new Gate();
        io.multijvm.pool.RunnableTask waiting = gate::stay;
        var running = executor.submit(() -> gate.passWith(1));
        gate.awaitArrivals(1);
        var second = executor.submit((Runnable) waiting);
        var third = executor.submit(() -> 3);

        List<Runnable> never = executor.shutdownNow();

        assertThat(never).hasSize(2);
        assertThat(never.get(0)).isSameAs(waiting);
        never.get(1).run();
        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        for (var each : List.of(running, second, third)) {
            assertThatExceptionOfType(CancellationException.class).isThrownBy(each::get);
            assertThat(each.isCancelled()).isTrue();
        }
        assertThat(executor.isTerminated()).isTrue();
        assertThat(executor.shutdownNow()).isEmpty();
    }

    @Test
    @Conforms({
        "ProcessPoolShutdownTest.test_processes_terminate",
        "ProcessPoolShutdownTest.test_context_manager_shutdown"
    })
    default void close_tasksOnDemand_waitsAndEndsWorkers() throws Exception {
        var gate = new Gate();
        List<AsyncResult<Integer>> results;
        List<ProcessHandle> workers;
        try (ProcessPoolExecutor executor = context().executor(5)) {
            results = submitted(executor, 3, gate);
            gate.awaitArrivals(3);
            assertThat(executor.pids()).hasSize(3);
            workers = executor.pids().stream()
                    .map(pid -> ProcessHandle.of(pid).orElseThrow())
                    .toList();
            gate.open();
        }
        assertThat(results).allMatch(AsyncResult::isDone);
        assertAllRight(results);
        Waits.until(() -> workers.stream().noneMatch(FamilyWatch::isRunning));
    }

    @Test
    default void close_interrupted_stopsTasksAndKeepsTheInterrupt() throws Exception {
        var executor = newExecutor(1);
        var gate = new Gate();
        var result = submitted(executor, 1, gate).get(0);
        gate.awaitArrivals(1);

        var closing = Background.run(() -> {
                    executor.close();
                    return Thread.currentThread().isInterrupted();
                })
                .awaitWaiting()
                .interrupt();

        assertThat(closing.get()).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(result.isCancelled()).isTrue();
    }

    @Test
    @Conforms({
        "ProcessPoolExecutorTest.test_max_tasks_early_shutdown",
        "ProcessPoolExecutorTest.test_shutdown_no_wait_max_tasks_gh119592",
        "ProcessPoolExecutorTest.test_max_tasks_per_child_defaults_to_spawn_context"
    })
    default void shutdown_oneTaskPerWorkerAndABacklog_allIsDone() throws Exception {
        var executor = newExecutor(PoolOptions.defaults().workers(3).maxTasksPerChild(1));
        var gate = new Gate();
        gate.open();
        var results = submitted(executor, 6, gate);

        executor.shutdown(false, false);

        assertAllRight(results);
        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    @Conforms("ProcessPoolExecutorTest.test_max_tasks_per_child_pending_tasks_gh115634")
    default void maxTasksPerChild_backlog_allIsDone() throws Exception {
        for (int[] workersAndTasks : new int[][] {{1, 6}, {2, 8}}) {
            var executor = newExecutor(
                    PoolOptions.defaults().workers(workersAndTasks[0]).maxTasksPerChild(2));
            var gate = new Gate();
            gate.open();
            assertAllRight(submitted(executor, workersAndTasks[1], gate));
        }
    }

    @Test
    @Conforms({
        "ProcessPoolShutdownTest.test_shutdown_gh_132969_case_1",
        "ProcessPoolShutdownTest.test_shutdown_gh_132969_case_2"
    })
    default void shutdown_oneTaskPerWorkerAndAFailingTask_ends() throws Exception {
        for (int workers : new int[] {2, 4}) {
            var executor = newExecutor(PoolOptions.defaults().workers(workers).maxTasksPerChild(1));
            var good = executor.submit(() -> 1);
            var bad = executor.submit(() -> new Unfriendly.Unwritable(() -> {
                throw new java.io.IOException("cannot be written");
            }));
            var last = executor.submit(() -> 0);

            executor.shutdown(false, false);

            assertThat(good.get() + last.get()).isEqualTo(1);
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(bad::get);
            assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    @Conforms({
        "ProcessPoolExecutorTest.test_force_shutdown_workers",
        "ProcessPoolExecutorTest.test_force_shutdown_workers_stops_pool",
        "ProcessPoolExecutorTest.test_terminate_workers",
        "ProcessPoolExecutorTest.test_kill_workers"
    })
    default void terminateOrKillWorkers_blockedTask_endsIt() throws Exception {
        for (boolean kill : new boolean[] {false, true}) {
            var executor = newExecutor(1);
            var gate = new Gate();
            var after = new Gate();
            var result = executor.submit(() -> {
                gate.pass();
                after.arrive();
                return 1;
            });
            gate.awaitArrivals(1);
            var worker = ProcessHandle.of(executor.pids().get(0)).orElseThrow();

            if (kill) {
                executor.killWorkers();
            } else {
                executor.terminateWorkers();
            }

            assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.submit(() -> 1));
            assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
            assertThatExceptionOfType(CancellationException.class).isThrownBy(result::get);
            Waits.until(() -> !FamilyWatch.isRunning(worker));
            assertThat(after.hasArrivals()).isFalse();
        }
    }

    @Test
    @Conforms("ProcessPoolExecutorTest.test_force_shutdown_workers_not_started_yet")
    default void terminateOrKillWorkers_noneStarted_startsNone() throws Exception {
        for (boolean kill : new boolean[] {false, true}) {
            var executor = newExecutor(1);
            if (kill) {
                executor.killWorkers();
            } else {
                executor.terminateWorkers();
            }
            assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
            assertThat(executor.stats().workersStarted()).isZero();
        }
    }

    @Test
    @Conforms("ProcessPoolExecutorTest.test_force_shutdown_during_max_tasks_worker_exit")
    default void terminateWorkers_whileOneLeavesAtItsLimit_replacesNone() throws Exception {
        var executor = newExecutor(PoolOptions.defaults().workers(1).maxTasksPerChild(1));
        var first = executor.submit(() -> 1);
        var results = submitted(executor, 4, new Gate());
        first.get();

        executor.terminateWorkers();

        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        assertThat(results).allMatch(AsyncResult::isCancelled);
        assertThat(executor.pids()).isEmpty();
    }

    @Test
    @Conforms({"ThreadPoolShutdownTest.test_thread_names_assigned", "ThreadPoolShutdownTest.test_thread_names_default"})
    default void name_ofThePool_isThatOfItsWorkersAndThreads() throws Exception {
        var executor = newExecutor(PoolOptions.defaults().workers(1).name("crunchers"));

        assertThat(executor.submit(() -> io.multijvm.MultiJvm.currentProcess().name())
                        .get())
                .isEqualTo("crunchers-1");
        assertThat(Thread.getAllStackTraces().keySet())
                .anyMatch(thread -> thread.getName().startsWith("multijvm-crunchers") && thread.isDaemon());
        assertThat(executor).hasToString(executor.toString()).asString().contains("crunchers");
    }
}
