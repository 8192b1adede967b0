package io.multijvm.contract;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The pools and executors that the tests of a class share. Each is made when a test first asks for it, and ends after the
 * class.
 *
 * <p>Between two tests a shared pool is idle and has the workers it began with. One that is not ends, so that no test
 * finds another's tasks or a worker in another state, and the test that left it so fails.
 */
final class SharedPools {
    /** Long enough for tasks that end by themselves and for a worker that is still starting. */
    private static final Duration IDLE_WITHIN = Duration.ofSeconds(30);

    /** The workers of all shared pools of this JVM, for the leak guard. */
    private static final Set<Long> WORKERS = ConcurrentHashMap.newKeySet();

    private final Duration idleWithin;
    private final Map<Key, Shared> all = new LinkedHashMap<>();
    private final Set<Key> used = new LinkedHashSet<>();
    private final Set<Long> known = new HashSet<>();
    private @Nullable Context context;

    SharedPools() {
        this(IDLE_WITHIN);
    }

    SharedPools(Duration idleWithin) {
        this.idleWithin = idleWithin;
    }

    private enum Kind {
        POOL,
        EXECUTOR
    }

    private record Key(Kind kind, int workers) {}

    /** The common part of pools and executors. */
    private interface Shared {
        /** How many workers there may be at a time. */
        int workers();

        PoolStats stats();

        List<Long> pids();

        AsyncResult<Integer> submitOne();

        void end();

        /** Whether there was ever one more worker than there may be at a time, or one has died. */
        default boolean hasLostAWorker() {
            PoolStats stats = stats();
            return stats.workersStarted() > workers() || stats.workersDied() > 0;
        }

        /** Whether no task is queued or running, and every worker that ever was is up. */
        default boolean isIdle() {
            PoolStats stats = stats();
            int workers = stats.workers().size();
            return stats.queued() == 0
                    && stats.running() == 0
                    && stats.workersStarted() == workers
                    && pids().size() == workers;
        }
    }

    private record SharedPool(Pool pool, int workers) implements Shared {
        @Override
        public PoolStats stats() {
            return pool.stats();
        }

        @Override
        public List<Long> pids() {
            return pool.pids();
        }

        @Override
        public AsyncResult<Integer> submitOne() {
            return pool.applyAsync(() -> 1);
        }

        @Override
        public void end() {
            pool.close();
        }

        /** Its workers start at once, needed or not. */
        @Override
        public boolean isIdle() {
            return Shared.super.isIdle() && pids().size() == workers;
        }
    }

    private record SharedExecutor(ProcessPoolExecutor executor, int workers) implements Shared {
        @Override
        public PoolStats stats() {
            return executor.stats();
        }

        @Override
        public List<Long> pids() {
            return executor.pids();
        }

        @Override
        public AsyncResult<Integer> submitOne() {
            return executor.submit(() -> 1);
        }

        @Override
        public void end() {
            executor.killWorkers();
            executor.close();
        }
    }

    /** Whether {@code pid} is a worker of a shared pool or executor, which outlives a test by design. */
    static boolean isWorker(long pid) {
        return WORKERS.contains(pid);
    }

    Pool pool(StartMethod method, int workers) {
        var shared = (SharedPool) use(
                new Key(Kind.POOL, workers),
                () -> new SharedPool(context(method).pool(workers), workers));
        return shared.pool();
    }

    ProcessPoolExecutor executor(StartMethod method, int workers) {
        var shared = (SharedExecutor) use(
                new Key(Kind.EXECUTOR, workers),
                () -> new SharedExecutor(context(method).executor(workers), workers));
        return shared.executor();
    }

    private Shared use(Key key, Supplier<Shared> maker) {
        used.add(key);
        return all.computeIfAbsent(key, absent -> maker.get());
    }

    private Context context(StartMethod method) {
        if (context == null) {
            context = MultiJvm.getContext(method);
        }
        return context;
    }

    /** Fails if a pool that this test has used is not idle, has lost a worker, or takes no more tasks, and ends that pool. */
    void checkUsed() throws InterruptedException {
        var faults = new ArrayList<String>();
        for (Key key : used) {
            Shared shared = all.get(key);
            String fault = fault(shared);
            if (fault != null) {
                faults.add(fault + ": " + shared);
                shared.end();
                all.remove(key);
            }
        }
        used.clear();
        knowWorkers();
        if (!faults.isEmpty()) {
            throw new AssertionError("a test that only submits tasks may share a pool, others need their own; "
                    + String.join("; ", faults));
        }
    }

    /** Tells the leak guard the workers there are now. */
    private void knowWorkers() {
        WORKERS.removeAll(known);
        known.clear();
        all.values().forEach(each -> known.addAll(each.pids()));
        WORKERS.addAll(known);
    }

    private @Nullable String fault(Shared shared) throws InterruptedException {
        try {
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(idleWithin)
                    .until(() -> shared.isIdle() || shared.hasLostAWorker());
            if (shared.hasLostAWorker()) {
                return "has lost a worker, " + shared.stats();
            }
            int unused = shared.submitOne().get(idleWithin);
            return null;
        } catch (ConditionTimeoutException e) {
            return "not idle, " + shared.stats();
        } catch (RejectedExecutionException | ExecutionException | CancellationException | TimeoutException e) {
            return "takes no more tasks, " + e;
        }
    }

    void endAll() {
        all.values().forEach(Shared::end);
        all.clear();
        used.clear();
        knowWorkers();
        if (context != null) {
            context.close();
            context = null;
        }
    }
}
