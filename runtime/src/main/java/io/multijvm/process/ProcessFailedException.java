package io.multijvm.process;

import org.jspecify.annotations.Nullable;

/**
 * A process has not ended with exit code 0. The message names it, with pid, exit code or signal and the last lines of its
 * standard error; the cause is its uncaught exception, if that was what ended it, with the stack it had there.
 */
public final class ProcessFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    ProcessFailedException(String message, int exitCode, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The exit code, or the number of the signal that ended the process, negated. */
    public int exitCode() {
        return exitCode;
    }
}
