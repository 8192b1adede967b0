package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.Pool;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * {@code terminate()} ends the workers at once, whatever they do; leaving a {@code try} with the pool as its resource does the
 * same.
 *
 * <p>Expect: both times the task, which would take a minute, is cancelled, no worker is left and the pool takes no more tasks.
 */
public final class PoolTerminate {
    private PoolTerminate() {}

    public static void main(String[] args) throws Exception {
        var pool = MultiJvm.pool(2);
        var stopped = startLongTask(pool);
        var pids = pool.pids();
        pool.terminate();
        pool.join();
        show("after terminate()", stopped, pids.stream().noneMatch(PoolTerminate::isAlive));
        try {
            System.out.println(pool.apply(() -> 1));
        } catch (RejectedExecutionException e) {
            System.out.println("one more task: " + e.getMessage());
        }

        try (var resource = MultiJvm.pool(2)) {
            stopped = startLongTask(resource);
            pids = resource.pids();
        }
        show("after the try block", stopped, pids.stream().noneMatch(PoolTerminate::isAlive));
    }

    private static AsyncResult<@Nullable Void> startLongTask(Pool pool) throws InterruptedException {
        var begun = MultiJvm.event();
        var result = pool.applyAsync(() -> {
            begun.set();
            Work.pretend(Duration.ofMinutes(1));
            System.out.println("this line is never reached");
        });
        begun.await();
        return result;
    }

    private static void show(String when, AsyncResult<@Nullable Void> task, boolean workersGone) throws Exception {
        System.out.println(when + ": workers gone: " + workersGone);
        try {
            task.get();
        } catch (CancellationException e) {
            System.out.println(when + ": task cancelled: " + task.isCancelled());
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
