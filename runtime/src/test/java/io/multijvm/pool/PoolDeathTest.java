package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.Gate;
import io.multijvm.contract.PoolParties;
import io.multijvm.contract.Unfriendly;
import io.multijvm.contract.Waits;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Workers that die, wherever they are: who waits is told, nobody else notices, and the pool is full again. */
@ForkTest
final class PoolDeathTest extends PoolParties {
    private final Gate gate = new Gate();

    PoolDeathTest() {
        super(StartMethod.FORKSERVER);
    }

    private static WorkerDiedException deathOf(AsyncResult<?> result) {
        Throwable cause = catchThrowableOfType(ExecutionException.class, () -> result.get(PATIENCE))
                .getCause();
        assertThat(cause).isInstanceOf(WorkerDiedException.class);
        return (WorkerDiedException) cause;
    }

    private static void assertIsFull(Pool pool, int workers) throws Exception {
        Waits.until(() -> pool.pids().size() == workers);
        assertThat(pool.map(n -> n + 1, IntStream.range(0, 100).boxed().toList(), 1))
                .hasSize(100);
    }

    @Test
    void killed_running_failsItsTaskAlone() throws Exception {
        Pool pool = newPool(PoolOptions.defaults().workers(2).name("victims"));
        Gate here = gate;
        var victim = pool.applyAsync(() -> here.passWith(ProcessHandle.current().pid()));
        var neighbour =
                pool.applyAsync(() -> here.passWith(ProcessHandle.current().pid()));
        here.awaitArrivals(2);
        var waiting =
                IntStream.range(0, 10).mapToObj(n -> pool.applyAsync(() -> n)).toList();
        long first = pool.pids().get(0);

        Signals.send("KILL", first);

        Waits.until(() -> victim.isDone() || neighbour.isDone());
        var dead = victim.isDone() ? victim : neighbour;
        var alive = dead == victim ? neighbour : victim;
        WorkerDiedException death = deathOf(dead);
        assertThat(death.pid()).isEqualTo(first);
        assertThat(death.exitCode()).isEqualTo(-9);
        assertThat(death.reason()).isEmpty();
        assertThat(death.worker()).startsWith("victims-");
        assertThat(death.task()).isNotEmpty();
        assertThat(death.errorFile()).isEmpty();
        assertThat(death).hasMessageContaining("signal 9").hasMessageContaining(Long.toString(first));
        here.open();
        assertThat(alive.get(PATIENCE)).isNotEqualTo(first);
        for (int i = 0; i < 10; i++) {
            assertThat(waiting.get(i).get(PATIENCE)).isEqualTo(i);
        }
        assertIsFull(pool, 2);
        assertThat(pool.stats().workersDied()).isEqualTo(1);
    }

    @Test
    void killed_lastWords_areInTheFailure() throws Exception {
        Pool pool = newPool(1);
        Gate here = gate;
        var victim = pool.applyAsync(
                () -> {
                    System.err.println("the last words");
                    System.err.flush();
                    return here.passWith(1);
                },
                TaskOptions.defaults().name("the unlucky one"));
        here.awaitArrivals(1);

        Signals.send("KILL", pool.pids().get(0));

        WorkerDiedException death = deathOf(victim);
        assertThat(death.task()).contains("the unlucky one");
        assertThat(death.stderrTail()).contains("the last words");
    }

    @Test
    void killed_idle_isReplacedAndNoTaskIsLost() throws Exception {
        Pool pool = newPool(2);
        pool.map(n -> n, List.of(1, 2, 3), 1);
        Waits.until(() -> pool.pids().size() == 2);
        var before = pool.pids();
        for (long pid : before) {
            Signals.send("KILL", pid);
        }

        assertThat(pool.apply(() -> 1)).isEqualTo(1);
        Waits.until(() -> pool.pids().size() == 2 && pool.pids().stream().noneMatch(before::contains));
        assertIsFull(pool, 2);
    }

    @Test
    void killed_starting_isReplacedAndNoTaskIsLost() throws Exception {
        Gate here = gate;
        Pool pool = newPool(PoolOptions.defaults().workers(1).initializer(here::pass));
        var result = pool.applyAsync(() -> 1);
        here.awaitArrivals(1);
        Waits.until(() -> !pool.pids().isEmpty()); // its start may not have returned here

        Signals.send("KILL", pool.pids().get(0));
        here.open();

        assertThat(result.get(PATIENCE)).isEqualTo(1);
        assertThat(pool.stats().workersDied()).isEqualTo(1);
    }

