package io.multijvm.pool;

import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A task has run for longer than it may, and was ended. */
public final class TaskTimeoutException extends TimeoutException {
    private static final long serialVersionUID = 1;

    private final @Nullable String threadDump;

    TaskTimeoutException(String message, @Nullable String threadDump) {
        super(message);
        this.threadDump = threadDump;
    }

    /** The threads of its worker at that time; null when there is none, as when the worker was paused. */
    public @Nullable String threadDump() {
        return threadDump;
    }
}
