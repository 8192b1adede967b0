package io.multijvm.ipc.queue;

import static io.multijvm.ipc.queue.QueueLayout.AGAIN;
import static io.multijvm.ipc.queue.QueueLayout.AHEAD;
import static io.multijvm.ipc.queue.QueueLayout.ALL_DONE;
import static io.multijvm.ipc.queue.QueueLayout.FINISHED;
import static io.multijvm.ipc.queue.QueueLayout.GONE;
import static io.multijvm.ipc.queue.QueueLayout.HALF_DONE;
import static io.multijvm.ipc.queue.QueueLayout.HEAD;
import static io.multijvm.ipc.queue.QueueLayout.HEAD_AT;
import static io.multijvm.ipc.queue.QueueLayout.HEAD_BASE;
import static io.multijvm.ipc.queue.QueueLayout.ITEMS;
import static io.multijvm.ipc.queue.QueueLayout.JOINABLE;
import static io.multijvm.ipc.queue.QueueLayout.LOW;
import static io.multijvm.ipc.queue.QueueLayout.LOW_AT;
import static io.multijvm.ipc.queue.QueueLayout.LOW_BASE;
import static io.multijvm.ipc.queue.QueueLayout.MAXSIZE;
import static io.multijvm.ipc.queue.QueueLayout.PUT;
import static io.multijvm.ipc.queue.QueueLayout.SPACE;
import static io.multijvm.ipc.queue.QueueLayout.TAKE_LOCK;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.EventCount;
import io.multijvm.ipc.sync.OwnedLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/**
 * A queue of items, each a number of bytes, that any thread of any process puts and exactly one takes.
 *
 * <p><b>Put</b> appends to the log ({@link Tail}) under the lock of those who put, and then publishes the item by counting it.
 * <b>Take</b> copies the item at the head under the lock of those who take, and then moves the head. Each is decided by that one
 * store. Encoding and decoding are the caller's, outside both locks. The two sides share no lock, and wait for each other on
 * event counts.
 *
 * <p><b>Death.</b> A process killed while it put has published its item or not; the next to put goes on in a new segment, so
 * that nobody depends on what state the other has left Chronicle in. All that is known to those who take follows from the head
 * and the states of the items and is computed anew by who takes their lock over from a dead process. A signal that died with its
 * sender is made up for within {@code Word.PATIENCE}.
 *
 * <p>Items of a joinable queue stay in the log until they are acknowledged, see {@link Acknowledgement}.
 */
public final class ItemQueue {
    private final Block block;
    private final Segments segments;
    private final Tail tail;
    private final OwnedLock takeLock;
    private final EventCount items;
    private final EventCount space;
    private final EventCount allDone;
    private final int maxsize;
    private final @Nullable Acknowledgement acknowledgement;
    private final @Nullable Path durable;
    private volatile boolean closed;
    private final EventCount.Awaited anItem = new AnItem();
    private final EventCount.Awaited someSpace = new SomeSpace();
    private final EventCount.Awaited everythingDone = new EverythingDone();

    ItemQueue(Domain domain, Block block, Storage storage, @Nullable Path durable) {
        this.durable = durable;
        this.block = block;
        this.segments = new Segments(storage, block);
        this.tail = new Tail(domain, block, storage);
        this.takeLock = new OwnedLock(domain, block, TAKE_LOCK);
        this.items = new EventCount(domain, block, ITEMS);
        this.space = new EventCount(domain, block, SPACE);
        this.allDone = new EventCount(domain, block, ALL_DONE);
        this.maxsize = block.getInt(MAXSIZE);
        this.acknowledgement = block.getInt(JOINABLE) == 0 ? null : new Acknowledgement(domain, block, segments);
    }

    /** How many items there may be at once; 0 for any number. */
    public int maxsize() {
        return maxsize;
    }

    /** Whether items are to be acknowledged. */
    public boolean isJoinable() {
        return acknowledgement != null;
    }

    /** How many items are in the queue: put, and neither taken nor removed. */
    public long size() {
        while (true) {
            long gone = block.getLongVolatile(GONE);
            long put = block.getLongVolatile(PUT);
            if (gone == block.getLongVolatile(GONE)) {
                return put - gone;
            }
        }
    }

    /**
     * Puts an item, if there is space for it now; returns whether.
     *
     * @throws IOException when there is no room in the file system; nothing is put then
     */
    public boolean offer(byte[] bytes, int offset, int length) throws IOException {
        if (!tail.append(bytes, offset, length, this)) {
            return false;
        }
        items.signal();
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
        return maxsize == 0 || size() < maxsize;
    }

