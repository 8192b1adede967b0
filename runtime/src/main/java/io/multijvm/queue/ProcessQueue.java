package io.multijvm.queue;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.queue.Item;
import io.multijvm.ipc.queue.ItemQueue;
import io.multijvm.ipc.queue.ItemQueues;
import io.multijvm.ipc.socket.LeftLuggage;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A queue between processes: any number of threads of any processes put items, and each goes to exactly one that takes.
 *
 * <p>An item is encoded by who puts it, before {@code put} returns: a later change of the object does not reach who takes it,
 * and what cannot be sent is a {@link NotSendableException} there. When {@code put} has returned, the item is in the queue,
 * whatever becomes of the process; there is no thread that still has to send it. What one thread puts is taken in that order;
 * {@link #size} is exact. Null is refused with a {@link NullPointerException}, as by every {@link BlockingQueue}.
 *
 * <p>Items wait on disk when they become many. No space left there is an {@link UncheckedIOException} of {@code put}, which
 * leaves the queue as it was.
 *
 * <p>An open connection, socket or file inside an item is kept by the process that put it until the item is taken, and is gone
 * with that process: taking the item is an {@link UnreadableItemException} then.
 *
 * <p>A process that is killed while it puts has put its item or not; one that is killed while it takes may have taken one with
 * it. No other is kept waiting by that for more than a moment.
 *
 * <p>A queue may be captured by a process's target or sent in any way, through queues too, and stays one. It ends with the
 * program, unless it is durable: see {@link #open}. Python: {@code multiprocessing.Queue}.
 */
public sealed class ProcessQueue<E> extends AbstractQueue<E> implements BlockingQueue<E>, Handle, AutoCloseable
        permits JoinableQueue {
    private static final long serialVersionUID = 1;
    static final int WHATEVER = -1;

    final transient ItemQueue queue;
    private transient volatile boolean used;

    ProcessQueue(ItemQueue queue) {
        this.queue = queue;
    }

    /** A new queue of at most {@code maxsize} items, or of any number if that is not positive. */
    public static <E> ProcessQueue<E> create(int maxsize) {
        return new ProcessQueue<>(ItemQueues.create(ProcessContext.domain(), Math.max(0, maxsize), false));
    }

    /** The durable queue in {@code directory}, as it is; a new one, of any number of items, if there is none. */
    public static <E> ProcessQueue<E> open(Path directory) throws IOException {
        return new ProcessQueue<>(ItemQueues.open(directory, WHATEVER, false));
    }

    /**
     * The durable queue in {@code directory}, which survives the end of all processes, and a crash of them. Made if the directory
     * is missing, but for the last name in its path, or empty. Programs that have nothing else to do with each other may use it
     * at the same time, on one machine and with one user. What the operating system has not written to disk is lost with a crash
     * of the machine itself.
     *
     * @throws IOException when there is something else
     * @throws IllegalArgumentException when the queue there is joinable, or of another {@code maxsize}
     */
    public static <E> ProcessQueue<E> open(Path directory, int maxsize) throws IOException {
        return new ProcessQueue<>(ItemQueues.open(directory, Math.max(0, maxsize), false));
    }

    @Override
    public final void put(E item) throws InterruptedException {
        putWithin(item, Deadline.never());
    }

    /**
     * Puts an item, waiting up to {@code timeout} for space; null waits for ever, zero or less only tries.
     *
     * @throws QueueFullException when there was no space in time
     */
    public final void put(E item, @Nullable Duration timeout) throws InterruptedException {
        if (!putWithin(item, Deadline.after(timeout))) {
            throw new QueueFullException(maxsize());
        }
    }

    /**
     * Puts an item if there is space now.
     *
     * @throws QueueFullException when there is none
     */
    public final void putNowait(E item) {
        if (!offer(item)) {
            throw new QueueFullException(maxsize());
        }
    }

    /**
     * As {@link #putNowait}.
     *
     * @throws QueueFullException when there is no space
     */
    @Override
    public final boolean add(E item) {
        putNowait(item);
        return true;
    }

    @Override
    public final boolean offer(E item) {
        requireOpen();
        try (Encoded encoded = encode(item)) {
            if (!encoded.descriptors().isEmpty()) {
                return offerWithLuggage(encoded);
            }
            boolean done = queue.offer(encoded.array(), 0, encoded.length());
            encoded.recycle();
            return done;
        } catch (IOException e) {
            throw unstorable(e);
        }
    }

    private boolean offerWithLuggage(Encoded encoded) throws IOException {
        byte[] named = leaveLuggage(encoded);
        boolean done = false;
        try {
            done = queue.offer(named, 0, named.length);
            return done;
        } finally {
            if (!done) {
                LeftLuggage.giveUp(named);
            }
        }
    }

    @Override
    public final boolean offer(E item, long timeout, TimeUnit unit) throws InterruptedException {
        return putWithin(item, Deadline.after(timeout, unit));
    }

    private boolean putWithin(E item, Deadline deadline) throws InterruptedException {
        requireOpen();
        try (Encoded encoded = encode(item)) {
            boolean done = encoded.descriptors().isEmpty()
                    ? queue.put(encoded.array(), 0, encoded.length(), deadline)
                    : putWithLuggage(encoded, deadline);
            encoded.recycle();
            if (!done) {
                requireOpen();
            }
            return done;
        } catch (IOException e) {
            throw unstorable(e);
        }
    }

    private boolean putWithLuggage(Encoded encoded, Deadline deadline) throws IOException, InterruptedException {
        byte[] named = leaveLuggage(encoded);
        boolean done = false;
        try {
            done = queue.put(named, 0, named.length, deadline);
            return done;
        } finally {
            if (!done) {
                LeftLuggage.giveUp(named);
            }
        }
    }

    private byte[] leaveLuggage(Encoded encoded) throws IOException {
        if (queue.durable() != null) {
            throw new NotSendableException("an open channel or file cannot wait in a durable queue");
        }
        return LeftLuggage.leave(ProcessContext.domain(), encoded.array(), encoded.length(), encoded.descriptors());
    }

    private Encoded encode(E item) {
        used = true;
        return Codec.encode(Objects.requireNonNull(item, "item"));
    }

    private static UncheckedIOException unstorable(IOException e) {
        return new UncheckedIOException("the queue cannot store an item: " + e.getMessage(), e);
    }

    @Override
    public final E take() throws InterruptedException {
        return content(Objects.requireNonNull(takeWithin(Deadline.never())));
    }

    /** As {@link #take()}. */
    public final E get() throws InterruptedException {
        return take();
    }

    /**
     * Takes the first item, waiting up to {@code timeout} for one; null waits for ever, zero or less only tries.
     *
     * @throws QueueEmptyException when none came in time
     */
    public final E get(@Nullable Duration timeout) throws InterruptedException {
        return content(some(takeWithin(Deadline.after(timeout))));
    }

    /**
     * Takes the first item if there is one now.
     *
     * @throws QueueEmptyException when there is none
     */
    public final E getNowait() {
        return content(some(takeNow()));
    }

    @Override
    public final @Nullable E poll() {
        Item item = takeNow();
        return item == null ? null : content(item);
    }

    @Override
    public final @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        Item item = takeWithin(Deadline.after(timeout, unit));
        return item == null ? null : content(item);
    }

    static Item some(@Nullable Item item) {
        if (item == null) {
            throw new QueueEmptyException();
        }
        return item;
    }

    final @Nullable Item takeNow() {
        requireOpen();
        used = true;
        try {
            return queue.poll();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    final @Nullable Item takeWithin(Deadline deadline) throws InterruptedException {
        requireOpen();
        used = true;
        try {
            Item item = queue.take(deadline);
            if (item == null) {
                requireOpen();
            }
            return item;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("the queue's storage cannot be read: " + e.getMessage(), e);
    }

    final E content(Item item) {
        return content(item, true);
    }

    @SuppressWarnings("unchecked") // what was put was an E
    private E content(Item item, boolean taken) {
        List<Descriptor> luggage = List.of();
        int length = 0;
        try {
            ClassLoader loader = Codec.loader();
            Item.Content arrived = item.content();
            byte[] bytes = arrived.array();
            length = arrived.length();
            if (LeftLuggage.isNamedBy(bytes)) {
                bytes = Arrays.copyOf(bytes, length);
                luggage = LeftLuggage.collect(ProcessContext.domain(), bytes, taken);
                bytes = LeftLuggage.contentOf(bytes);
                length = bytes.length;
            }
            E content = (E) Objects.requireNonNull(Codec.decode(bytes, length, luggage, loader));
            arrived.recycle();
            return content;
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            throw new UnreadableItemException(e);
        } catch (OutOfMemoryError e) {
            throw new UnreadableItemException(new HeapExhaustedException("an item", length, e));
        } finally {
            for (Descriptor descriptor : luggage) {
                descriptor.close();
            }
        }
    }

    @Override
    public final @Nullable E peek() {
        Seen<E> first = lookBehind(null);
        return first == null ? null : first.content;
    }

    /** The first item behind {@code place} that is still there when it is read; null when there is none. */
    private @Nullable Seen<E> lookBehind(Item.@Nullable Place place) {
        requireOpen();
        used = true;
        Item.Place from = place;
        try {
            while (true) {
                Item item = queue.next(from);
                if (item == null) {
                    return null;
                }
                try {
                    return new Seen<>(item.place(), content(item, false));
                } catch (UnreadableItemException e) {
                    if (!(e.getCause() instanceof NoSuchFileException)) {
                        throw e;
                    }
                    from = item.place(); // a large one, and somebody has just taken it
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static final class Seen<E> {
        final Item.Place place;
        final E content;

        Seen(Item.Place place, E content) {
            this.place = place;
            this.content = content;
        }
    }

    /**
     * Goes over the items in the order in which they would be taken, each as it is when reached; what is put or taken meanwhile
     * may be met or not. Items are copies; {@code remove} removes the one in the queue, if it is still there.
     */
    @Override
    public final Iterator<E> iterator() {
        return new Items();
    }

    private final class Items implements Iterator<E> {
        private @Nullable Seen<E> next = lookBehind(null);
        private Item.@Nullable Place last;

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public E next() {
            Seen<E> reached = next;
            if (reached == null) {
                throw new NoSuchElementException();
            }
            last = reached.place;
            next = lookBehind(reached.place);
            return reached.content;
        }

        @Override
        public void remove() {
            Item.Place place = last;
            if (place == null) {
                throw new IllegalStateException("nothing to remove: next() not called, or removed already");
            }
            last = null;
            removeAt(place);
        }
    }

    private boolean removeAt(Item.Place place) {
        try {
            return queue.remove(place);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Removes one item that is equal to {@code wanted}; returns whether there was one, and nobody took it first. */
    @Override
    public final boolean remove(@Nullable Object wanted) {
        for (Seen<E> each = lookBehind(null); each != null; each = lookBehind(each.place)) {
            if (each.content.equals(wanted) && removeAt(each.place)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public final void clear() {
        requireOpen();
        try {
            queue.clear();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Moves the items that are there now; what is put meanwhile stays. */
    @Override
    public final int drainTo(Collection<? super E> into) {
        return drainTo(into, Integer.MAX_VALUE);
    }

    @Override
    public final int drainTo(Collection<? super E> into, int most) {
        Objects.requireNonNull(into, "into");
        if (into == this || (into instanceof ProcessQueue<?> other && other.queue == queue)) {
            throw new IllegalArgumentException("a queue cannot be drained to itself");
        }
        int available = Math.min(most, Math.max(1, size())); // poll() in any case: it takes back what the dead had
        int count = 0;
        while (count < available) {
            E item = poll();
            if (item == null) {
                break;
            }
            into.add(item);
            count++;
        }
        return count;
    }

    /** How many items are in the queue at this moment. Python: {@code qsize()}. */
    @Override
    public final int size() {
        requireOpen();
        return (int) Math.min(Integer.MAX_VALUE, queue.size());
    }

    /** As {@link #size()}. */
    public final int qsize() {
        return size();
    }

    /** As {@link #isEmpty()}; of a queue that was closed here before it was used here, true. */
    public final boolean empty() {
        return isEmpty();
    }

    @Override
    public final boolean isEmpty() {
        if (!used && isClosed()) {
            return true;
        }
        return size() == 0;
    }

    /** Whether there are as many items as there may be. */
    public final boolean full() {
        return remainingCapacity() == 0;
    }

    /** How many items there may be; 0 for any number. */
    public final int maxsize() {
        return queue.maxsize();
    }

    /** How many items may be put at this moment; {@link Integer#MAX_VALUE} when any number may. */
    @Override
    public final int remainingCapacity() {
        int size = size();
        return maxsize() == 0 ? Integer.MAX_VALUE : Math.max(0, maxsize() - size);
    }

    /**
     * Ends this process's use of the queue: from now on everything here is a {@link QueueClosedException}, also for threads that
     * wait. What was put stays for the other processes. Idempotent.
     */
    @Override
    public final void close() {
        if (!isClosed()) {
            try {
                queue.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the queue's storage cannot be removed", e);
            }
        }
    }

    /** Whether {@link #close} was called in this process. */
    public final boolean isClosed() {
        return queue.isClosed();
    }

    /**
     * Python waits here until the queue's feeder thread has sent what was put; here {@code put} has done so itself, and there is
     * nothing to wait for.
     *
     * @throws IllegalStateException when the queue is not closed, as in Python
     */
    public final void joinThread() {
        if (!isClosed()) {
            throw new IllegalStateException("close() comes first");
        }
    }

    /** In Python, gives up what was not sent yet; here there is no such thing, and this does nothing. */
    public final void cancelJoinThread() {
        // see joinThread
    }

    final void requireOpen() {
        if (queue.isClosed()) {
            throw new QueueClosedException("the queue");
        }
    }

    /** A queue is equal to itself alone, in whichever process it was received. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ProcessQueue<?> that && that.queue == queue;
    }

    @Override
    public final int hashCode() {
        return System.identityHashCode(queue);
    }

    @Serial
    final Object writeReplace() { // not private: the subclass is to have it, too
        return Passed.of(queue);
    }
}
