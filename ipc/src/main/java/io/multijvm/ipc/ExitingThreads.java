package io.multijvm.ipc;

/** Recognises threads that have called {@link System#exit}, which never returns. */
public final class ExitingThreads {
    private static final String SHUTDOWN = "java.lang.Shutdown";

    /** The interval at which a wait looks for such threads, as no event announces them. */
    private static final long LOOK_MILLIS = 20;

    private ExitingThreads() {}

    /** The timeout for one {@link Object#wait(long)} of a wait that ignores such threads: the rest of the time, or a short interval. */
    public static long waitMillis(Deadline deadline) {
        long left = deadline.joinMillis();
        return left == 0 ? LOOK_MILLIS : Math.min(LOOK_MILLIS, left);
    }

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
