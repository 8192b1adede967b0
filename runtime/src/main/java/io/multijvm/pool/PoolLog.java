package io.multijvm.pool;

import java.lang.System.Logger.Level;

/** The log of a pool's own threads, which a logger that throws does not end. */
final class PoolLog {
    private PoolLog() {}

    /** Logs an error. */
    static void error(String message, Throwable failure) {
        log(Level.ERROR, message, failure);
    }

    /** Logs a warning. */
    static void warning(String message, Throwable failure) {
        log(Level.WARNING, message, failure);
    }

    private static void log(Level level, String message, Throwable failure) {
        try {
            System.getLogger("io.multijvm").log(level, message, failure);
        } catch (RuntimeException | Error e) {
            // the program's logger, or no memory: there is nobody left to tell
        }
    }
}
