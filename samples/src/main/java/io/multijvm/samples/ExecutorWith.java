package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaving a {@code try} with an executor as its resource waits for all that was submitted.
 *
 * <p>Expect: at the end of the block not all of the eight tasks are done; behind it all are, and the workers have ended.
 */
public final class ExecutorWith {
    private static final int TASKS = 8;

    private ExecutorWith() {}

    public static void main(String[] args) {
        List<AsyncResult<Integer>> futures = new ArrayList<>();
        List<Long> pids;
        try (var executor = MultiJvm.executor(2)) {
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                futures.add(executor.submit(() -> work(n)));
            }
            System.out.println("all done at the end of the block: " + allDone(futures));
            pids = executor.pids();
        }
        System.out.println("all done behind the block: " + allDone(futures));
        System.out.println("results: " + futures.stream().map(AsyncResult::join).toList());
        System.out.println(
                "workers left: " + pids.stream().filter(ExecutorWith::isAlive).count());
    }

    private static int work(int n) {
        Work.pretend(Duration.ofMillis(100));
        System.out.println("task " + n + " in " + ProcessHandle.current().pid());
        return n * n;
    }

    private static boolean allDone(List<AsyncResult<Integer>> futures) {
        return futures.stream().allMatch(AsyncResult::isDone);
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
