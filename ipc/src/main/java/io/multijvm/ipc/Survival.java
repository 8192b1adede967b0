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

    /** Loads the classes that {@link #of} needs, so that they are there when memory is short. */
    public static void prepare() {
        EngineLog.prepare();
    }

    /**
     * Logs the failure under the name of the current thread, clears its interrupt, and pauses. Never throws. It takes no text:
     * a string constant is allocated at its first use, for which an exception handler may have no memory.
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
            // the loop continues without a pause
        }
    }

    private static void pause() {
        boolean ignored = Thread.interrupted(); // with it set, parking would return at once
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
