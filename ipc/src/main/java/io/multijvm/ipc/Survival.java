package io.multijvm.ipc;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread of the library goes on when something that it did has failed in a way that nobody foresaw: an {@link Error}, or
 * an exception of code that has none. The failure is logged, and after a pause, in which memory may come back, the thread
 * does the next thing.
 */
public final class Survival {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Survival() {}

    /** Loads what it takes to survive, so that it is there when memory is short. */
    public static void prepare() {
        EngineLog.prepare();
    }

    /**
     * Logs that the current thread has failed at something, and pauses; never throws. An interrupt of the thread is
     * forgotten. A handler that calls this alone needs no memory: even a text that it passed on for the first time would.
     */
    public static void of(Throwable failure) {
        try {
            EngineLog.log(Level.WARNING, Thread.currentThread().getName() + " goes on after a failure", failure);
        } catch (Throwable e) {
            // no memory for the message
        }
        try {
            pause();
        } catch (Throwable e) {
            // on without a pause
        }
    }

    private static void pause() {
        boolean ignored = Thread.interrupted(); // with it set, parking would return at once
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
