package io.multijvm.queue;

/** No space was there, or came in time. Python: {@code queue.Full}. */
public final class QueueFullException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** For a queue of {@code maxsize} items that had no room, or none in time. */
    public QueueFullException(int maxsize) {
        super("queue full: " + maxsize + " items, as many as there may be");
    }
}
