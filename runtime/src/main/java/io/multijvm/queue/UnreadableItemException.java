package io.multijvm.queue;

/**
 * An item was taken and cannot be rebuilt in this process, for want of its class, say; the cause tells. It is gone from the
 * queue, as any item that is taken.
 */
public final class UnreadableItemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableItemException(Throwable cause) {
        super("an item of the queue cannot be rebuilt in this process: " + cause, cause);
    }
}
