package io.multijvm.ipc.codec;

/** A value cannot leave this process; the message says which field of it stands in the way, and what to do. */
public final class NotSendableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public NotSendableException(String message) {
        super(message);
    }

    NotSendableException(String message, Throwable cause) {
        super(message, cause);
    }
}
