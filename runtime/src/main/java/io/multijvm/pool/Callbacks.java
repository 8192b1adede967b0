package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.ExitingThreads;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the program's callbacks, listeners and loggers of one pool: one at a time, in order, on a thread of their own.
 *
 * <p>A callback that waits for a result gives up its turn until it has it, so the others run meanwhile, and goes on when the
 * one that is running has ended. So a callback may wait for whatever another one brings about.
 */
final class Callbacks {
    private static final long IDLE_MILLIS = 1_000;
    /** The callbacks that the current thread runs. */
    private static final ThreadLocal<Callbacks> CURRENT = new ThreadLocal<>();

    private final String name;
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>(); // guarded by this, as is all below
    private @Nullable Thread turn; // runs a callback, or waits for one
    private boolean isIdle; // it waits
    private int returning; // threads whose callback has what it waited for
    private int suspended; // callbacks that wait for something, or for their turn
    private int awaiting; // those among the suspended that wait in await()

    Callbacks(String pool) {
        name = "multijvm-" + pool + "-callbacks";
    }

    /** Runs {@code action} after those before. An exception of it is logged. */
    synchronized void run(Runnable action) {
        queue.add(action);
        proceed();
    }

    /** Has the next callback run if nobody has the turn. */
    private void proceed() {
        if (isIdle) {
            notifyAll();
        } else if (turn == null && returning == 0 && !queue.isEmpty()) {
            var thread = new Thread(this::serve, name);
            thread.setDaemon(true);
            turn = thread;
            try {
                thread.start();
            } catch (OutOfMemoryError e) { // no thread to be had now
                turn = null;
                UserCodeExecutor.IN_A_MOMENT.execute(this::proceedLater);
            }
        }
    }

    private synchronized void proceedLater() {
        proceed();
    }

    private void serve() {
        while (true) {
            try {
                CURRENT.set(this);
                FaultPoint.reach("pool.callbacks");
                Runnable action = next();
                if (action == null) {
                    return;
                }
                call(action);
            } catch (Throwable e) {
                Survival.of(e);
            }
        }
    }

    private static void call(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            EngineLog.log(Level.ERROR, "a callback threw", e);
        }
    }

    /** The next callback; null when the thread is to end, as there was none for a while or another callback goes on. */
    private synchronized @Nullable Runnable next() {
        boolean unused = Thread.interrupted();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS);
        notifyAll(); // a callback has ended
        while (returning == 0) {
            if (!queue.isEmpty()) {
                return queue.remove();
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                break;
            }
            isIdle = true;
            try {
                wait(left);
            } catch (InterruptedException e) {
                // meant for a callback that has ended
            } finally {
                isIdle = false;
            }
        }
        turn = null;
        notifyAll();
        return null;
    }

    /** Something that waits, and returns whether it has what it waited for. */
    @FunctionalInterface
    interface Waiting {
        boolean await() throws InterruptedException;
    }

    /** Waits; in a callback, the other callbacks run meanwhile. */
    static boolean whileWaiting(Waiting waiting) throws InterruptedException {
        Callbacks callbacks = CURRENT.get();
        return callbacks == null ? waiting.await() : callbacks.suspended(waiting);
    }

    private boolean suspended(Waiting waiting) throws InterruptedException {
        synchronized (this) {
            suspended++;
            turn = null;
            proceed();
        }
        try {
            return waiting.await();
        } finally {
            resume();
        }
    }

    private synchronized void resume() {
        boolean interrupted = false;
        returning++;
        notifyAll();
        while (turn != null) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        returning--;
        suspended--;
        turn = Thread.currentThread();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until every callback has run, but for those that wait here themselves and, {@code atExit}, one that is ending this
     * JVM and those behind it; returns whether that was before the deadline.
     */
    synchronized boolean await(Deadline deadline, boolean atExit) throws InterruptedException {
        boolean isOneOfThem = CURRENT.get() == this;
        awaiting += isOneOfThem ? 1 : 0;
        notifyAll();
        try {
            while (isBusy() && !(atExit && turn != null && ExitingThreads.isExiting(turn))) {
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

    private boolean isBusy() {
        return !queue.isEmpty() || (turn != null && !isIdle) || suspended > awaiting;
    }
}
