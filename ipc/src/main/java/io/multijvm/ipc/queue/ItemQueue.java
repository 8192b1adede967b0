package io.multijvm.ipc.queue;

import static io.multijvm.ipc.queue.QueueLayout.ALL_DONE;
import static io.multijvm.ipc.queue.QueueLayout.FINISHED;
import static io.multijvm.ipc.queue.QueueLayout.GONE;
import static io.multijvm.ipc.queue.QueueLayout.ITEMS;
import static io.multijvm.ipc.queue.QueueLayout.MAXSIZE;
import static io.multijvm.ipc.queue.QueueLayout.PUT;
import static io.multijvm.ipc.queue.QueueLayout.SPACE;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.EventCount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A queue of items, each a number of bytes, that any thread of any process puts and exactly one takes.
 *
 * <p><b>Put</b> appends to the log ({@link Tail}) under the lock of those who put, and then publishes the item by counting it.
 * <b>Take</b> copies the item at the head ({@link Front}) under the lock of those who take, and then moves the head. Each is
 * decided by that one store. Encoding and decoding are the caller's, outside both locks. The two sides share no lock, and wait
 * for each other on event counts.
 *
 * <p><b>Death.</b> A process killed while it put has published its item or not; the next to put goes on in a new segment, so
 * that nobody depends on the state in which the other has left Chronicle. What those who take know is computed anew by who takes
 * their lock over. A signal that died with its sender is made up for by those who sleep, who look for themselves now and then.
 *
 * <p>Items of a joinable queue stay in the log until they are acknowledged, see {@link Acknowledgement}.
 */
public final class ItemQueue {
    private final Block block;
    private final Storage storage;
    private final Front front;
    private final Tail tail;
    private final EventCount items;
    private final EventCount space;
    private final EventCount allDone;
    private final int maxsize;
    private final @Nullable Path durable;
    private volatile boolean closed;
    private final EventCount.Awaited anItem = new AnItem();
    private final EventCount.Awaited someSpace = new SomeSpace();
    private final EventCount.Awaited everythingDone = new EverythingDone();

    ItemQueue(Domain domain, Block block, Storage storage, @Nullable Path durable) {
        this.block = block;
        this.storage = storage;
        this.durable = durable;
        this.front = new Front(domain, block, storage);
        this.tail = new Tail(domain, block, storage);
        this.items = new EventCount(domain, block, ITEMS);
        this.space = new EventCount(domain, block, SPACE);
        this.allDone = new EventCount(domain, block, ALL_DONE);
        this.maxsize = block.getInt(MAXSIZE);
    }

    /** How many items there may be at once; 0 for any number. */
    public int maxsize() {
        return maxsize;
    }

    /** Whether items are to be acknowledged. */
    public boolean isJoinable() {
        return front.acknowledgement() != null;
    }

    /** How many items are in the queue: put, and neither taken nor removed. */
    public long size() {
        lookForDeadNowAndThen();
        return present();
    }

    private long present() {
        while (true) {
            long gone = block.getLongVolatile(GONE);
            long put = block.getLongVolatile(PUT);
            if (gone == block.getLongVolatile(GONE)) {
                return put - gone;
            }
        }
    }

    /** What the dead have taken goes before what others would get, and is to be counted, also by who never waits. */
    private void lookForDeadNowAndThen() {
        Acknowledgement acknowledgement = front.acknowledgement();
        if (acknowledgement != null && acknowledgement.isTimeToLook()) {
            reclaim();
        }
    }

    /**
     * Puts an item, if there is space for it now; returns whether.
     *
     * @throws IOException when there is no room in the file system; nothing is put then
     */
    public boolean offer(byte[] bytes, int offset, int length) throws IOException {
        long number = tail.append(bytes, offset, length, this);
        if (number < 0) {
            return false;
        }
        // One who takes an item wakes the next if there are more; so only the item nobody will come across by that
        // needs a signal.
        if (items.hasSleepers() && block.getLongVolatile(GONE) >= number) {
            items.signal();
        }
        return true;
    }

