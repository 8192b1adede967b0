package io.multijvm.samples;

import java.util.List;

/**
 * A {@code ThreadLocal} is one variable with a value for each thread.
 *
 * <p>Expect: two threads add up 0 to 4 in the same variable at the same time, and each comes to 10 on its own: 0, 1, 3, 6,
 * 10. Main, which has added nothing, still sees what it began with.
 */
public final class ThreadLocalTotals {
    private static final ThreadLocal<Integer> TOTAL = ThreadLocal.withInitial(() -> 0);

    private ThreadLocalTotals() {}

    public static void main(String[] args) throws InterruptedException {
        var threads = List.of(new Thread(() -> addUp(5), "Thread1"), new Thread(() -> addUp(5), "Thread2"));
        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }
        System.out.println("main: " + TOTAL.get());
    }

    private static void addUp(int end) {
        for (int i = 0; i < end; i++) {
            TOTAL.set(TOTAL.get() + i);
            System.out.println(Thread.currentThread().getName() + ": " + TOTAL.get());
        }
    }
}
