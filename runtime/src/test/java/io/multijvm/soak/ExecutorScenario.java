package io.multijvm.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.PoolOptions;
import io.multijvm.pool.PoolStats;
import io.multijvm.pool.TaskOptions;
import io.multijvm.pool.TaskTimeoutException;
import io.multijvm.pool.WorkerDiedException;
import io.multijvm.shared.SharedIntArray;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Tasks of one executor with kills, pauses, cancellation, time limits, exhausted heaps, and actions that wait for other tasks. */
final class ExecutorScenario implements Scenario {
    private static final int TASKS = 60;
    private static final long PATIENCE_SECONDS = 60;

    private enum Kind {
        PLAIN,
        COMPOSED,
        WAITING,
        CANCELLED,
        STUCK,
        LIMITED,
        HUNGRY
    }

    private enum End {
        RETURNED,
        DIED,
        CANCELLED,
        LATE,
        STARVED
    }

    private record Expected(Kind kind, int number, CompletableFuture<Integer> result, boolean isCancelled) {}

    private final Random random;
    private final ProcessPoolExecutor executor =
            MultiJvm.executor(PoolOptions.defaults().workers(3).grace(Duration.ofMillis(100)));
    private final Map<End, Integer> ends = new EnumMap<>(End.class);
    private final Set<Long> killed = new HashSet<>();
    private int pauses;

    ExecutorScenario(long seed) {
        random = new Random(seed);
    }

    @Override
    public void round() throws Exception {
        try (var runs = SharedIntArray.of(TASKS)) {
            List<Expected> all = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                all.add(submit(i, runs));
                if (random.nextInt(20) == 0) {
                    disturb();
                }
            }
            for (Expected each : all) {
                End end = endOf(each);
                ends.merge(end, 1, Integer::sum);
                int most = end == End.RETURNED ? 1 : 0;
                assertThat(runs.get(each.number)).as("runs of %s", each).isBetween(most, 1);
            }
        }
        assertThat(executor.submit(() -> 1).get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isEqualTo(1);
    }

    private Expected submit(int number, SharedIntArray runs) {
        Kind kind = kind();
        TaskOptions options =
                kind == Kind.LIMITED ? TaskOptions.defaults().timeout(Duration.ofMillis(50)) : TaskOptions.defaults();
        AsyncResult<Integer> result = executor.submit(() -> work(kind, number, runs), options);
        CompletableFuture<Integer> last = switch (kind) {
            case COMPOSED -> result.thenCompose(value -> executor.submit(() -> value));
            case WAITING ->
                result.thenCombine(
                        executor.submit(() -> 0),
                        (value, zero) -> value + executor.submit(() -> 0).join());
            default -> result;
        };
        boolean isToEnd = kind == Kind.CANCELLED || kind == Kind.STUCK;
        return new Expected(kind, number, last, isToEnd && result.cancel(true));
    }

    private Kind kind() {
        int any = random.nextInt(300);
        if (any == 0) {
            return Kind.HUNGRY;
        }
        Kind[] rare = {Kind.CANCELLED, Kind.STUCK, Kind.LIMITED, Kind.COMPOSED, Kind.WAITING};
        return any < 60 ? rare[any % rare.length] : Kind.PLAIN;
    }

    private static int work(Kind kind, int number, SharedIntArray runs) throws InterruptedException {
        runs.incrementAndGet(number);
        if (kind == Kind.HUNGRY) {
            var eaten = new ArrayList<byte[]>();
            while (eaten.size() < Integer.MAX_VALUE) {
                eaten.add(new byte[1 << 20]);
            }
        }
        boolean isEndless = kind == Kind.CANCELLED || kind == Kind.STUCK || kind == Kind.LIMITED;
        long turns = 0;
        while (isEndless && turns >= 0) {
            turns = (turns + 1) & Long.MAX_VALUE;
            if (kind == Kind.CANCELLED && Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return number;
    }

    private End endOf(Expected expected) throws Exception {
        try {
            int value = expected.result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(value).as("%s", expected).isEqualTo(expected.number);
            return End.RETURNED;
        } catch (CancellationException e) {
            assertThat(expected.isCancelled).as("%s", expected).isTrue();
            return End.CANCELLED;
        } catch (ExecutionException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof WorkerDiedException death && killed.contains(death.pid())) {
                    return End.DIED;
                }
                if (cause instanceof TaskTimeoutException && expected.kind == Kind.LIMITED) {
                    return End.LATE;
                }
                if (expected.kind == Kind.HUNGRY && cause instanceof OutOfMemoryError) {
                    return End.STARVED;
                }
            }
            throw new AssertionError(expected.toString(), e);
        }
    }

    /** Kills or pauses a worker that has finished a task, since three that die while they start would break the pool. */
    private void disturb() throws IOException {
        List<Long> pids = executor.stats().workers().stream()
                .filter(worker -> worker.tasks() > 0)
                .map(PoolStats.WorkerStats::pid)
                .toList();
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

    @Override
    public String report() {
        return "executor " + ends + ", " + killed.size() + " kills, " + pauses + " pauses";
    }

    @Override
    public void close() {
        executor.close();
    }
}