    @Test
    void killed_receivingALargeArgument_failsItsTaskAlone() throws Exception {
        Pool pool = newPool(1);
        Gate here = gate;
        var rebuilt = new Unfriendly.Unreadable(here::stay);
        byte[] large = new byte[2 << 20];
        var victim = pool.applyAsync(() -> rebuilt.call() + large.length);
        var next = pool.applyAsync(() -> large.length);
        here.awaitArrivals(1);

        Signals.send("KILL", pool.pids().get(0));

        assertThat(deathOf(victim).exitCode()).isEqualTo(-9);
        assertThat(next.get(PATIENCE)).isEqualTo(2 << 20);
    }

    @Test
    void killed_writingALargeResult_failsItsTaskAlone() throws Exception {
        Pool pool = newPool(1);
        Gate here = gate;
        var victim = pool.applyAsync(() -> List.of(new byte[2 << 20], new Unfriendly.Unwritable(here::stay)));
        var next = pool.applyAsync(() -> new byte[2 << 20].length);
        here.awaitArrivals(1);

        Signals.send("KILL", pool.pids().get(0));

        assertThat(deathOf(victim).exitCode()).isEqualTo(-9);
        assertThat(next.get(PATIENCE)).isEqualTo(2 << 20);
    }

    @Test
    void killed_whileLargeResultsCome_eachResultIsRightOrItsDeath() throws Exception {
        Pool pool = newPool(2);
        for (int round = 0; round < 5; round++) {
            var results = new ArrayList<AsyncResult<byte[]>>();
            for (int i = 0; i < 40; i++) {
                results.add(pool.applyAsync(() -> new byte[1 << 20]));
            }
            results.get(round * 4).get(PATIENCE);
            Waits.until(() -> !pool.pids().isEmpty());
            Signals.send("KILL", pool.pids().get(0));

            int died = 0;
            for (AsyncResult<byte[]> each : results) {
                try {
                    assertThat(each.get(PATIENCE)).hasSize(1 << 20);
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(WorkerDiedException.class);
                    died++;
                }
            }
            assertThat(died).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void killed_inItsInitialiserForEver_breaksThePool() throws Exception {
        Pool pool = newPool(PoolOptions.defaults()
                .workers(1)
                .initializer(() -> Runtime.getRuntime().halt(3)));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> pool.applyAsync(() -> 1).get(PATIENCE))
                .withCauseInstanceOf(BrokenProcessPoolException.class);
    }

    @Test
    void killed_duringShutdown_endsAndNoOtherTaskIsLost() throws Exception {
        Pool pool = newPool(1);
        Gate here = gate;
        var victim = pool.applyAsync(() -> here.passWith(1));
        var waiting =
                IntStream.range(0, 5).mapToObj(n -> pool.applyAsync(() -> n)).toList();
        here.awaitArrivals(1);
        pool.shutdown();

        Signals.send("KILL", pool.pids().get(0));

        assertThat(pool.join(PATIENCE)).isTrue();
        deathOf(victim);
        for (int i = 0; i < 5; i++) {
            assertThat(waiting.get(i).get(PATIENCE)).isEqualTo(i);
        }
    }

    @Test
    void killed_withAFullChannel_failsOneTaskAlone() throws Exception {
        Pool pool = newPool(1);
        pool.map(n -> n, IntStream.range(0, 10_000).boxed().toList(), 1); // so that much is sent ahead
        Gate here = gate;
        var victim = pool.applyAsync(() -> here.passWith(1));
        byte[] some = new byte[10_000];
        var waiting = IntStream.range(0, 300)
                .mapToObj(n -> pool.applyAsync(() -> some.length + n))
                .toList();
        here.awaitArrivals(1);

        Signals.send("KILL", pool.pids().get(0));

        deathOf(victim);
        for (int i = 0; i < 300; i++) {
            assertThat(waiting.get(i).get(PATIENCE)).isEqualTo(10_000 + i);
        }
    }

    @Test
    void killed_inAMap_failsItWhenTheOthersAreDone() throws Exception {
        Pool pool = newPool(2);
        Gate here = gate;
        var map = pool.mapAsync(
                n -> n == 3 ? here.passWith(n) : n,
                IntStream.range(0, 20).boxed().toList(),
                1);
        here.awaitArrivals(1);
        Waits.until(() -> pool.stats().done() == 19 && pool.stats().running() == 1);
        var busy = pool.stats().workers();

        for (var each : busy) {
            Signals.send("KILL", each.pid());
        }

        deathOf(map);
        assertIsFull(pool, 2);
    }

    @Test
    void killed_holdingALock_nextTaskGetsIt() throws Exception {
        Pool pool = newPool(2);
        Gate here = gate;
        var lock = MultiJvm.rlock();
        var pids = MultiJvm.<Long>queue();
        var victim = pool.applyAsync(() -> {
            lock.lock();
            pids.put(ProcessHandle.current().pid());
            return here.passWith(1);
        });
        here.awaitArrivals(1);
        var next = pool.applyAsync(() -> {
            lock.lock();
            return 1;
        });

        Signals.send("KILL", pids.take());

        deathOf(victim);
        assertThat(next.await(PATIENCE)).isTrue();
    }

    @Test
    void outOfMemory_task_failsWithThatAndItsWorkerEnds() throws Exception {
        Pool pool = newPool(PoolOptions.defaults().workers(1).heap("32m"));
        long before = pool.apply(() -> ProcessHandle.current().pid());
        var result = pool.applyAsync(() -> {
            var all = new ArrayList<long[]>();
            while (true) {
                all.add(new long[1 << 17]);
                if (all.size() < 0) {
                    return all.size();
                }
            }
        });
        var next = pool.applyAsync(() -> ProcessHandle.current().pid());

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> result.get(PATIENCE))
                .satisfies(thrown -> assertThat(thrown.getCause())
                        .satisfiesAnyOf(
                                cause -> assertThat(cause).isInstanceOf(OutOfMemoryError.class),
                                cause -> assertThat(cause).hasMessageContaining("OutOfMemoryError")));
        assertThat(next.get(PATIENCE)).isNotEqualTo(before);
        assertThat(pool.stats().workersDied()).isZero();
    }

