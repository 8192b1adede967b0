package io.multijvm.samples;

import io.multijvm.MultiJvm;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A callback gets the plain result, in the parent; an error callback gets the exception.
 *
 * <p>Expect: all callbacks run in the parent's process, one at a time; a task that returns several values returns them as one
 * object; the failing task's exception, with the stack it had in the worker, comes to the error callback.
 */
public final class PoolCallback {
    private static final int TASKS = 10;
    private static final AtomicInteger RUNNING = new AtomicInteger();

    private PoolCallback() {}

    public static void main(String[] args) throws Exception {
        System.out.println("main process: " + pid());
        try (var pool = MultiJvm.pool(5)) {
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                var unused = pool.applyAsync(() -> square(n), PoolCallback::show);
            }
            var unused =
                    pool.applyAsync(PoolCallback::minAndMax, pair -> System.out.println("several values: " + pair));
            var failed = pool.applyAsync(
                    () -> square(-1), value -> System.out.println("never called"), PoolCallback::complain);
            pool.shutdown();
            pool.join(); // also waits for the callbacks
            System.out.println("failed: " + !failed.successful());
        }
    }

    private static int square(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("no square of " + n + " today");
        }
        System.out.println("task " + n + " in process " + pid());
        return n * n;
    }

    private static void show(int square) {
        int atOnce = RUNNING.incrementAndGet();
        System.out.println("callback gets " + square + " in process " + pid() + ", callbacks at once: " + atOnce);
        RUNNING.decrementAndGet();
    }

    private static void complain(Throwable failure) {
        System.out.println("error callback in process " + pid() + " gets " + failure);
        System.out.println("  thrown at " + failure.getStackTrace()[0]);
    }

    /** Python returns a tuple. */
    private record Pair(int min, int max) implements Serializable {}

    private static Pair minAndMax() {
        return new Pair(1, 2);
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }
}
