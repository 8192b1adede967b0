package io.multijvm.pool;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A running task was cancelled, and has ended. */
public final class TaskCancelledException extends CancellationException {
    private static final long serialVersionUID = 1;

    private final @Nullable String threadDump;

    TaskCancelledException(String message, @Nullable String threadDump) {
        super(message);
        this.threadDump = threadDump;
    }

    /** The threads of its worker, when it had to be killed because the task did not care; null otherwise. */
    public @Nullable String threadDump() {
        return threadDump;
    }
}
