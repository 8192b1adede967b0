package io.multijvm.ipc.queue;

import io.multijvm.ipc.memory.MappedFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One segment of a queue's log as those who take see it: the documents of a Chronicle queue of one cycle, where they lie.
 *
 * <pre>
 * document   0       4        8
 *            | header | state | encoded item, or if SPILLED: process (4) | number (8) | size (8) of the item's file
 *              bits 0..29 length of what follows; bit 30 not an item but Chronicle's own; documents begin at multiples of 4
 * state        bits 0..25 owner: 0 nobody, it waits to be taken; number of the process that has it; DONE; CREDIT
 *              bit 29 REDELIVERED   bit 30 SPILLED
 * </pre>
 *
 * <p>Read and written under the lock of those who take, and only as far as items are published.
 */
final class Segment {
    static final int OWNER = (1 << 26) - 1;
    static final int FREE = 0;
    /** Finished: acknowledged, or removed. */
    static final int DONE = OWNER;
    /** Acknowledged in advance, and still to be taken. */
    static final int CREDIT = OWNER - 1;

    static final int REDELIVERED = 1 << 29;
    static final int SPILLED = 1 << 30;
    static final int STATE_BYTES = Integer.BYTES;
    static final int SPILLED_BYTES = Integer.BYTES + 2 * Long.BYTES;

    private static final int LENGTH = (1 << 30) - 1;
    private static final int META_DATA = 1 << 30;
    private static final int HEADER_BYTES = Integer.BYTES;
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    final long base;
    final Path directory;
    private final ByteBuffer memory;
    private long end = -1; // first item of the next segment; -1 while this is the last
    private long sure; // while this is the last: all items before this one, from base on, are in it

    private Segment(long base, Path directory, ByteBuffer memory) {
        this.base = base;
        this.directory = directory;
        this.memory = memory;
    }

    static Segment open(long base, Path directory) throws IOException {
        return new Segment(
                base,
                directory,
                MappedFile.open(Storage.documents(directory)).chunks().get(0));
    }

    long end() {
        return end;
    }

    void end(long firstOfNext) {
        end = firstOfNext;
    }

    long sure() {
        return sure;
    }

    void sure(long published) {
        sure = published;
    }

    /** Where the next item begins, seen from {@code from}: what Chronicle keeps for itself is passed over. */
    int locate(int from) {
        int at = from;
        while ((header(at) & META_DATA) != 0) {
            at = past(at);
        }
        return at;
    }

    /** The end of the item at {@code at}. */
    int past(int at) {
        return (at + HEADER_BYTES + (header(at) & LENGTH) + 3) & -4;
    }

    private int header(int at) {
        return (int) INT.getAcquire(memory, at);
    }

    int state(int at) {
        return memory.getInt(at + HEADER_BYTES);
    }

    void state(int at, int state) {
        memory.putInt(at + HEADER_BYTES, state);
    }

    /** A copy of the item's own bytes. */
    byte[] bytes(int at) {
        byte[] bytes = new byte[(header(at) & LENGTH) - STATE_BYTES];
        memory.get(at + HEADER_BYTES + STATE_BYTES, bytes);
        return bytes;
    }

    /** The file of an item too large to be here, or null. */
    @Nullable
    Path file(int at, Storage storage) throws IOException {
        if ((state(at) & SPILLED) == 0) {
            return null;
        }
        int from = at + HEADER_BYTES + STATE_BYTES;
        return storage.itemFile(memory.getInt(from), memory.getLong(from + Integer.BYTES));
    }

    /** What stands in place of an item that is in a file. */
    static byte[] reference(int process, long number, long size) {
        return ByteBuffer.allocate(SPILLED_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(process)
                .putLong(number)
                .putLong(size)
                .array();
    }
}
