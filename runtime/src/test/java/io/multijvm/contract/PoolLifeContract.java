package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolOptions;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How pools begin and end, and their workers come and go. */
public interface PoolLifeContract extends PoolSource {
    @Test
    @Conforms("_TestPool.test_make_pool")
    default void create_sizes_thereAreSoManyWorkers() {
        assertThatIllegalArgumentException().isThrownBy(() -> context().pool(0));
        assertThatIllegalArgumentException().isThrownBy(() -> context().pool(-1));
        Pool pool = newPool(3);

        Waits.until(() -> pool.pids().size() == 3);
        assertThat(pool.stats().workers()).hasSize(3);
        assertThat(new HashSet<>(pool.pids())).hasSize(3);
        assertThat(pool.pids()).allMatch(pid -> ProcessHandle.of(pid).isPresent());
    }

    @Test
    @Conforms("_TestPool.test_terminate")
    default void terminate_longBacklog_endsAtOnce() throws Exception {
        Pool pool = newPool(2);
        var gate = new Gate();
        var results = new ArrayList<AsyncResult<?>>();
        AsyncResult<List<String>> map = pool.mapAsync(
                n -> gate.passWith("never"), IntStream.range(0, 10_000).boxed().toList(), 1);
        results.add(pool.applyAsync(gate::pass));
        gate.awaitArrivals(2);

        pool.terminate();

        assertThat(pool.join(PATIENCE)).isTrue();
        assertThat(pool.pids()).isEmpty();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(map::get);
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> results.get(0).get());
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.applyAsync(() -> 1));
        assertThat(gate.hasArrivals()).isFalse();
    }

    @Test
    @Conforms({"_TestPool.test_context", "_TestPool.test_enter"})
    default void close_tryBlockLeft_poolIsTerminated() throws Exception {
        Pool kept;
        AsyncResult<Integer> pending;
        var gate = new Gate();
        try (Pool pool = context().pool(2)) {
            kept = pool;
            assertThat(pool.map(n -> n + 1, List.of(1, 2))).containsExactly(2, 3);
            pending = pool.applyAsync(() -> gate.passWith(1));
        }
        assertThatExceptionOfType(CancellationException.class).isThrownBy(pending::get);
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> kept.mapAsync(n -> n, List.of(1, 2)));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> kept.apply(() -> 1));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> kept.imap(n -> n, List.of(1, 2)));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> kept.mapAsync(n -> n, List.of()));
        assertThat(kept.pids()).isEmpty();
        kept.join();
        kept.close();
        kept.terminate();
        kept.shutdown();
    }

    @Test
    default void shutdown_pendingTasks_areFinished() throws Exception {
        Pool pool = newPool(2);
        var gate = new Gate();
        var results = new ArrayList<AsyncResult<Integer>>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            results.add(pool.applyAsync(() -> gate.passWith(number)));
        }
        AsyncResult<List<Integer>> map =
                pool.mapAsync(n -> n + 1, IntStream.range(0, 100).boxed().toList(), 7);

        pool.shutdown();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.applyAsync(() -> 1));
        assertThat(pool.join(Duration.ZERO)).isFalse();
        assertThat(pool.join(Duration.ofMillis(50))).isFalse();
        gate.open();

        assertThat(pool.join(PATIENCE)).isTrue();
        for (int i = 0; i < 20; i++) {
            assertThat(results.get(i).isDone()).isTrue();
            assertThat(results.get(i).get()).isEqualTo(i);
        }
        assertThat(map.isDone()).isTrue();
        assertThat(map.get()).hasSize(100);
        assertThat(pool.pids()).isEmpty();
    }

    @Test
    default void join_runningPool_isRefused() {
        Pool pool = sharedPool(1);

        assertThatIllegalStateException().isThrownBy(pool::join);
        assertThatIllegalStateException().isThrownBy(() -> pool.join(Duration.ZERO));
    }

    @Test
    default void join_interrupted_saysSoAndPoolIsAsBefore() throws Exception {
        Pool pool = newPool(1);
        var gate = new Gate();
        var result = pool.applyAsync(() -> gate.passWith(1));
        gate.awaitArrivals(1);
        pool.shutdown();

        var joining = Background.run(() -> pool.join(null)).awaitWaiting().interrupt();

        assertThat(joining.failure()).isInstanceOf(InterruptedException.class);
        gate.open();
        assertThat(pool.join(PATIENCE)).isTrue();
        assertThat(result.get()).isEqualTo(1);
    }

    @Test
    default void shutdown_idlePool_ends() throws Exception {
        Pool pool = newPool(2);
        pool.shutdown();

        assertThat(pool.join(PATIENCE)).isTrue();
        assertThat(pool.pids()).isEmpty();
    }

    @Test
    @Conforms("_TestPoolWorkerLifetime.test_pool_worker_lifetime")
    default void maxTasksPerChild_manyTasks_workersAreReplaced() throws Exception {
        Pool pool = newPool(PoolOptions.defaults().workers(3).maxTasksPerChild(10));
        Waits.until(() -> pool.pids().size() == 3);
        var before = new HashSet<>(pool.pids());

        var results = new ArrayList<AsyncResult<Integer>>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            results.add(pool.applyAsync(() -> number * number));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(results.get(i).get()).isEqualTo(i * i);
        }
        Waits.until(() -> pool.pids().size() == 3 && !before.equals(new HashSet<>(pool.pids())));
        assertThat(pool.stats().workersDied()).isZero();
        assertThat(pool.stats().workersStarted()).isGreaterThanOrEqualTo(10);
    }

    @Test
    default void maxTasksPerChild_one_everyTaskHasItsOwnWorker() throws Exception {
        Pool pool = newPool(PoolOptions.defaults().workers(2).maxTasksPerChild(1));

        var pids = pool.map(
                n -> ProcessHandle.current().pid(),
                IntStream.range(0, 8).boxed().toList(),
                1);

        assertThat(pids).doesNotHaveDuplicates();
    }

    @Test
    @Conforms("_TestPoolWorkerLifetime.test_pool_worker_lifetime_early_close")
    default void maxTasksPerChild_shutdownWithBacklog_allIsDone() throws Exception {
        Pool pool = newPool(PoolOptions.defaults().workers(3).maxTasksPerChild(1));
        var results = new ArrayList<AsyncResult<Integer>>();
        for (int i = 0; i < 6; i++) {
            int number = i;
            results.add(pool.applyAsync(() -> number * number));
        }

        pool.shutdown();

        assertThat(pool.join(PATIENCE)).isTrue();
        for (int i = 0; i < 6; i++) {
            assertThat(results.get(i).getNow(-1)).isEqualTo(i * i);
        }
    }

    @Test
    @Conforms("_TestPoolWorkerLifetime.test_pool_maxtasksperchild_invalid")
    default void options_outOfRange_areRefused() {
        var options = PoolOptions.defaults();

        assertThatIllegalArgumentException().isThrownBy(() -> options.maxTasksPerChild(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.maxTasksPerChild(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> options.workers(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.minWorkers(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> options.maxWorkerMemory(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.capacity(0, PoolOptions.WhenFull.BLOCK));
        assertThatIllegalArgumentException().isThrownBy(() -> options.taskTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> options.grace(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> options.idleTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> options.restartBudget(-1, Duration.ofSeconds(1)));
    }

    @Test
    @EveryStartMethod
    @Conforms("TestInitializers.test_pool_initializer")
    default void initializer_oneWorker_runsOnceBeforeTheFirstTask() throws Exception {
        var runs = new Gate();
        String setting = "argument";
        Pool pool = context().pool(1, () -> {
            runs.arrive();
            System.setProperty("multijvm.test.initialised", setting);
        });
        try (pool) {
            assertThat(pool.apply(() -> System.getProperty("multijvm.test.initialised")))
                    .isEqualTo("argument");
            pool.map(n -> n, List.of(1, 2, 3), 1);
        }
        runs.awaitArrivals(1);
        assertThat(runs.hasArrivals()).isFalse();
    }

    @Test
    default void atWorkerEnd_workersThatEndInOrder_runIt() throws Exception {
        var ended = new Gate();
        Pool pool = newPool(PoolOptions.defaults()
                .workers(2)
                .maxTasksPerChild(2)
                .grace(PATIENCE)
                .atWorkerEnd(ended::arrive));
        pool.map(n -> n, IntStream.range(0, 8).boxed().toList(), 1);
        pool.shutdown();
        assertThat(pool.join(PATIENCE)).isTrue();

        ended.awaitArrivals(4);
    }

    @Test
    @Conforms("_TestPool.test_release_task_refs")
    default void tasks_done_leaveNothingBehind() throws Exception {
        Pool pool = sharedPool(2);

        References.of(10, value -> pool.apply(() -> value)).awaitGone();
        References.of(10, value -> pool.map(each -> each, List.of(value, value)).get(0))
                .awaitGone();
    }

    @Test
    default void tasks_doneLongBeforeTheirTimeout_leaveNothingBehind() throws Exception {
        Pool pool = newPool(PoolOptions.defaults().workers(2).taskTimeout(Duration.ofHours(1)));

        References.of(10, value -> pool.apply(() -> value)).awaitGone();
    }

    @Test
    @Conforms("TestStdinBadfiledescriptor.test_pool_in_process")
    default void pool_inATask_works() throws Exception {
        Pool pool = newPool(1);

        int sum = pool.apply(() -> {
            try (Pool inner = io.multijvm.MultiJvm.pool(2)) {
                return inner.map(n -> n * n, List.of(1, 2, 3)).stream()
                        .mapToInt(Integer::intValue)
                        .sum();
            }
        });

        assertThat(sum).isEqualTo(14);
    }

    @Test
    default void stats_afterTasks_countThem() throws Exception {
        Pool pool = newPool(2);
        Waits.until(() -> pool.stats().workers().size() == 2);
        pool.map(n -> n, List.of(1, 2, 3, 4), 1);
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> pool.apply(() -> 1 / (int) zero()));
        var gate = new Gate();
        var running = pool.applyAsync(gate::pass);
        gate.awaitArrivals(1);

        var stats = pool.stats();

        assertThat(stats.done()).isEqualTo(4);
        assertThat(stats.failed()).isEqualTo(1);
        assertThat(stats.running()).isEqualTo(1);
        assertThat(stats.queued()).isZero();
        assertThat(stats.retried()).isZero();
        assertThat(stats.workers()).hasSize(2).allMatch(each -> each.pid() == 0 || each.memory() > 0);
        assertThat(stats.workers().stream().mapToLong(each -> each.tasks()).sum())
                .isEqualTo(5);
        gate.open();
        running.get();
    }

    private static double zero() {
        return 0.0;
    }
}
