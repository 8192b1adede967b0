package io.multijvm.ipc.lane;

import io.multijvm.ipc.memory.Block;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a {@link Lane}: messages from one sender to one receiver, in order. Each side is used by one thread at a
 * time, which its callers see to.
 *
 * <pre>
 * message   0        4       8        16    24     32
 *           | length | state | number | aux | kind | bytes, up to a multiple of 32
 * state     WAITING -> BEGUN (receiver) or -> WITHDRAWN (sender); SKIP: nothing more up to the end of the ring
 * </pre>
 *
 * <p>Positions count all bytes ever sent. What lies between {@code taken} and {@code put} is there; a message is there whole or
 * not at all, as {@code put} moves last.
 */
public final class Ring {
    /** Returned for a position when there is no room. */
    public static final long NO_ROOM = -1;

    private static final int WAITING = 0;
    private static final int BEGUN = 1;
    private static final int WITHDRAWN = 2;
    private static final int SKIP = 3;

    private static final int STATE = 4;
    private static final int NUMBER = 8;
    private static final int AUX = 16;
    private static final int KIND = 24;
    private static final int HEADER = 32;
    private static final int LARGE = 1 << 31; // in kind: the bytes name a parcel

    private final Block memory;
    private final ByteBuffer bytes; // the same memory
    private final int putAt;
    private final int takenAt;
    private final int start;
    private final int capacity;
    private final Parcels parcels;
    private long put; // the sender's
    private long seenTaken; // by the sender, some time ago
    private long taken; // the receiver's

    Ring(Block memory, ByteBuffer bytes, int putAt, int takenAt, int start, int capacity, Parcels parcels) {
        this.memory = memory;
        this.bytes = bytes;
        this.putAt = putAt;
        this.takenAt = takenAt;
        this.start = start;
        this.capacity = capacity;
        this.parcels = parcels;
        this.put = memory.getLongVolatile(putAt);
        this.taken = memory.getLongVolatile(takenAt);
    }

    /** What has arrived: the first {@code length} of {@code bytes}, and what its sender says about it. */
    public record Message(int kind, long number, long aux, byte[] bytes, int length) {}

    /**
     * Sends a message; returns its position, or {@link #NO_ROOM}.
     *
     * @param kind at least 0
     * @throws IOException when it is large and there is no space in the file system for it; nothing is sent then
     */
    public long send(int kind, long number, long aux, byte[] content, int length) throws IOException {
        if (length <= capacity / 4) {
            return append(kind, number, aux, content, length);
        }
        byte[] reference = parcels.place(content, length);
        if (reference == null) {
            return NO_ROOM;
        }
        long position = append(kind | LARGE, number, aux, reference, reference.length);
        if (position == NO_ROOM) {
            parcels.giveUp(reference);
        }
        return position;
    }

    private long append(int kind, long number, long aux, byte[] content, int length) {
        int size = sizeOf(length);
        int at = offset(put);
        int skipped = at + size > capacity ? capacity - at : 0;
        if (put + skipped + size - seenTaken > capacity) {
            seenTaken = memory.getLongVolatile(takenAt);
            if (put + skipped + size - seenTaken > capacity) {
                return NO_ROOM;
            }
        }
        if (skipped > 0) {
            memory.setInt(start + at + STATE, SKIP);
            put += skipped;
            at = 0;
        }
        int header = start + at;
        memory.setInt(header, length);
        memory.setInt(header + STATE, WAITING);
        memory.setLong(header + NUMBER, number);
        memory.setLong(header + AUX, aux);
        memory.setInt(header + KIND, kind);
        bytes.put(header + HEADER, content, 0, length);
        long position = put;
        put += size;
        memory.setLongVolatile(putAt, put);
        return position;
    }

    /** Takes back what was sent at {@code position}, if the receiver has not begun it; returns whether. The sender's. */
    public boolean withdraw(long position) {
        int header = start + offset(position);
        if (memory.getLongVolatile(takenAt) > position
                || !memory.compareAndSetInt(header + STATE, WAITING, WITHDRAWN)) {
            return false;
        }
        if (memory.getInt(header + KIND) < 0) { // the receiver will not look into it, and so never empty the parcel
            byte[] reference = new byte[memory.getInt(header)];
            bytes.get(header + HEADER, reference);
            parcels.giveUp(reference);
        }
        return true;
    }

    /** Whether the receiver has begun what was sent at {@code position}. The sender's. */
    public boolean hasBegun(long position) {
        return memory.getLongVolatile(takenAt) > position
                || memory.getIntVolatile(start + offset(position) + STATE) == BEGUN;
    }

    /** Whether there is nothing to receive. */
    public boolean isEmpty() {
        return memory.getLongVolatile(putAt) == memory.getLongVolatile(takenAt);
    }

    /**
     * Receives the next message; null when there is none.
     *
     * @throws LostMessageException when its bytes are not there any more, or do not fit into this process's heap; it is consumed
     * @throws OutOfMemoryError when there is no memory for a small message; it is not consumed
     */
    public @Nullable Message receive() throws LostMessageException {
        while (taken < memory.getLongVolatile(putAt)) {
            int header = start + offset(taken);
            if (memory.getIntVolatile(header + STATE) == SKIP) {
                pass(capacity - offset(taken));
                continue;
            }
            int length = memory.getInt(header);
            byte[] content = new byte[length]; // before it is begun
            if (memory.compareAndSetInt(header + STATE, WAITING, BEGUN)) {
                return take(header, content);
            }
            pass(sizeOf(length));
        }
        return null;
    }

    private Message take(int header, byte[] content) throws LostMessageException {
        int length = content.length;
        int kind = memory.getInt(header + KIND);
        long number = memory.getLong(header + NUMBER);
        long aux = memory.getLong(header + AUX);
        bytes.get(header + HEADER, content);
        try {
            return kind >= 0
                    ? new Message(kind, number, aux, content, length)
                    : new Message(kind & ~LARGE, number, aux, parcels.fetch(content), Parcels.sizeOf(content));
        } catch (IOException e) {
            throw new LostMessageException(kind & ~LARGE, number, aux, e);
        } finally {
            pass(sizeOf(length)); // at last: a sender that waits for room may wait for an empty parcel
        }
    }

    private void pass(int size) {
        taken += size;
        memory.setLongVolatile(takenAt, taken);
    }

    private int offset(long position) {
        return (int) (position % capacity);
    }

    private static int sizeOf(int length) {
        return HEADER + (length + HEADER - 1) / HEADER * HEADER;
    }
}
