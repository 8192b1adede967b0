package io.multijvm.ipc.queue;

import static io.multijvm.ipc.queue.QueueLayout.AGAIN;
import static io.multijvm.ipc.queue.QueueLayout.AHEAD;
import static io.multijvm.ipc.queue.QueueLayout.FINISHED;
import static io.multijvm.ipc.queue.QueueLayout.GONE;
import static io.multijvm.ipc.queue.QueueLayout.HALF_DONE;
import static io.multijvm.ipc.queue.QueueLayout.HEAD;
import static io.multijvm.ipc.queue.QueueLayout.HEAD_AT;
import static io.multijvm.ipc.queue.QueueLayout.HEAD_BASE;
import static io.multijvm.ipc.queue.QueueLayout.JOINABLE;
import static io.multijvm.ipc.queue.QueueLayout.LOW;
import static io.multijvm.ipc.queue.QueueLayout.LOW_AT;
import static io.multijvm.ipc.queue.QueueLayout.LOW_BASE;
import static io.multijvm.ipc.queue.QueueLayout.PUT;
import static io.multijvm.ipc.queue.QueueLayout.TAKE_LOCK;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.OwnedLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/**
 * The front of the log, where items are taken, looked at and removed; all of it between {@link #enter} and {@link #leave}.
 *
 * <p>What is certain is the number of the head and the states of the items. Everything else is computed anew from them by who
 * takes the lock over from a dead process, or comes after somebody who failed inside.
 */
final class Front {
    private final Block block;
    private final Segments segments;
    private final OwnedLock lock;
    private final @Nullable Acknowledgement acknowledgement; // of a joinable queue
    private long published; // at least so many items; racy on purpose

    Front(Domain domain, Block block, Storage storage) {
        this.block = block;
        this.segments = new Segments(storage, block);
        this.lock = new OwnedLock(domain, block, TAKE_LOCK);
        this.acknowledgement = block.getInt(JOINABLE) == 0 ? null : new Acknowledgement(domain, block, segments);
    }

    /** What becomes of items that are taken; null when that is not asked. */
    @Nullable
    Acknowledgement acknowledgement() {
        return acknowledgement;
    }

    /** Whether somebody is inside, or died there. */
    boolean isHeld() {
        return lock.isHeld();
    }

    void enter() throws IOException {
        lock.acquire();
        if (lock.isInherited()) {
            block.setInt(HALF_DONE, 1);
        }
        if (block.getInt(HALF_DONE) != 0) {
            boolean done = false;
            try {
                recover();
                done = true;
            } finally {
                if (!done) {
                    lock.release();
                }
            }
        }
    }

    /** Ends what {@link #enter} began; what was not done is mended by the next who enters. */
    void leave(boolean done) {
        if (!done) {
            block.setInt(HALF_DONE, 1);
        }
        lock.release();
    }

    /** Takes the first item; null when there is none. */
    @Nullable
    Item takeFirst() throws IOException {
        if (acknowledgement != null && block.getInt(AGAIN) > 0) {
            Cursor again = acknowledgement.again();
            Item item = item(again, false);
            acknowledgement.took(again);
            block.setInt(AGAIN, block.getInt(AGAIN) - 1);
            block.setLongVolatile(GONE, block.getLong(GONE) + 1);
            return item;
        }
        if (!isPublished(block.getLong(HEAD))) {
            return null;
        }
        Cursor head = head();
        if (acknowledgement == null && block.getLong(HEAD_BASE) != head.segment().base) {
            segments.forgetBefore(head.sequence());
        }
        while (!head.isFree()) {
            block.setInt(AHEAD, block.getInt(AHEAD) - 1);
            pass(head);
            if (!isPublished(head.sequence() + 1)) {
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

    /** Whether there may be an item to take; costs less than to try. */
    boolean mayHaveItems() {
        return block.getLongVolatile(HEAD) < published || block.getLongVolatile(PUT) != block.getLongVolatile(GONE);
    }

    /** Asks those who put, whose cache line that is, only when it comes to items that were not there before. */
    private boolean isPublished(long sequence) {
        if (sequence >= published) {
            published = block.getLongVolatile(PUT);
        }
        return sequence < published;
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

    private Item item(Cursor at, boolean last) throws IOException {
        Path file = at.segment().file(at.at(), segments.storage());
        byte[] bytes = file == null ? at.segment().bytes(at.at()) : new byte[0];
        return new Item(at.place(), (at.state() & Segment.REDELIVERED) != 0, bytes, file, last);
    }

    /** As {@link ItemQueue#next}. */
    @Nullable
    Item next(Item.@Nullable Place place) throws IOException {
        long put = block.getLongVolatile(PUT);
        Cursor at = start(place, put);
        while (at != null && !at.isFree()) {
            at = step(at, put);
        }
        return at == null ? null : item(at, false);
    }

    private @Nullable Cursor start(Item.@Nullable Place place, long put) throws IOException {
        long low = low();
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

    /** As {@link ItemQueue#remove}. */
    boolean remove(Item.Place place) throws IOException {
        if (place.sequence < low()) {
            return false;
        }
        var at = new Cursor(segments, place.sequence, place.base, place.at);
        if (!at.isFree()) {
            return false;
        }
        Path file = at.segment().file(at.at(), segments.storage());
        boolean inAdvance = at.owner() == Segment.CREDIT;
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

    /** Removes the files of large items that nobody will take: of processes that died between two steps. */
    void removeOrphans() throws IOException {
        var orphans = new HashSet<>(segments.storage().itemFiles());
        long put = block.getLongVolatile(PUT);
        long low = low();
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
    }

    /** The first item that is still of use to anybody. */
    private long low() {
        return block.getLong(acknowledgement == null ? HEAD : LOW);
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
        if (acknowledgement != null) {
            acknowledgement.reclaim();
        }
        block.setInt(HALF_DONE, 0);
    }

    private static final class Counts {
        int ahead;
        int again;
        long finished;

        void walk(Cursor from, long head, long put) throws IOException {
            for (Cursor at = from; at != null; at = step(at, put)) {
                if (at.sequence() < head) {
                    again += at.isFree() ? 1 : 0;
                } else if (at.isHeld()) {
                    at.state(at.state() & ~Segment.OWNER); // by one who died before he had taken it
                } else {
                    ahead += at.isFree() ? 0 : 1;
                }
                int owner = at.owner();
                finished += owner == Segment.DONE || owner == Segment.CREDIT ? 1 : 0;
            }
        }
    }
}
