package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import io.multijvm.shared.SharedInt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ten tasks on three workers: {@code applyAsync} returns at once, and a worker that has done one task takes the next.
 *
 * <p>Expect: never more than three tasks at once, all in the same three processes; {@code shutdown} takes no more tasks, and
 * {@code join} returns when all ten are done.
 */
public final class PoolApplyAsync {
    private static final int WORKERS = 3;
    private static final int TASKS = 10;

    private PoolApplyAsync() {}

    public static void main(String[] args) throws Exception {
        var running = SharedInt.of(0);
        var finished = SharedInt.of(0);
        try (var pool = MultiJvm.pool(WORKERS)) {
            List<AsyncResult<Integer>> results = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                results.add(pool.applyAsync(() -> work(n, running, finished)));
            }
            System.out.println("waiting for all tasks");
            pool.shutdown();
            pool.join();
            System.out.println("done after join: " + finished.get());
            List<Integer> squares = new ArrayList<>();
            for (var result : results) {
                squares.add(result.get());
            }
            System.out.println("results: " + squares);
        }
    }

    private static int work(int n, SharedInt running, SharedInt finished) {
        int atOnce = running.incrementAndGet();
        System.out.println("task " + n + " in " + ProcessHandle.current().pid() + ", running at once: " + atOnce);
        Work.pretend(Duration.ofMillis(200));
        running.decrementAndGet();
        finished.incrementAndGet();
        return n * n;
    }
}
