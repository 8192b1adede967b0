package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where {@code get} stands decides: in the loop that submits, each task waits for the one before; after it, they run together.
 *
 * <p>Expect: the same results both times; five tasks of 0.3 s take at least 1.5 s with {@code get} in the loop, and much less
 * with {@code get} after it.
 */
public final class PoolAsyncGetLoop {
    private static final int TASKS = 5;

    private PoolAsyncGetLoop() {}

    public static void main(String[] args) throws Exception {
        try (var pool = MultiJvm.pool(TASKS)) {
            awaitWorkers(pool);

            long begin = System.nanoTime();
            List<Integer> inLoop = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                var result = pool.applyAsync(() -> square(n));
                inLoop.add(result.get());
            }
            double serial = secondsSince(begin);

            begin = System.nanoTime();
            List<AsyncResult<Integer>> results = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                results.add(pool.applyAsync(() -> square(n)));
            }
            List<Integer> afterLoop = new ArrayList<>();
            for (var result : results) {
                afterLoop.add(result.get());
            }
            double together = secondsSince(begin);

            System.out.printf(Locale.ROOT, "get in the loop:    %s, %.2f s%n", inLoop, serial);
            System.out.printf(Locale.ROOT, "get after the loop: %s, %.2f s%n", afterLoop, together);
            System.out.println("after the loop was faster: " + (together < serial));
        }
    }

    /** Has every worker run something, so that no start is measured. */
    private static void awaitWorkers(Pool pool) throws Exception {
        var all = MultiJvm.barrier(TASKS);
        List<AsyncResult<Integer>> arrivals = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            arrivals.add(pool.applyAsync(() -> all.await()));
        }
        for (var arrival : arrivals) {
            arrival.get();
        }
    }

    private static int square(int n) {
        Work.pretend(Duration.ofMillis(300));
        return n * n;
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