    /** Takes the first item; null when there is none now. */
    public @Nullable Item poll() throws IOException {
        if (acknowledgement != null && acknowledgement.isTimeToLook()) {
            reclaim();
        }
        if (size() == 0) {
            return null;
        }
        enter();
        Item item;
        boolean done = false;
        try {
            item = takeFirst();
            done = true;
        } finally {
            leave(done);
        }
        if (item != null && maxsize > 0) {
            space.signal();
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

    private @Nullable Item takeFirst() throws IOException {
        if (acknowledgement != null && block.getInt(AGAIN) > 0) {
            Cursor again = acknowledgement.again();
            Item item = item(again, false);
            acknowledgement.took(again);
            block.setInt(AGAIN, block.getInt(AGAIN) - 1);
            block.setLongVolatile(GONE, block.getLong(GONE) + 1);
            return item;
        }
        long put = block.getLongVolatile(PUT);
        if (block.getLong(HEAD) == put) {
            return null;
        }
        Cursor head = head();
        if (acknowledgement == null && block.getLong(HEAD_BASE) != head.segment().base) {
            segments.forgetBefore(head.sequence());
        }
        while (!head.isFree()) {
            block.setInt(AHEAD, block.getInt(AHEAD) - 1);
            pass(head);
            if (head.sequence() + 1 == put) {
                return null;
            }
            head.advance();
        }
        Item item = item(head, acknowledgement == null);
        if (acknowledgement != null) {
            acknowledgement.took(head);
        }
        pass(head);
        block.setLongVolatile(GONE, block.getLong(GONE) + 1);
        return item;
    }

    private Cursor head() throws IOException {
        return new Cursor(segments, block.getLong(HEAD), block.getLong(HEAD_BASE), (int) block.getLong(HEAD_AT));
    }

    /** Moves the head behind the item it is at. */
    private void pass(Cursor head) {
        block.setLong(HEAD_AT, head.past());
        block.setLong(HEAD_BASE, head.segment().base);
        block.setLongVolatile(HEAD, head.sequence() + 1);
    }

    private Item item(Cursor at, boolean last) {
        Path file = at.segment().file(at.at(), segments.storage());
        byte[] bytes = file == null ? at.segment().bytes(at.at()) : new byte[0];
        return new Item(at.place(), (at.state() & Segment.REDELIVERED) != 0, bytes, file, last);
    }

    /**
     * The first item behind {@code place}, or the first of all, in the order in which they will be taken; null when there is
     * none. Takes nothing.
     */
    public @Nullable Item next(Item.@Nullable Place place) throws IOException {
        enter();
        try {
            long put = block.getLongVolatile(PUT);
            Cursor at = start(place, put);
            while (at != null && !at.isFree()) {
                at = step(at, put);
            }
            return at == null ? null : item(at, false);
        } finally {
            takeLock.leave();
        }
    }

    private @Nullable Cursor start(Item.@Nullable Place place, long put) throws IOException {
        long low = acknowledgement == null ? block.getLong(HEAD) : block.getLong(LOW);
        if (place != null && place.sequence >= low) {
            return step(new Cursor(segments, place.sequence, place.base, place.at), put);
        }
        if (low == put) {
            return null;
        }
        return acknowledgement == null ? head() : acknowledgement.low();
    }

    private static @Nullable Cursor step(Cursor at, long put) throws IOException {
        if (at.sequence() + 1 >= put) {
            return null;
        }
        at.advance();
        return at;
    }

    /** Removes the item at {@code place}; returns false when somebody has taken or removed it before. */
    public boolean remove(Item.Place place) throws IOException {
        enter();
        boolean done = false;
        try {
            if (!removeFree(place)) {
                done = true;
                return false;
            }
            done = true;
        } finally {
            leave(done);
        }
        if (maxsize > 0) {
            space.signal();
        }
        if (acknowledgement != null && unfinished() == 0) {
            allDone.signalAll();
        }
        return true;
    }

    private boolean removeFree(Item.Place place) throws IOException {
        if (place.sequence < block.getLong(acknowledgement == null ? HEAD : LOW)) {
            return false;
        }
        var at = new Cursor(segments, place.sequence, place.base, place.at);
        if (!at.isFree()) {
            return false;
        }
        Path file = at.segment().file(at.at(), segments.storage());
        boolean inAdvance = (at.state() & Segment.OWNER) == Segment.CREDIT;
        at.state((at.state() & ~Segment.OWNER) | Segment.DONE);
        boolean again = place.sequence < block.getLong(HEAD);
        int counter = again ? AGAIN : AHEAD;
        block.setInt(counter, block.getInt(counter) + (again ? -1 : 1));
        block.setLongVolatile(GONE, block.getLong(GONE) + 1);
        if (file != null) {
            Files.deleteIfExists(file);
        }
        if (acknowledgement != null) {
            acknowledgement.finished(inAdvance ? 0 : 1);
        }
        return true;
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
        Acknowledgement of = acknowledgement;
        if (of == null) {
            throw new IllegalStateException("not a joinable queue");
        }
        enter();
        boolean acknowledged;
        boolean done = false;
        try {
            acknowledged = place == null ? of.acknowledgeOldest() : of.acknowledge(place);
            done = true;
        } finally {
            leave(done);
        }
        if (unfinished() == 0) {
            allDone.signalAll();
        }
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
            segments.storage().remove();
        }
    }

    /** Whether {@link #close} was called in this process. */
    public boolean isClosed() {
        return closed;
    }

    /** What is to be done when this object has become garbage. */
    Runnable release(Object key, RunDirectory.@Nullable Liveness liveness) {
        return new Release(key, tail, segments.storage(), block, durable != null, liveness);
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

    /** Removes the files of large items that nobody will take: of processes that died between two steps. */
    void removeOrphans() throws IOException {
        enter();
        boolean done = false;
        try {
            var orphans = new HashSet<>(segments.storage().itemFiles());
            long put = block.getLongVolatile(PUT);
            long low = block.getLong(acknowledgement == null ? HEAD : LOW);
            Cursor at = low == put ? null : new Cursor(segments, low, -1, 0);
            for (; at != null && !orphans.isEmpty(); at = step(at, put)) {
                Path file = at.segment().file(at.at(), segments.storage());
                if (file != null) {
                    orphans.remove(file);
                }
            }
            for (Path orphan : orphans) {
                Files.deleteIfExists(orphan);
            }
            done = true;
        } finally {
            leave(done);
        }
    }

    private void enter() throws IOException {
        if (takeLock.enter() == OwnedLock.Entry.INHERITED) {
            block.setInt(HALF_DONE, 1);
        }
        if (block.getInt(HALF_DONE) != 0) {
            boolean done = false;
            try {
                recover();
                block.setInt(HALF_DONE, 0);
                done = true;
            } finally {
                if (!done) {
                    takeLock.leave();
                }
            }
        }
    }

    /** Ends what {@link #enter} began, and what failed in between is mended by the next. */
    private void leave(boolean done) {
        if (!done) {
            block.setInt(HALF_DONE, 1);
        }
        takeLock.leave();
    }

    /** Computes everything anew from the number of the head and the states of the items; the rest may be half done. */
    private void recover() throws IOException {
        long put = block.getLongVolatile(PUT);
        block.setLong(HEAD_BASE, -1);
        block.setLong(LOW_BASE, -1);
        block.setLong(LOW_AT, 0);
        long head = block.getLong(HEAD);
        long low = acknowledgement == null ? head : Math.max(block.getLong(LOW), segments.first());
        block.setLong(LOW, low);
        var counts = new Counts();
        if (low < put) {
            counts.walk(new Cursor(segments, low, -1, 0), head, put);
        }
        block.setInt(AHEAD, counts.ahead);
        block.setInt(AGAIN, counts.again);
        block.setLongVolatile(GONE, head + counts.ahead - counts.again);
        block.setLongVolatile(FINISHED, low + counts.finished);
        items.signalAll();
        space.signalAll();
        allDone.signalAll();
    }

    private static final class Counts {
        int ahead;
        int again;
        long finished;

        void walk(Cursor from, long head, long put) throws IOException {
            for (Cursor at = from; at != null; at = step(at, put)) {
                if (at.sequence() < head) {
                    again += at.isFree() ? 1 : 0;
                } else {
                    ahead += at.isFree() ? 0 : 1;
                }
                int owner = at.state() & Segment.OWNER;
                finished += owner == Segment.DONE || owner == Segment.CREDIT ? 1 : 0;
            }
        }
    }

    /** Gives back what the dead have taken and not acknowledged, and what they held of this queue itself. */
    private void reclaim() {
        try {
            int back = 0;
            enter();
            boolean done = false;
            try {
                if (acknowledgement != null) {
                    back = acknowledgement.reclaim();
                }
                done = true;
            } finally {
                leave(done);
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
            return size() > 0 || closed;
        }

        @Override
        public void lookForDead() {
            if (acknowledgement != null || takeLock.isHeld()) {
                reclaim();
            }
        }
    }

    private final class SomeSpace implements EventCount.Awaited {
        @Override
        public boolean isThere() {
            return hasSpace() || closed;
        }

        @Override
        public void lookForDead() {
            if (takeLock.isHeld()) {
                reclaim();
            }
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
