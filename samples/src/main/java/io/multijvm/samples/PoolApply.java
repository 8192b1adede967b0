package io.multijvm.samples;

import io.multijvm.MultiJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code apply} has a worker run a task and waits for the result: one task after the other, however many workers there are.
 *
 * <p>Expect: each result is there before the next task is asked for, so they come in order; the tasks have run in none but the
 * three workers.
 */
public final class PoolApply {
    private static final int WORKERS = 3;
    private static final int TASKS = 10;

    private PoolApply() {}

    public static void main(String[] args) throws Exception {
        try (var pool = MultiJvm.pool(WORKERS)) {
            List<Integer> results = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                System.out.println("asked for task " + n);
                results.add(pool.apply(() -> work(n)));
                System.out.println("got " + results.get(n));
            }
            System.out.println("results: " + results);
            System.out.println("workers: " + pool.pids());
        }
    }

    private static int work(int n) {
        System.out.println("task " + n + " runs in " + ProcessHandle.current().pid());
        Work.pretend(Duration.ofMillis(20));
        return n * n;
    }
}
