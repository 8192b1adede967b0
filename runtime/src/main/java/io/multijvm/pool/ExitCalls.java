package io.multijvm.pool;

/** Tells threads that have called {@link System#exit}, from which none returns. */
final class ExitCalls {
    private static final String SHUTDOWN = "java.lang.Shutdown";

    private ExitCalls() {}

    /** Whether {@code thread} is inside {@link System#exit} or waits for its turn there. */
    static boolean isMadeBy(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals(SHUTDOWN)) {
                return true;
            }
        }
        return false;
    }
}
