package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A callback that blocks holds up other callbacks; it holds up no worker and no result.
 *
 * <p>Expect: while the callback of customer 1 blocks, two workers serve the other eighteen customers, and their results can be
 * had. Their callbacks come afterwards.
 */
public final class PoolSlowCallback {
    private static final int CUSTOMERS = 19;

    private PoolSlowCallback() {}

    public static void main(String[] args) throws Exception {
        var enter = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        try (var pool = MultiJvm.pool(2)) {
            var first = pool.applyAsync(() -> serve(1), customer -> {
                System.out.println("callback of customer 1 blocks");
                enter.countDown();
                awaitQuietly(leave);
                System.out.println("callback of customer 1 goes on");
            });
            enter.await();

            List<AsyncResult<Integer>> others = new ArrayList<>();
            for (int i = 2; i <= CUSTOMERS; i++) {
                int n = i;
                others.add(pool.applyAsync(() -> serve(n)));
            }
            int sum = 0;
            for (var other : others) {
                sum += other.get();
            }
            System.out.println("the others are served, sum of their numbers: " + sum);
            var last = pool.applyAsync(() -> serve(20), n -> System.out.println("callback of customer " + n));
            System.out.println("customer 1 is ready: " + first.ready());
            leave.countDown();
            System.out.println("results at last: " + first.get() + ", " + last.get());
        }
    }

    private static int serve(int customer) {
        System.out.println("customer " + customer + " is served in "
                + ProcessHandle.current().pid());
        return customer;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
