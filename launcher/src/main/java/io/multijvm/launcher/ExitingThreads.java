package io.multijvm.launcher;

/** Recognises threads that have called {@link System#exit}, which never returns. */
public final class ExitingThreads {
    private static final String SHUTDOWN = "java.lang.Shutdown";

    private ExitingThreads() {}

    /** Whether {@code thread} is inside {@link System#exit}: it waits for the shutdown hooks, and they must not wait for it. */
    public static boolean isExiting(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals(SHUTDOWN)) {
                return true;
            }
        }
        return false;
    }
}
