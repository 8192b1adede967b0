package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.PoolParties;
import io.multijvm.contract.Waits;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.Rounds;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Workers are killed at moments that nobody has chosen, while tasks of all sizes go through the pool. Every result is either the
 * right one or the death of a worker that was killed, and no task runs twice.
 */
@ForkTest
final class PoolKillTest extends PoolParties {
    private static final int WORKERS = 3;
    private static final int A_FEW = Rounds.of(12, 60);
    private static final int MANY = 1_000;
    private static final int UNDER_WAY = 300;
    private static final int MOST_TASKS = 8_000_000;
    private static final int LARGE = 200_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Set<Long> killed = Collections.synchronizedSet(new HashSet<>());
    private int submitted;
    private int returned;
    private int died;

    PoolKillTest() {
        super(StartMethod.FORKSERVER);
    }

    @Test
    @Timeout(900)
    void killedAFewTimes_everyTaskIsAccountedFor() throws Exception {
        play(A_FEW, Retry.none());
    }

    @Test
    @Timeout(900)
    void killedAFewTimes_withRetries_everyTaskReturns() throws Exception {
        play(A_FEW, Retry.attempts(1_000));
        assertThat(died).isZero();
    }

    @Test
    @StressTest
    @Timeout(3_600)
    void killedManyTimes_everyTaskIsAccountedFor() throws Exception {
        play(MANY, Retry.none());
    }

    private record Expected(AsyncResult<byte[]> result, int number, int size) {}

    private void play(int kills, Retry retry) throws Exception {
        Pool pool = newPool(PoolOptions.defaults().workers(WORKERS).retry(retry));
        try (var runs = SharedIntArray.of(MOST_TASKS)) {
            var underWay = new ArrayDeque<Expected>();
            int untilNext = 10;
            while (killed.size() < kills && submitted < MOST_TASKS) {
                while (underWay.size() < UNDER_WAY) {
                    underWay.add(submit(pool, runs));
                }
                for (int i = random.nextInt(UNDER_WAY / 2); i > 0; i--) {
                    check(underWay.remove());
                }
                if (untilNext-- <= 0) {
                    kill(pool);
                    untilNext = random.nextInt(3);
                }
            }
            for (Expected each : underWay) {
                check(each);
            }
            account(pool, runs, retry);
        }
    }

    private Expected submit(Pool pool, SharedIntArray runs) {
        int number = submitted++;
        int size = random.nextInt(20) == 0 ? LARGE : random.nextInt(100);
        byte[] argument = new byte[random.nextInt(20) == 0 ? LARGE : 10];
        int turns = random.nextInt(100) == 0 ? 50_000 : random.nextInt(1_000);
        return new Expected(pool.applyAsync(() -> answer(runs, number, size, argument, turns)), number, size);
    }

    private static byte[] answer(SharedIntArray runs, int number, int size, byte[] argument, int turns) {
        runs.incrementAndGet(number);
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
        byte[] answer = new byte[size];
        java.util.Arrays.fill(answer, (byte) (number + argument[0]));
        return answer;
    }

    private void check(Expected expected) throws Exception {
        try {
            byte[] answer = expected.result.get(PATIENCE);
            assertThat(answer).as("task %d, seed %d", expected.number, seed).hasSize(expected.size);
            for (byte each : answer) {
                if (each != (byte) expected.number) {
                    throw new AssertionError("wrong answer to task " + expected.number + ", seed " + seed);
                }
            }
            returned++;
        } catch (ExecutionException e) {
            assertThat(e).as("task %d, seed %d", expected.number, seed).hasCauseInstanceOf(WorkerDiedException.class);
            var death = (WorkerDiedException) e.getCause();
            assertThat(killed).as("seed %d", seed).contains(death.pid());
            assertThat(death.exitCode()).as("seed %d", seed).isEqualTo(-ProcessControl.SIGKILL);
            assertThat(death.reason()).isEmpty();
            died++;
        }
        assertThat(expected.result.complete(new byte[0])).isFalse();
    }

    private void kill(Pool pool) {
        // Those that have run something: three in a row that die before they are ready break a pool.
        List<Long> pids = new ArrayList<>();
        for (PoolStats.WorkerStats each : pool.stats().workers()) {
            if (each.tasks() > 0 && !killed.contains(each.pid())) {
                pids.add(each.pid());
            }
        }
        Collections.shuffle(pids, random);
        for (int i = pids.isEmpty() ? 0 : random.nextInt(pids.size()) + 1; i > 0; i--) {
            long pid = pids.get(i - 1);
            killed.add(pid);
            try {
                ProcessControl.signal((int) pid, ProcessControl.SIGKILL);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            for (int turn = random.nextInt(2_000); turn > 0; turn--) {
                Thread.onSpinWait();
            }
        }
    }

    /** What must be so in the end; says what happened. */
    @SuppressWarnings("SystemOut")
    private void account(Pool pool, SharedIntArray runs, Retry retry) throws Exception {
        System.out.println(killed.size() + " kills, " + submitted + " tasks, " + returned + " returned, " + died
                + " died with their worker, seed " + seed);
        assertThat(returned + died).isEqualTo(submitted);
        assertThat(died).as("one at most of each worker").isLessThanOrEqualTo(killed.size());
        if (retry == Retry.none()) {
            for (int i = 0; i < submitted; i++) {
                if (runs.get(i) > 1) {
                    throw new AssertionError("task " + i + " ran " + runs.get(i) + " times, seed " + seed);
                }
            }
        }
        Waits.until(() -> pool.pids().size() == WORKERS);
        PoolStats stats = pool.stats();
        assertThat(stats.done()).isEqualTo(returned);
        assertThat(stats.failed()).isEqualTo(died);
        assertThat(stats.queued() + stats.running()).isZero();
        assertThat(pool.map(n -> n + 1, List.of(1, 2, 3), 1)).containsExactly(2, 3, 4);
    }
}
