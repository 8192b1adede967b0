package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.Survival;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** What a pool does beside its tasks: at some time, or for some time. Its threads end when they have been idle for a moment. */
final class Keeper {
    private static final long IDLE_SECONDS = 1;
    private static final Duration TRANSIT = Duration.ofMillis(1);
    private static final Duration RETRY = Duration.ofMillis(20);
    /** More than a hundred years; the sum of two such delays is still a number of nanoseconds. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2;

    private final ScheduledThreadPoolExecutor clock;
    private final ThreadPoolExecutor hands;

    Keeper(String pool) {
        clock = new ScheduledThreadPoolExecutor(1, thread("multijvm-" + pool + "-keeper"));
        clock.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // the pool has ended
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        int processors = Math.max(2, Runtime.getRuntime().availableProcessors());
        hands = new ThreadPoolExecutor(
                processors,
                processors,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                thread("multijvm-" + pool + "-hand"));
        hands.allowCoreThreadTimeOut(true);
        hands.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    private ThreadFactory thread(String name) {
        return action -> {
            var thread = new Thread(() -> outlive(action), name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Runs a thread of an executor. If an error ends it, starts a successor: actions in the queue would otherwise wait until
     * the next one arrives.
     */
    private void outlive(Runnable action) {
        boolean over = false;
        Runnable next = action;
        while (!over) {
            try {
                next.run();
                over = true;
            } catch (Throwable e) {
                Survival.of(e);
                next = this::startThreads;
            }
        }
    }

    private void startThreads() {
        if (!clock.getQueue().isEmpty()) {
            boolean unused = clock.prestartCoreThread();
        }
        if (!hands.getQueue().isEmpty()) {
            boolean unused = hands.prestartCoreThread();
        }
    }

    /** Does something that is quick, later. */
    void after(Duration delay, Runnable action) {
        ScheduledFuture<?> unused = clock.schedule(logged(action), nanos(delay), TimeUnit.NANOSECONDS);
    }

    /** Does something that is quick when what is on its way through a lane has had time to arrive. */
    void soon(Runnable action) {
        after(TRANSIT, action);
    }

    /** As {@link #after}, unless it is cancelled before. */
    Future<?> unlessCancelled(Duration delay, Runnable action) {
        return clock.schedule(logged(action), nanos(delay), TimeUnit.NANOSECONDS);
    }

    private static long nanos(Duration delay) {
        return Math.min(LONGEST_NANOS, Deadline.nanos(delay));
    }

    /** Does something that takes its time, such as starting a JVM. */
    void handle(Runnable action) {
        try {
            hands.execute(logged(action));
        } catch (OutOfMemoryError e) { // or no thread to be had
            after(RETRY, () -> handle(action));
        }
    }

    private static Runnable logged(Runnable action) {
        return () -> {
            try {
                action.run();
            } catch (RuntimeException | Error e) {
                EngineLog.log(Level.ERROR, "in a pool's own thread", e);
            }
        };
    }

    /** Forgets what is for later; what is being done is done. */
    void end() {
        clock.shutdown();
        hands.shutdown();
    }
}
