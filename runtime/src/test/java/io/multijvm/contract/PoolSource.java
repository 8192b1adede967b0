package io.multijvm.contract;

import io.multijvm.Context;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolOptions;
import java.time.Duration;

/**
 * Where the pools and executors of a contract come from.
 *
 * <p>A test that only submits tasks and reads their results shares a pool with the other tests of its class. All its tasks
 * must end by themselves before the test does, and none may end its worker, leave something running there, or start
 * processes there. A test about the start, the options, the end, the death of workers, statistics or pids, and one that
 * cancels running tasks, makes a pool of its own, which ends with the test.
 */
public interface PoolSource {
    /** Longer than the time a test has, so that what hangs is reported with all there is to be seen. */
    Duration PATIENCE = Duration.ofMinutes(2);

    Context context();

    Pool newPool(PoolOptions options);

    ProcessPoolExecutor newExecutor(PoolOptions options);

    /** The pool of {@code workers} workers that the tests of the class share; it is idle when a test begins. */
    Pool sharedPool(int workers);

    /**
     * The executor of at most {@code workers} workers that the tests of the class share; it is idle when a test begins, and
     * may have started all of its workers.
     */
    ProcessPoolExecutor sharedExecutor(int workers);

    default Pool newPool(int workers) {
        return newPool(PoolOptions.defaults().workers(workers));
    }

    default ProcessPoolExecutor newExecutor(int workers) {
        return newExecutor(PoolOptions.defaults().workers(workers));
    }
}
