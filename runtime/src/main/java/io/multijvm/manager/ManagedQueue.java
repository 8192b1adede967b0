package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.queue.QueueEmptyException;
import io.multijvm.queue.QueueFullException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue in a manager's server: any number of threads of any processes put items, and each goes to exactly one that takes.
 * Which one is next depends on how it was made: the oldest, the newest, or the least.
 *
 * <p>Items are copied on their way in and out, but for objects of managers. They are in the memory of the server, and all that
 * it takes to make them of must be there. When {@code put} has returned, the item is in the queue; {@link #size} is exact. Null
 * is refused with a {@link NullPointerException}, as by every {@link BlockingQueue}. Bulk operations are one message.
 *
 * <p>A process that is killed while it puts has put its item or not; one that is killed while it takes may have taken one with
 * it. {@link io.multijvm.queue.ProcessQueue} is the faster one, and has its items on disk when they become many; this one can
 * also be used from other machines. Python: {@code manager.Queue(maxsize)}.
 */
public sealed class ManagedQueue<E> extends AbstractProxy<QueueObject.Verb> implements BlockingQueue<E>
        permits ManagedJoinableQueue {
    private static final long serialVersionUID = 1;

    ManagedQueue(Remote remote) {
        super(remote);
    }

    @Override
    public final void put(E item) throws InterruptedException {
        boolean ignored = putWithin(item, Deadline.never());
    }

    /**
     * Puts an item, waiting up to {@code timeout} for space; null waits for ever, zero or less only tries.
     *
     * @throws QueueFullException when there was no space in time
     */
    public final void put(E item, @Nullable Duration timeout) throws InterruptedException {
        if (!putWithin(item, Deadline.after(timeout))) {
            throw full(maxsize());
        }
    }

    /**
     * Puts an item if there is space now.
     *
     * @throws QueueFullException when there is none
     */
    public final void putNowait(E item) {
        if (!offer(item)) {
            throw full(maxsize());
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

    /**
     * Puts all, in their order.
     *
     * @throws QueueFullException when there was no space for all; those for which there was are in the queue
     */
    @Override
    public final boolean addAll(Collection<? extends E> all) {
        if (isSame(all)) {
            throw new IllegalArgumentException("a queue cannot be added to itself");
        }
        List<@Nullable Object> items = new ArrayList<>(all);
        int end = items.indexOf(null);
        List<@Nullable Object> before = end < 0 ? items : new ArrayList<>(items.subList(0, end));
        int done = before.isEmpty() ? 0 : (int) call(QueueObject.Verb.PUT_ALL, before);
        if (done < before.size()) {
            throw full(maxsize());
        }
        if (end >= 0) {
            throw new NullPointerException("item");
        }
        return done > 0;
    }

    @Override
    public final boolean offer(E item) {
        return call(QueueObject.Verb.PUT, Objects.requireNonNull(item, "item"), 0L);
    }

    @Override
    public final boolean offer(E item, long timeout, TimeUnit unit) throws InterruptedException {
        return putWithin(item, Deadline.after(timeout, unit));
    }

    private boolean putWithin(E item, Deadline deadline) throws InterruptedException {
        Objects.requireNonNull(item, "item");
        return callInterruptibly(QueueObject.Verb.PUT, item, deadline.remainingNanos());
    }

    private static QueueFullException full(int maxsize) {
        return new QueueFullException(maxsize);
    }

    @Override
    public final E take() throws InterruptedException {
        return Objects.requireNonNull(takeWithin(Deadline.never()));
    }

    /** As {@link #take()}. */
    public final E get() throws InterruptedException {
        return take();
    }

    /**
     * Takes the next item, waiting up to {@code timeout} for one; null waits for ever, zero or less only tries.
     *
     * @throws QueueEmptyException when none came in time
     */
    public final E get(@Nullable Duration timeout) throws InterruptedException {
        return some(takeWithin(Deadline.after(timeout)));
    }

    /**
     * Takes the next item if there is one now.
     *
     * @throws QueueEmptyException when there is none
     */
    public final E getNowait() {
        return some(poll());
    }

    private static <T> T some(@Nullable T item) {
        if (item == null) {
            throw new QueueEmptyException();
        }
        return item;
    }

    @Override
    public final @Nullable E poll() {
        return call(QueueObject.Verb.TAKE, thread(), 0L);
    }

    @Override
    public final @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        return takeWithin(Deadline.after(timeout, unit));
    }

    private @Nullable E takeWithin(Deadline deadline) throws InterruptedException {
        return callInterruptibly(QueueObject.Verb.TAKE, thread(), deadline.remainingNanos());
    }

    static long thread() {
        return AbstractManagedLock.thread();
    }

    @Override
    public final E remove() {
        return getNowait();
    }

    @Override
    public final @Nullable E peek() {
        return call(QueueObject.Verb.PEEK);
    }

    @Override
    public final E element() {
        return some(peek());
    }

    @Override
    public final int drainTo(Collection<? super E> into) {
        return drainTo(into, Integer.MAX_VALUE);
    }

    @Override
    public final int drainTo(Collection<? super E> into, int most) {
        Objects.requireNonNull(into, "into");
        if (isSame(into)) {
            throw new IllegalArgumentException("a queue cannot be drained to itself");
        }
        List<E> drained = call(QueueObject.Verb.DRAIN, thread(), most);
        for (E item : drained) {
            boolean ignored = into.add(item);
        }
        return drained.size();
    }

    /** How many items are in the queue at this moment. Python: {@code qsize()}. */
    @Override
    public final int size() {
        return call(QueueObject.Verb.SIZE);
    }

    /** As {@link #size()}. */
    public final int qsize() {
        return size();
    }

    @Override
    public final boolean isEmpty() {
        return size() == 0;
    }

    /** As {@link #isEmpty()}. */
    public final boolean empty() {
        return isEmpty();
    }

    /** Whether there are as many items as there may be. */
    public final boolean full() {
        return remainingCapacity() == 0;
    }

    /** How many items there may be; 0 for any number. */
    public final int maxsize() {
        return call(QueueObject.Verb.MAXSIZE);
    }

    /** How many items may be put at this moment; {@link Integer#MAX_VALUE} when any number may. */
    @Override
    public final int remainingCapacity() {
        int size = size();
        int most = maxsize();
        return most == 0 ? Integer.MAX_VALUE : Math.max(0, most - size);
    }

    @Override
    public final boolean contains(@Nullable Object wanted) {
        try {
            return call(QueueObject.Verb.CONTAINS, wanted);
        } catch (NotSendableException e) {
            return items().contains(wanted);
        }
    }

    @Override
    public final boolean containsAll(Collection<?> wanted) {
        return wanted.isEmpty() || items().containsAll(wanted);
    }

    /** Removes one item that is equal to {@code wanted}; returns whether there was one, and nobody took it first. */
    @Override
    public final boolean remove(@Nullable Object wanted) {
        try {
            return call(QueueObject.Verb.REMOVE, wanted);
        } catch (NotSendableException e) {
            var all = new Snapshot();
            int index = Arrays.asList(all.items).indexOf(wanted);
            return index >= 0 && remove(new long[] {all.numbers[index]});
        }
    }

    @Override
    public final boolean removeAll(Collection<?> unwanted) {
        Objects.requireNonNull(unwanted, "unwanted");
        return removeIf(unwanted::contains);
    }

    @Override
    public final boolean retainAll(Collection<?> wanted) {
        Objects.requireNonNull(wanted, "wanted");
        return removeIf(item -> !wanted.contains(item));
    }

    /** Removes what {@code unwanted}, which is asked here, says is unwanted, and is there still. */
    @Override
    public final boolean removeIf(Predicate<? super E> unwanted) {
        Objects.requireNonNull(unwanted, "unwanted");
        var all = new Snapshot();
        var numbers = new long[all.items.length];
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (unwanted.test(all.item(i))) {
                numbers[count++] = all.numbers[i];
            }
        }
        return count > 0 && remove(Arrays.copyOf(numbers, count));
    }

    private boolean remove(long[] numbers) {
        int removed = call(QueueObject.Verb.REMOVE_NUMBERED, (Object) numbers);
        return removed > 0;
    }

    @Override
    public final void clear() {
        Object ignored = call(QueueObject.Verb.CLEAR);
    }

    /**
     * Goes over the items that are there now, in the order in which they would be taken; what is put or taken meanwhile changes
     * nothing of that. Items are copies; {@code remove} removes the one in the queue, if it is still there.
     */
    @Override
    public final Iterator<E> iterator() {
        return new Items();
    }

    /** What was there at one moment. */
    private final class Snapshot {
        final long[] numbers;
        final Object[] items;

        Snapshot() {
            Object[] both = call(QueueObject.Verb.SNAPSHOT);
            numbers = (long[]) both[0];
            items = (Object[]) both[1];
        }

        @SuppressWarnings("unchecked") // what was put was an E
        E item(int index) {
            return (E) items[index];
        }
    }

    private final class Items implements Iterator<E> {
        private final Snapshot all = new Snapshot();
        private int next;
        private boolean removable;

        @Override
        public boolean hasNext() {
            return next < all.items.length;
        }

        @Override
        public E next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            removable = true;
            return all.item(next++);
        }

        @Override
        public void remove() {
            if (!removable) {
                throw new IllegalStateException("nothing to remove: next() not called, or removed already");
            }
            removable = false;
            boolean ignored = ManagedQueue.this.remove(new long[] {all.numbers[next - 1]});
        }
    }

    private List<Object> items() {
        return Arrays.asList(new Snapshot().items);
    }

    @Override
    public final Object[] toArray() {
        return new Snapshot().items;
    }

    @Override
    public final <T> T[] toArray(T[] array) {
        return items().toArray(array);
    }

    /** Two of these are equal when they are the same queue of the same server. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return isSame(other);
    }

    private boolean isSame(@Nullable Object other) {
        return other instanceof ManagedQueue<?> queue && queue.remote().equals(remote());
    }

    @Override
    public final int hashCode() {
        return remote().hashCode();
    }

    /** That of a collection. */
    @Override
    public final String toString() {
        return Traversal.text(remote(), "(this Collection)", () -> items().toString());
    }
}
