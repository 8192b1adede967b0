package io.multijvm.queue;

import java.util.NoSuchElementException;

/** No item was there, or came in time. Python: {@code queue.Empty}. */
public final class QueueEmptyException extends NoSuchElementException {
    private static final long serialVersionUID = 1;

    /** For a queue that had nothing, or nothing in time. */
    public QueueEmptyException() {
        super("queue empty");
    }
}
