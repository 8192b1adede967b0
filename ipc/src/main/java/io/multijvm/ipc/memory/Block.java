package io.multijvm.ipc.memory;

import io.multijvm.ipc.os.Futex;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of shared memory for one small object: words of 32 and 64 bits, each read and written whole.
 *
 * <p>Offsets are in bytes from the block's beginning, which lies on a cache line of its own. Each access says how it is
 * ordered against others: plain, acquire or release, or the full order of a compare-and-set. The block is kept from being
 * garbage, and its memory from going to another, until the access is done.
 */
@SuppressWarnings("ReachabilityFenceUsage") // no finally: an access that throws has touched nothing
public class Block { // not final, for tests in which processes die between two stores; nobody else can extend it
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    private final ByteBuffer memory;
    private final int start;
    private final Ref ref;
    private final AtomicBoolean known; // to other processes, perhaps
    private long address; // of the block; 0 until asked for. Racy, as it is always the same

    Block(ByteBuffer memory, Ref ref, AtomicBoolean known) {
        this.memory = memory;
        this.start = ref.offset();
        this.ref = ref;
        this.known = known;
    }

    /** The beginning of a file, as far as it lies in its first chunk. */
    public static Block of(MappedFile file) {
        ByteBuffer memory = file.chunks().get(0);
        return new Block(
                memory, new Ref(file.path().getFileName().toString(), 0, memory.capacity()), new AtomicBoolean(true));
    }

    /** What another process finds a block by. No record, as rebuilding the first record costs a cold JVM 15 ms. */
    public static final class Ref implements Serializable {
        private static final long serialVersionUID = 1;

        private final String file;
        private final int offset;
        private final int size;

        public Ref(String file, int offset, int size) {
            this.file = file;
            this.offset = offset;
            this.size = size;
        }

        public String file() {
            return file;
        }

        /** A name for what belongs to this block alone, fit for a file. */
        public String fileName() {
            return file + "-" + offset;
        }

        public int offset() {
            return offset;
        }

        public int size() {
            return size;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Ref ref && ref.file.equals(file) && ref.offset == offset;
        }

        @Override
        public int hashCode() {
            return 31 * file.hashCode() + offset;
        }

        @Override
        public String toString() {
            return file + "+" + offset + " (" + size + " bytes)";
        }
    }

    /** The block's name, for other processes; from now on its memory is kept as long as the family lives. */
    public Ref ref() {
        known.set(true);
        return ref;
    }

    /** The block's name, for this process alone. */
    public Ref localRef() {
        return ref;
    }

    /** Whether another process may have its name. */
    public boolean isKnown() {
        return known.get();
    }

    public int size() {
        return ref.size();
    }

    /** Where the word at {@code offset} lies, for the system call that sleeps on it. */
    public long address(int offset) {
        if (address == 0) {
            address = Futex.address(memory) + start;
        }
        return address + offset;
    }

    public int getInt(int offset) {
        int value = (int) INT.get(memory, start + offset);
        Reference.reachabilityFence(this);
        return value;
    }

    public int getIntAcquire(int offset) {
        int value = (int) INT.getAcquire(memory, start + offset);
        Reference.reachabilityFence(this);
        return value;
    }

    public int getIntVolatile(int offset) {
        int value = (int) INT.getVolatile(memory, start + offset);
        Reference.reachabilityFence(this);
        return value;
    }

    public void setInt(int offset, int value) {
        INT.set(memory, start + offset, value);
        Reference.reachabilityFence(this);
    }

    public void setIntRelease(int offset, int value) {
        INT.setRelease(memory, start + offset, value);
        Reference.reachabilityFence(this);
    }

    public void setIntVolatile(int offset, int value) {
        INT.setVolatile(memory, start + offset, value);
        Reference.reachabilityFence(this);
    }

    public boolean compareAndSetInt(int offset, int expected, int value) {
        boolean done = INT.compareAndSet(memory, start + offset, expected, value);
        Reference.reachabilityFence(this);
        return done;
    }

    public int getAndSetInt(int offset, int value) {
        int before = (int) INT.getAndSet(memory, start + offset, value);
        Reference.reachabilityFence(this);
        return before;
    }

    public int getAndAddInt(int offset, int delta) {
        int before = (int) INT.getAndAdd(memory, start + offset, delta);
        Reference.reachabilityFence(this);
        return before;
    }

    public long getLong(int offset) {
        long value = (long) LONG.get(memory, start + offset);
        Reference.reachabilityFence(this);
        return value;
    }

    public long getLongVolatile(int offset) {
        long value = (long) LONG.getVolatile(memory, start + offset);
        Reference.reachabilityFence(this);
        return value;
    }

    public void setLong(int offset, long value) {
        LONG.set(memory, start + offset, value);
        Reference.reachabilityFence(this);
    }

    public void setLongRelease(int offset, long value) {
        LONG.setRelease(memory, start + offset, value);
        Reference.reachabilityFence(this);
    }

    public void setLongVolatile(int offset, long value) {
        LONG.setVolatile(memory, start + offset, value);
        Reference.reachabilityFence(this);
    }

    public boolean compareAndSetLong(int offset, long expected, long value) {
        boolean done = LONG.compareAndSet(memory, start + offset, expected, value);
        Reference.reachabilityFence(this);
        return done;
    }

    public long getAndSetLong(int offset, long value) {
        long before = (long) LONG.getAndSet(memory, start + offset, value);
        Reference.reachabilityFence(this);
        return before;
    }

    public long getAndAddLong(int offset, long delta) {
        long before = (long) LONG.getAndAdd(memory, start + offset, delta);
        Reference.reachabilityFence(this);
        return before;
    }

    /** Copies the first {@code length} of {@code from} to {@code offset}, plainly. */
    public void put(int offset, byte[] from, int length) {
        Objects.checkFromIndexSize(offset, /* size= */ length, /* length= */ ref.size());
        memory.put(start + offset, from, 0, length);
        Reference.reachabilityFence(this);
    }

    /** Fills {@code into} with what is at {@code offset}, plainly. */
    public void get(int offset, byte[] into) {
        Objects.checkFromIndexSize(offset, /* size= */ into.length, /* length= */ ref.size());
        memory.get(start + offset, into);
        Reference.reachabilityFence(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Block block && block.ref.equals(ref);
    }

    @Override
    public int hashCode() {
        return ref.hashCode();
    }

    @Override
    public String toString() {
        return ref.toString();
    }
}
