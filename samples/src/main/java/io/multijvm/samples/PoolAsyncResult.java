package io.multijvm.samples;

import io.multijvm.MultiJvm;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * What can be asked of the result of {@code applyAsync} while the task runs, and after it.
 *
 * <p>Expect: while it runs, {@code get} with a timeout gives up, {@code ready} is false and {@code successful} is an error;
 * afterwards the value is there. What a task throws is thrown by {@code get}, with the stack it had in the worker.
 */
public final class PoolAsyncResult {
    private static final Duration MOMENT = Duration.ofMillis(50);

    private PoolAsyncResult() {}

    public static void main(String[] args) throws Exception {
        var mayEnd = MultiJvm.event();
        try (var pool = MultiJvm.pool(2)) {
            var result = pool.applyAsync(() -> {
                mayEnd.await();
                return 42;
            });
            try {
                System.out.println(result.get(MOMENT));
            } catch (TimeoutException e) {
                System.out.println("get with a timeout: " + e.getMessage());
            }
            System.out.println("ready: " + result.ready());
            try {
                System.out.println(result.successful());
            } catch (IllegalStateException e) {
                System.out.println("successful: " + e.getMessage());
            }
            System.out.println("wait returns: " + result.await(MOMENT));

            mayEnd.set();
            result.await();
            System.out.println("ready: " + result.ready());
            System.out.println("successful: " + result.successful());
            System.out.println("get: " + result.get());

            var failing = pool.applyAsync(() -> divide(1, 0));
            failing.await();
            System.out.println("the other is successful: " + failing.successful());
            try {
                System.out.println(failing.get());
            } catch (ExecutionException e) {
                show(Objects.requireNonNull(e.getCause()));
            }
        }
    }

    private static void show(Throwable failure) {
        System.out.println("get: " + failure);
        System.out.println("thrown in the worker at " + failure.getStackTrace()[0]);
    }

    private static int divide(int dividend, int divisor) {
        return dividend / divisor;
    }
}
