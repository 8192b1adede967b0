package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.PoolParties;
import io.multijvm.contract.Waits;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten minutes of kills, cancels, time limits and pauses, after which nothing is lost, hung or left. */
@ForkTest
final class PoolSoakTest extends PoolParties {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration REPORT = Duration.ofMinutes(1);
    private static final int WORKERS = 3;
    private static final int UNDER_WAY = 100;
    private static final int TASKS = 30_000_000;

    /** What became of a task. */
    private enum End {
        RETURNED,
        DIED,
        CANCELLED,
        LATE,
        REFUSED_TO_CANCEL
    }

    private record Expected(AsyncResult<Integer> result, int number, boolean cancelled, boolean limited) {}

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Map<End, Integer> ends = new EnumMap<>(End.class);
    private final Set<Long> killed = new HashSet<>();
    private int submitted;
    private int pauses;

    PoolSoakTest() {
        super(StartMethod.FORKSERVER);
    }

    @Test
    @StressTest
    @Timeout(1_200)
    void soak_tenMinutes_nothingIsLostHungOrLeft() throws Exception {
        play(LONG);
    }

    @Test
    @Timeout(900)
    void soak_fewSeconds_nothingIsLostHungOrLeft() throws Exception {
        play(Duration.ofSeconds(10));
    }

    private void play(Duration howLong) throws Exception {
        Deadline end = Deadline.after(howLong);
        Deadline report = Deadline.after(REPORT);
        var executor = newExecutor(PoolOptions.defaults().workers(WORKERS).grace(Duration.ofMillis(100)));
        try (var runs = SharedIntArray.of(TASKS)) {
            var underWay = new ArrayDeque<Expected>();
            while (!end.isOver() && submitted < TASKS - UNDER_WAY) {
                while (underWay.size() < UNDER_WAY) {
                    underWay.add(submit(executor, runs));
                }
                for (int i = random.nextInt(UNDER_WAY); i > 0; i--) {
                    check(underWay.remove());
                }
                if (random.nextInt(20) == 0) {
                    disturb(executor.stats().workers().stream()
                            .filter(each -> each.tasks() > 0)
                            .map(PoolStats.WorkerStats::pid)
                            .toList());
                }
                if (report.isOver()) {
                    report();
                    report = Deadline.after(REPORT);
                }
            }
            for (Expected each : underWay) {
                check(each);
            }
            report();
            assertThat(ends.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(submitted);
            for (int i = 0; i < submitted; i++) {
                if (runs.get(i) > 1) {
                    throw new AssertionError("task " + i + " ran " + runs.get(i) + " times, seed " + seed);
                }
            }
            Waits.until(() -> executor.stats().queued() + executor.stats().running() == 0);
            assertThat(executor.submit(() -> 1).get(PATIENCE)).isEqualTo(1);
        }
    }

    private Expected submit(io.multijvm.executor.ProcessPoolExecutor executor, SharedIntArray runs) {
        int number = submitted++;
        boolean slow = random.nextInt(200) == 0;
        boolean stuck = slow && random.nextBoolean();
        boolean limited = slow && random.nextBoolean();
        var options = limited ? TaskOptions.defaults().timeout(Duration.ofMillis(50)) : TaskOptions.defaults();
        AsyncResult<Integer> result = executor.submit(() -> work(runs, number, slow, stuck), options);
        boolean cancelled = slow ? !limited : random.nextInt(50) == 0;
        return new Expected(result, number, cancelled && result.cancel(true), limited);
    }

    private static int work(SharedIntArray runs, int number, boolean slow, boolean stuck) throws InterruptedException {
        runs.incrementAndGet(number);
        long turns = 0;
        while (slow && turns >= 0) {
            turns = (turns + 1) & Long.MAX_VALUE;
            if (!stuck && Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return number;
    }

    private void check(Expected expected) throws Exception {
        End end;
        try {
            assertThat(expected.result.get(PATIENCE))
                    .as("task %d, seed %d", expected.number, seed)
                    .isEqualTo(expected.number);
            end = expected.cancelled ? End.REFUSED_TO_CANCEL : End.RETURNED;
        } catch (CancellationException e) {
            assertThat(expected.cancelled).as("seed %d", seed).isTrue();
            end = End.CANCELLED;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TaskTimeoutException) {
                assertThat(expected.limited).as("seed %d", seed).isTrue();
                end = End.LATE;
            } else {
                if (!(e.getCause() instanceof WorkerDiedException death) || !killed.contains(death.pid())) {
                    throw new AssertionError("task " + expected.number + ", seed " + seed, e);
                }
                end = End.DIED;
            }
        }
        ends.merge(end, 1, Integer::sum);
    }

    private void disturb(List<Long> pids) throws IOException {
        if (pids.isEmpty()) {
            return;
        }
        long pid = pids.get(random.nextInt(pids.size()));
        if (random.nextInt(3) > 0) {
            killed.add(pid);
            ProcessControl.signal((int) pid, ProcessControl.SIGKILL);
        } else {
            pauses++;
            ProcessControl.signal((int) pid, ProcessControl.SIGSTOP);
            for (int turn = random.nextInt(20_000); turn > 0; turn--) {
                Thread.onSpinWait();
            }
            ProcessControl.signal((int) pid, ProcessControl.SIGCONT);
        }
    }

    @SuppressWarnings("SystemOut")
    private void report() {
        System.out.println(
                submitted + " tasks, " + killed.size() + " kills, " + pauses + " pauses: " + ends + ", seed " + seed);
    }
}
