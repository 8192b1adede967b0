package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.pool.AsyncResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * {@code submit} gives a future; {@code get} on it waits for the result.
 *
 * <p>Expect: a future is not done while its task runs, and is done with its result afterwards. An executor has as many workers as
 * there are processors unless it is told otherwise: so many tasks run at once and not one more.
 */
public final class ExecutorSubmit {
    private ExecutorSubmit() {}

    public static void main(String[] args) throws Exception {
        var mayEnd = MultiJvm.event();
        try (var executor = MultiJvm.executor()) {
            var future = executor.submit(() -> {
                mayEnd.await();
                return 5 * 5;
            });
            System.out.println("done: " + future.isDone());
            mayEnd.set();
            System.out.println("result: " + future.get());
            System.out.println("done: " + future.isDone());

            System.out.println("processors: " + MultiJvm.cpuCount());
            System.out.println("processes that ran tasks at once: " + pidsOfTasksAtOnce(executor));
            System.out.println("workers for many tasks: " + workersForMany(executor));
        }
    }

    /** So many tasks as there are processors, each of which waits for all others to be begun. */
    private static int pidsOfTasksAtOnce(ProcessPoolExecutor executor) throws Exception {
        var all = MultiJvm.barrier(MultiJvm.cpuCount());
        List<AsyncResult<Long>> futures = new ArrayList<>();
        for (int i = 0; i < MultiJvm.cpuCount(); i++) {
            futures.add(executor.submit(() -> {
                all.await();
                return ProcessHandle.current().pid();
            }));
        }
        var pids = new HashSet<Long>();
        for (var future : futures) {
            pids.add(future.get());
        }
        return pids.size();
    }

    private static int workersForMany(ProcessPoolExecutor executor) throws Exception {
        List<AsyncResult<?>> futures = new ArrayList<>();
        for (int i = 0; i < 10 * MultiJvm.cpuCount(); i++) {
            futures.add(executor.submit(() -> Work.pretend(Duration.ofMillis(10))));
        }
        for (var future : futures) {
            future.get();
        }
        return executor.pids().size();
    }
}
