package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.ExitingThreads;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that run code of the program for a pool: deserialisation of results, iterators of arguments, actions that
 * depend on results, loggers.
 *
 * <p>No action waits for another one to end: when none was begun for a moment, a further thread is started. While actions
 * are quick there is one thread, and they run in order.
 */
final class UserCodeExecutor implements Executor {
    private static final long MOMENT_MILLIS = 1;
    private static final long IDLE_MILLIS = 1_000;
    /** Runs what is quick a moment later. */
    static final Executor IN_A_MOMENT =
            CompletableFuture.delayedExecutor(MOMENT_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);

    private final String name;
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>(); // guarded by this, as is all below
    private final Set<Thread> busy = new HashSet<>();
    private int threads;
    private int idle;
    private int awaiting; // busy threads that wait for the others in await()
    private long begun; // actions
    private boolean isWatched;

    UserCodeExecutor(String pool) {
        name = "multijvm-" + pool + "-user";
    }

    /** Runs {@code action} on another thread, soon. An exception of it is logged. */
    @Override
    public synchronized void execute(Runnable action) {
        queue.add(action);
        if (idle >= queue.size()) {
            notifyAll();
            return;
        }
        if (threads == 0) {
            start();
        }
        watch();
    }

    private void start() {
        threads++;
        boolean started = false;
        try {
            var thread = new Thread(this::run, name);
            thread.setDaemon(true);
            thread.start();
            started = true;
        } catch (OutOfMemoryError e) {
            // no thread to be had now: watch() tries again
        } finally {
            threads -= started ? 0 : 1;
        }
    }

    /** Looks after the queue in a moment, unless that is due already. */
    private void watch() {
        if (!isWatched && queue.size() > idle) {
            isWatched = true;
            long before = begun;
            IN_A_MOMENT.execute(() -> look(before));
        }
    }

    private synchronized void look(long before) {
        isWatched = false;
        if (begun == before && queue.size() > idle) {
            start();
        }
        watch();
    }

    private void run() {
        while (true) {
            try {
                FaultPoint.reach("pool.user");
                Runnable action = next();
                if (action == null) {
                    return;
                }
                perform(action);
            } catch (Throwable e) { // of this loop; an action's own is logged in perform
                Survival.of(e);
            }
        }
    }

    /** The next action; null when there was none for a while, and the thread is to end. */
    private synchronized @Nullable Runnable next() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS);
        while (queue.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                threads--;
                return null;
            }
            idle++;
            try {
                wait(left);
            } catch (InterruptedException e) {
                // meant for an action that has ended
            } finally {
                idle--;
            }
        }
        begun++;
        busy.add(Thread.currentThread());
        return queue.remove();
    }

    private void perform(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            EngineLog.log(Level.ERROR, "in a thread for the program's code", e);
        } finally {
            ended();
        }
    }

    private synchronized void ended() {
        boolean unused = Thread.interrupted();
        busy.remove(Thread.currentThread());
        notifyAll();
    }

    /**
     * Waits until every action has run, but for those that wait here themselves and, {@code atExit}, those that are ending
     * this JVM; returns whether that was before the deadline.
     */
    synchronized boolean await(Deadline deadline, boolean atExit) throws InterruptedException {
        boolean isOneOfThem = busy.contains(Thread.currentThread());
        awaiting += isOneOfThem ? 1 : 0;
        notifyAll();
        try {
            while (!queue.isEmpty() || busy.size() > awaiting + (atExit ? exiting() : 0)) {
                if (deadline.isOver()) {
                    return false;
                }
                wait(atExit ? ExitingThreads.waitMillis(deadline) : deadline.joinMillis());
            }
            return true;
        } finally {
            awaiting -= isOneOfThem ? 1 : 0;
        }
    }

    private int exiting() {
        int count = 0;
        for (Thread thread : busy) {
            count += ExitingThreads.isExiting(thread) ? 1 : 0;
        }
        return count;
    }
}
