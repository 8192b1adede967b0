package io.multijvm.process;

import org.jspecify.annotations.Nullable;

/** Stands for an exception of another process that could not be sent, or not be rebuilt here. */
public final class RemoteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String type;
    private final String remoteStack;

    RemoteException(RemoteFailure failure, @Nullable Throwable rebuilding) {
        super(failure.type() + ": " + failure.message() + System.lineSeparator() + "in the other process: "
                + failure.stack().strip());
        this.type = failure.type();
        this.remoteStack = failure.stack();
        if (rebuilding != null) {
            addSuppressed(rebuilding);
        }
    }

    /** The class name of the exception. */
    public String type() {
        return type;
    }

    /** Its stack trace, causes included, as printed there. */
    public String remoteStack() {
        return remoteStack;
    }
}
