package io.multijvm.contract;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** A test of pools and executors, of which none is left after it. */
public abstract class PoolParties implements PoolSource {
    private final Context context;
    private final Deque<AutoCloseable> made = new ArrayDeque<>();

    protected PoolParties(StartMethod method) {
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

    @AfterEach
    void endWhatIsLeft() throws Exception {
        for (AutoCloseable each : made) {
            each.close();
        }
        context.close();
    }
}
