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

    /** Logs that {@code thread} has failed at something, and pauses; never throws. An interrupt of the thread is forgotten. */
    public static void of(String thread, Throwable failure) {
        EngineLog.log(Level.WARNING, thread + " goes on after a failure", failure);
        pause();
    }

    private static void pause() {
        boolean ignored = Thread.interrupted(); // with it set, parking would return at once
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
