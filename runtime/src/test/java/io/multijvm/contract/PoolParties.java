package io.multijvm.contract;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** A test of pools and executors. Those of its own end with it; those it shares are idle again, and end with the class. */
public abstract class PoolParties implements PoolSource {
    private static final SharedPools SHARED = new SharedPools();

    private final StartMethod method;
    private final Context context;
    private final Deque<AutoCloseable> made = new ArrayDeque<>();

    protected PoolParties(StartMethod method) {
        this.method = method;
        context = MultiJvm.getContext(method);
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public Pool newPool(PoolOptions options) {
        Pool pool = context.pool(options);
        made.push(pool);
        return pool;
    }

    @Override
    public ProcessPoolExecutor newExecutor(PoolOptions options) {
        ProcessPoolExecutor executor = context.executor(options);
        made.push(() -> {
            executor.killWorkers();
            executor.close();
        });
        return executor;
    }

    @Override
    public Pool sharedPool(int workers) {
        return SHARED.pool(method, workers);
    }

    @Override
    public ProcessPoolExecutor sharedExecutor(int workers) {
        return SHARED.executor(method, workers);
    }

    /** Whether {@code pid} is a worker that the tests of a class share, and that outlives a test by design. */
    public static boolean isSharedWorker(long pid) {
        return SharedPools.isWorker(pid);
    }

    @AfterEach
    void endWhatIsLeft() throws Exception {
        for (AutoCloseable each : made) {
            each.close();
        }
        context.close();
        SHARED.checkUsed();
    }

    @AfterAll
    static void endShared() {
        SHARED.endAll();
    }
}
