package io.multijvm.queue;

/** No space was there, or came in time. Python: {@code queue.Full}. */
public final class QueueFullException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public QueueFullException(int maxsize) {
        super("queue full: " + maxsize + " items, as many as there may be");
    }
}