    @Test
    void stackOverflow_task_failsWithThatAndItsWorkerStays() throws Exception {
        Pool pool = newPool(1);
        long before = pool.apply(() -> ProcessHandle.current().pid());
        var result = pool.applyAsync(() -> deep(1));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> result.get(PATIENCE))
                .withStackTraceContaining("StackOverflowError");
        assertThat(pool.apply(() -> ProcessHandle.current().pid())).isEqualTo(before);
    }

    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private static int deep(int level) {
        return deep(level + 1) + 1;
    }

    @Test
    void terminated_bySomebodyElse_isNoDoingOfThePool() throws Exception {
        Pool pool = newPool(1);
        Gate here = gate;
        var victim = pool.applyAsync(() -> here.passWith(1));
        here.awaitArrivals(1);

        Signals.send("TERM", pool.pids().get(0));

        WorkerDiedException death = deathOf(victim);
        assertThat(death.exitCode()).isEqualTo(-15);
        assertThat(death.reason()).isEmpty();
    }

    @Test
    void paused_worker_isNoDeadOne() throws Exception {
        Pool pool = newPool(1);
        Gate here = gate;
        var result = pool.applyAsync(() -> here.passWith(1));
        here.awaitArrivals(1);
        long pid = pool.pids().get(0);
        Signals.send("STOP", pid);
        await().until(() -> ProcessControl.isStopped((int) pid));
        here.open();

        assertThat(result.await(Duration.ofMillis(500))).isFalse();
        Signals.send("CONT", pid);
        assertThat(result.get(PATIENCE)).isEqualTo(1);
    }

    @Test
    void killed_inEveryPoolOfANest_innerWorkersEndWithTheirs() throws Exception {
        Pool pool = newPool(1);
        Gate here = gate;
        var pids = MultiJvm.<List<Long>>queue();
        var victim = pool.applyAsync(() -> {
            try (Pool inner = MultiJvm.pool(2)) {
                Waits.until(() -> inner.pids().size() == 2);
                pids.put(inner.pids());
                return here.passWith(1);
            }
        });
        here.awaitArrivals(1);
        List<Long> inner = pids.take();

        Signals.send("KILL", pool.pids().get(0));

        deathOf(victim);
        Waits.until(() -> inner.stream()
                .noneMatch(pid -> ProcessHandle.of(pid)
                        .map(io.multijvm.contract.FamilyWatch::isRunning)
                        .orElse(false)));
    }

    @Test
    void start_javaThatIsNone_breaksThePoolAndLeavesNothing() throws IOException {
        Pool pool = newPool(PoolOptions.defaults()
                .workers(5)
                .jvm(io.multijvm.process.JvmOptions.defaults().jvmArguments("-Xmx1k")));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> pool.applyAsync(() -> 1).get(PATIENCE))
                .withCauseInstanceOf(BrokenProcessPoolException.class);
        Waits.until(() -> pool.pids().isEmpty());
    }
}
