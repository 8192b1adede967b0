package io.multijvm.queue;

/** The queue was closed in this process. */
public final class QueueClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    QueueClosedException(String what) {
        super(what + " was closed in this process");
    }
}
