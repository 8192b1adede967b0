package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.queue.QueueEmptyException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A queue in a manager's server whose items are acknowledged by those who took them, when they are done with them.
 *
 * <p>An item that was taken and not acknowledged when its process ended, in whatever way, is in the queue again: it is taken
 * before all that nobody has had yet, and {@link Delivery#isRedelivered} says so. So an item may be worked at twice, and none
 * is lost. Removing an item acknowledges it. Python: {@code manager.JoinableQueue(maxsize)}.
 */
public final class ManagedJoinableQueue<E> extends ManagedQueue<E> {
    private static final long serialVersionUID = 1;

    ManagedJoinableQueue(Remote remote) {
        super(remote);
    }

    /**
     * Acknowledges an item: the oldest that this thread has taken and not acknowledged, or else this process, or else any
     * process; or else, in advance, the first that nobody has taken.
     *
     * @throws IllegalStateException when every item that was put is acknowledged
     */
    public void taskDone() {
        boolean done = call(QueueObject.Verb.DONE, thread());
        if (!done) {
            throw new IllegalStateException("taskDone called more often than items were put");
        }
    }

    /** Waits until every item that was put is acknowledged. */
    public void join() throws InterruptedException {
        boolean ignored = join(null);
    }

    /** As {@link #join()}, up to {@code timeout}; null waits for ever. Returns whether everything is acknowledged. */
    public boolean join(@Nullable Duration timeout) throws InterruptedException {
        return callInterruptibly(QueueObject.Verb.JOIN, Deadline.after(timeout).remainingNanos());
    }

    /** How many items were put and are not acknowledged. */
    public int unfinished() {
        return call(QueueObject.Verb.UNFINISHED);
    }

    /**
     * Takes the next item, waiting up to {@code timeout} for one; null waits for ever, zero or less only tries.
     *
     * @throws QueueEmptyException when none came in time
     */
    public Delivery<E> getDelivery(@Nullable Duration timeout) throws InterruptedException {
        Object[] taken = callInterruptibly(
                QueueObject.Verb.TAKE_DELIVERY,
                thread(),
                Deadline.after(timeout).remainingNanos());
        if (taken == null) {
            throw new QueueEmptyException();
        }
        return new Delivery<>(this, taken);
    }

    private void done(long number) {
        boolean done = call(QueueObject.Verb.DONE_NUMBERED, number);
        if (!done) {
            throw new IllegalStateException("this item is acknowledged already");
        }
    }

    /** An item that this process has taken, to be acknowledged for itself. */
    public static final class Delivery<E> {
        private final ManagedJoinableQueue<E> queue;
        private final long number;
        private final boolean redelivered;
        private final E content;

        @SuppressWarnings("unchecked") // what was put was an E
        private Delivery(ManagedJoinableQueue<E> queue, Object[] taken) {
            this.queue = queue;
            this.number = (long) taken[0];
            this.redelivered = (boolean) taken[1];
            this.content = (E) taken[2];
        }

        /** What was put. */
        public E item() {
            return content;
        }

        /** Whether a process that has ended had it before, so that work on it may have begun. */
        public boolean isRedelivered() {
            return redelivered;
        }

        /**
         * Acknowledges this very item.
         *
         * @throws IllegalStateException when it is acknowledged already
         */
        public void done() {
            queue.done(number);
        }
    }
}
