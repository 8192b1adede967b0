package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A pool is not waited for: without {@code shutdown} and {@code join} the program ends with the main code, whatever the
 * workers do.
 *
 * <p>Expect: no task comes to its end, the exit code is 0, and no worker is left.
 */
public final class PoolNoJoin {
    private static final int WORKERS = 3;
    private static final int TASKS = 20;

    private PoolNoJoin() {}

    public static void main(String[] args) throws Exception {
        var pool = MultiJvm.pool(WORKERS);
        var begun = MultiJvm.semaphore(0);
        List<AsyncResult<Integer>> results = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            int n = i;
            results.add(pool.applyAsync(() -> {
                begun.release();
                Work.pretend(Duration.ofMinutes(1));
                System.out.println("task " + n + " has ended");
                return n;
            }));
        }
        begun.acquire();
        System.out.println("workers: " + pool.pids());
        System.out.println("main code ends, tasks done: "
                + results.stream().filter(AsyncResult::ready).count());
    }
}
