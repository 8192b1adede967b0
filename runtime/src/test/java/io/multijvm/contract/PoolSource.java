package io.multijvm.contract;

import io.multijvm.Context;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolOptions;
import java.time.Duration;

/** Where the pools and executors of a contract come from; they end with the test. */
public interface PoolSource {
    /** Longer than the time a test has, so that what hangs is reported with all there is to be seen. */
    Duration PATIENCE = Duration.ofMinutes(2);

    Context context();

    Pool newPool(PoolOptions options);

    ProcessPoolExecutor newExecutor(PoolOptions options);

    default Pool newPool(int workers) {
        return newPool(PoolOptions.defaults().workers(workers));
    }

    default ProcessPoolExecutor newExecutor(int workers) {
        return newExecutor(PoolOptions.defaults().workers(workers));
    }
}
