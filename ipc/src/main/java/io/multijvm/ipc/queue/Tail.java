package io.multijvm.ipc.queue;

import static io.multijvm.ipc.queue.QueueLayout.GENERATION;
import static io.multijvm.ipc.queue.QueueLayout.PUT;
import static io.multijvm.ipc.queue.QueueLayout.PUT_LOCK;
import static io.multijvm.ipc.queue.QueueLayout.SEALED;
import static io.multijvm.ipc.queue.QueueLayout.TAIL_BASE;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.OwnedLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The end of the log, where items are put. */
final class Tail {
    /** So many segments are kept where it is quick; those of a longer queue are where there is space. */
    private static final int QUICK_SEGMENTS = 2;

    private static final long NO_SPACE = -1;
    private static final AtomicLong LARGE_ITEMS = new AtomicLong();

    private final Domain domain;
    private final Block block;
    private final Storage storage;
    private final OwnedLock lock;
    private @Nullable SegmentWriter writer; // used under the lock, as the next
    private long gone; // at least so many items are gone; in a queue that is not joinable

    Tail(Domain domain, Block block, Storage storage) {
        this.domain = domain;
        this.block = block;
        this.storage = storage;
        this.lock = new OwnedLock(domain, block, PUT_LOCK);
    }

    /** Appends an item and publishes it; returns its number, or -1 when {@code queue} has no space for it. */
    long append(byte[] bytes, int offset, int length, ItemQueue queue) throws IOException {
        if (length <= SegmentWriter.LARGEST) {
            return appendInline(0, bytes, offset, length, queue);
        }
        if (!queue.hasSpace()) {
            return NO_SPACE;
        }
        long number = LARGE_ITEMS.incrementAndGet();
        long waiting = length * (queue.size() + 1L); // if the others are as large
        Path file = storage.writeItem(domain.number(), number, waiting, bytes, offset, length);
        long put = NO_SPACE;
        try {
            byte[] reference = Segment.reference(domain.number(), number, length);
            put = appendInline(Segment.SPILLED, reference, 0, reference.length, queue);
            return put;
        } finally {
            if (put == NO_SPACE) {
                Files.deleteIfExists(file);
            }
        }
    }

    private long appendInline(int state, byte[] bytes, int offset, int length, ItemQueue queue) throws IOException {
        enter();
        try {
            long put = block.getLong(PUT);
            if (!queue.hasSpace(put, gone)) {
                gone = queue.gone(); // the cache line of those who take: asked for when it is needed
                if (put - gone >= queue.maxsize()) {
                    return NO_SPACE;
                }
            }
            while (!writer(put).append(state, bytes, offset, length)) {
                block.setInt(SEALED, 1);
            }
            block.setLongVolatile(PUT, put + 1);
            return put;
        } catch (IOException | RuntimeException | Error e) {
            block.setInt(SEALED, 1); // whatever state Chronicle is in now
            throw e;
        } finally {
            lock.release();
        }
    }

    private void enter() {
        lock.acquire();
        if (lock.isInherited()) {
            block.setInt(SEALED, 1); // its last writer may have died in the middle of an item
        }
    }

    private SegmentWriter writer(long put) throws IOException {
        int generation = block.getInt(GENERATION);
        boolean sealed = generation == 0 || block.getInt(SEALED) != 0;
        SegmentWriter present = writer;
        if (present != null && !sealed && present.generation == generation) {
            return present;
        }
        // Chronicle and the JDK's channels do not like to be interrupted while they open files.
        boolean interrupted = Thread.interrupted();
        try {
            if (present != null) {
                writer = null;
                present.close();
            }
            writer = sealed ? newSegment(put, generation) : SegmentWriter.open(tailSegment(), generation);
            return writer;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Path tailSegment() throws IOException {
        long base = block.getLong(TAIL_BASE);
        Path segment = storage.segments().get(base);
        if (segment == null) {
            throw new IOException("the queue's storage is gone; has its program ended?");
        }
        return segment;
    }

    private SegmentWriter newSegment(long put, int before) throws IOException {
        boolean large = storage.hasSpacious() && storage.quickSegments() >= QUICK_SEGMENTS;
        SegmentWriter fresh;
        try {
            fresh = newSegment(put, before, large);
        } catch (IOException e) {
            if (large || !storage.hasSpacious()) {
                throw e;
            }
            fresh = newSegment(put, before, true);
        }
        block.setLongVolatile(TAIL_BASE, put);
        block.setInt(GENERATION, fresh.generation);
        block.setInt(SEALED, 0);
        return fresh;
    }

    private SegmentWriter newSegment(long put, int before, boolean large) throws IOException {
        Path segment = storage.makeSegment(put, before, large);
        return SegmentWriter.open(segment, Storage.generation(segment));
    }

    /** Lets go of Chronicle here. */
    void close() throws IOException {
        enter();
        try {
            if (writer != null) {
                writer.close();
                writer = null;
            }
        } finally {
            lock.release();
        }
    }
}
