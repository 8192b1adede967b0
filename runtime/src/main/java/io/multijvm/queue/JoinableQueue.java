package io.multijvm.queue;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.queue.Item;
import io.multijvm.ipc.queue.ItemQueue;
import io.multijvm.ipc.queue.ItemQueues;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose items are acknowledged by those who took them, when they are done with them.
 *
 * <p>An item that was taken and not acknowledged when its process ended, in whatever way, is in the queue again: it is taken
 * before all that nobody has had yet, and {@link Delivery#isRedelivered} says so. That is noticed within 200 ms by whoever
 * takes, or waits. So an item may be worked at twice, and none is lost. Removing an item acknowledges it.
 *
 * <p>Python: {@code multiprocessing.JoinableQueue}.
 */
public final class JoinableQueue<E> extends ProcessQueue<E> {
    private static final long serialVersionUID = 1;

    JoinableQueue(ItemQueue queue) {
        super(queue);
    }

    /** A new queue of at most {@code maxsize} items, or of any number if that is not positive. */
    public static <E> JoinableQueue<E> create(int maxsize) {
        return new JoinableQueue<>(ItemQueues.create(ProcessContext.domain(), Math.max(0, maxsize), true));
    }

    /** As {@link ProcessQueue#open(Path)}. */
    public static <E> JoinableQueue<E> open(Path directory) throws IOException {
        return new JoinableQueue<>(ItemQueues.open(directory, WHATEVER, true));
    }

    /** As {@link ProcessQueue#open(Path, int)}. */
    public static <E> JoinableQueue<E> open(Path directory, int maxsize) throws IOException {
        return new JoinableQueue<>(ItemQueues.open(directory, Math.max(0, maxsize), true));
    }

    /**
     * Acknowledges an item: the oldest that this thread has taken and not acknowledged, or else this process, or else any
     * process; or else, in advance, the first that nobody has taken.
     *
     * @throws IllegalStateException when every item that was put is acknowledged
     */
    public void taskDone() {
        requireOpen();
        try {
            if (!queue.acknowledge()) {
                throw new IllegalStateException("taskDone called more often than items were put");
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Waits until every item that was put is acknowledged. */
    public void join() throws InterruptedException {
        join(null);
    }

    /** As {@link #join()}, up to {@code timeout}; null waits for ever. Returns whether everything is acknowledged. */
    public boolean join(@Nullable Duration timeout) throws InterruptedException {
        requireOpen();
        boolean done = queue.join(Deadline.after(timeout));
        requireOpen();
        return done;
    }

    /** How many items were put and are not acknowledged. */
    public int unfinished() {
        requireOpen();
        return (int) Math.min(Integer.MAX_VALUE, queue.unfinished());
    }

    /**
     * Takes the first item, waiting up to {@code timeout} for one; null waits for ever, zero or less only tries.
     *
     * @throws QueueEmptyException when none came in time
     */
    public Delivery<E> getDelivery(@Nullable Duration timeout) throws InterruptedException {
        Item item = some(takeWithin(Deadline.after(timeout)));
        return new Delivery<>(this, item, content(item));
    }

    private void done(Item.Place place) {
        requireOpen();
        try {
            if (!queue.acknowledge(place)) {
                throw new IllegalStateException("this item is acknowledged already");
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** An item that this process has taken, to be acknowledged for itself. */
    public static final class Delivery<E> {
        private final JoinableQueue<E> queue;
        private final Item.Place place;
        private final boolean redelivered;
        private final E content;

        private Delivery(JoinableQueue<E> queue, Item item, E content) {
            this.queue = queue;
            this.place = item.place();
            this.redelivered = item.isRedelivered();
            this.content = content;
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
            queue.done(place);
        }
    }
}