    /**
     * Puts an item, waiting for space until the deadline; returns whether it did.
     *
     * @throws IOException when there is no room in the file system; nothing is put then
     */
    public boolean put(byte[] bytes, int offset, int length, Deadline deadline)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        while (!offer(bytes, offset, length)) {
            if (!space.await(someSpace, deadline) || closed) {
                return false;
            }
        }
        return true;
    }

    boolean hasSpace() {
        return maxsize == 0 || present() < maxsize;
    }

    /** As {@link #hasSpace}, for one who knows how many items were put, and has known {@code gone} of them to be gone. */
    boolean hasSpace(long put, long gone) {
        return maxsize == 0 || (put - gone < maxsize && !isJoinable());
    }

    long gone() {
        return block.getLongVolatile(GONE);
    }

    /** Takes the first item; null when there is none now. */
    public @Nullable Item poll() throws IOException {
        lookForDeadNowAndThen();
        if (!front.mayHaveItems()) {
            return null;
        }
        front.enter();
        Item item;
        boolean done = false;
        try {
            item = front.takeFirst();
            done = true;
        } finally {
            front.leave(done);
        }
        if (item != null) {
            if (maxsize > 0) {
                space.signal();
            }
            if (items.hasSleepers() && present() > 0) {
                items.signal();
            }
        }
        return item;
    }

    /** Takes the first item, waiting for one until the deadline; null when none came. */
    public @Nullable Item take(Deadline deadline) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        while (true) {
            Item item = poll();
            if (item != null) {
                return item;
            }
            if (!items.await(anItem, deadline) || closed) {
                return null;
            }
        }
    }

    /**
     * The first item behind {@code place}, or the first of all, in the order in which they will be taken; null when there is
     * none. Takes nothing.
     */
    public @Nullable Item next(Item.@Nullable Place place) throws IOException {
        front.enter();
        boolean done = false;
        try {
            Item item = front.next(place);
            done = true;
            return item;
        } finally {
            front.leave(done);
        }
    }

    /** Removes the item at {@code place}; returns false when somebody has taken or removed it before. */
    public boolean remove(Item.Place place) throws IOException {
        front.enter();
        boolean removed;
        boolean done = false;
        try {
            removed = front.remove(place);
            done = true;
        } finally {
            front.leave(done);
        }
        if (removed && maxsize > 0) {
            space.signal();
        }
        signalIfAllDone();
        return removed;
    }

    /** Removes all items that are in the queue now, and none that is put meanwhile. */
    public void clear() throws IOException {
        long end = block.getLongVolatile(PUT);
        for (Item each = next(null); each != null && each.place.sequence < end; each = next(each.place)) {
            remove(each.place);
        }
    }

    private void signalIfAllDone() {
        if (isJoinable() && unfinished() == 0) {
            allDone.signalAll();
        }
    }

    /** Acknowledges an item this process has taken; returns false when that is done already. */
    public boolean acknowledge(Item.Place place) throws IOException {
        return acknowledging(place);
    }

    /**
     * Acknowledges the oldest item that this thread has, or else this process, or else any; or else, in advance, the first that
     * nobody has. Returns false when everything is acknowledged.
     */
    public boolean acknowledge() throws IOException {
        return acknowledging(null);
    }

    private boolean acknowledging(Item.@Nullable Place place) throws IOException {
        Acknowledgement of = front.acknowledgement();
        if (of == null) {
            throw new IllegalStateException("not a joinable queue");
        }
        front.enter();
        boolean acknowledged;
        boolean done = false;
        try {
            acknowledged = place == null ? of.acknowledgeOldest() : of.acknowledge(place);
            done = true;
        } finally {
            front.leave(done);
        }
        signalIfAllDone();
        return acknowledged;
    }

    /** How many items were put and are neither acknowledged nor removed. */
    public long unfinished() {
        while (true) {
            long finished = block.getLongVolatile(FINISHED);
            long put = block.getLongVolatile(PUT);
            if (finished == block.getLongVolatile(FINISHED)) {
                return put - finished;
            }
        }
    }

    /** Waits until nothing is unfinished; returns whether that was before the deadline. */
    public boolean join(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return allDone.await(everythingDone, deadline);
    }

    /** What another process attaches a family's queue by; null for a durable one. */
    public Block.@Nullable Ref ref() {
        return durable == null ? block.ref() : null;
    }

    /** The directory of a durable queue; null for a family's. */
    public @Nullable Path durable() {
        return durable;
    }

    /** Lets go of the log in this process; the queue stays for others. One that nobody else knows is removed. */
    public void close() throws IOException {
        closed = true;
        items.signalAll();
        space.signalAll();
        allDone.signalAll();
        tail.close();
        if (durable == null && !block.isKnown()) {
            storage.remove();
        }
    }

    /** Whether {@link #close} was called in this process. */
    public boolean isClosed() {
        return closed;
    }

    /** What is to be done when this object has become garbage. */
    Runnable release(Object key, RunDirectory.@Nullable Liveness liveness) {
        return new Release(key, tail, storage, block, durable != null, liveness);
    }

    private record Release(
            Object key,
            Tail tail,
            Storage storage,
            Block block,
            boolean durable,
            RunDirectory.@Nullable Liveness liveness)
            implements Runnable {
        @Override
        public void run() {
            ItemQueues.forget(key);
            try {
                tail.close();
                if (!durable && !block.isKnown()) {
                    storage.remove();
                }
                if (liveness != null) {
                    liveness.remove();
                }
            } catch (IOException e) {
                System.getLogger("io.multijvm").log(System.Logger.Level.WARNING, "a queue's storage stays behind", e);
            }
        }
    }

    /** Removes what processes left that died between two steps; for the only one that uses the queue. */
    void removeOrphans() throws IOException {
        front.enter();
        boolean done = false;
        try {
            front.removeOrphans();
            done = true;
        } finally {
            front.leave(done);
        }
    }

    /** Gives back what the dead have taken and not acknowledged, and what they held of this queue itself. */
    private void reclaim() {
        Acknowledgement acknowledgement = front.acknowledgement();
        if (acknowledgement == null && !front.isHeld()) {
            return;
        }
        try {
            front.enter();
            int back = 0;
            boolean done = false;
            try {
                back = acknowledgement == null ? 0 : acknowledgement.reclaim();
                done = true;
            } finally {
                front.leave(done);
            }
            for (int i = 0; i < back; i++) {
                items.signal();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the queue's storage cannot be read", e);
        }
    }

    private final class AnItem implements EventCount.Awaited {
        @Override
        public boolean isThere() {
            return present() > 0 || closed;
        }

        @Override
        public void lookForDead() {
            reclaim();
        }
    }

    private final class SomeSpace implements EventCount.Awaited {
        @Override
        public boolean isThere() {
            return hasSpace() || closed;
        }

        @Override
        public void lookForDead() {
            reclaim();
        }
    }

    private final class EverythingDone implements EventCount.Awaited {
        @Override
        public boolean isThere() {
            return unfinished() == 0 || closed;
        }

        @Override
        public void lookForDead() {
            reclaim();
        }
    }
}
