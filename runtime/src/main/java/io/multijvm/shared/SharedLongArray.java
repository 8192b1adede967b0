package io.multijvm.shared;

import io.multijvm.ipc.codec.Handle;
import io.multijvm.sync.ReentrantProcessLock;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * An array of {@code long} that processes share, of any length.
 *
 * <p>An element is always read and written whole. {@link #get}, {@link #set} and what works on many elements at once are
 * as fast and as little ordered as with an {@code long[]}: what one process writes another is sure to see only when
 * something else orders the two, as a lock does, or the start and end of a process. The operations named as in {@link
 * java.util.concurrent.atomic.AtomicLongArray}, and {@link #getVolatile} and {@link #setVolatile}, have the effects
 * of a volatile read, a volatile write, or both.
 *
 * <p>A loop over {@link #length} with an {@code int} index is as fast as over an array of the JVM's own; where index and
 * bound are {@code long} the compiler does less for any array.
 *
 * <p>An array may be captured by a process's target or sent through a connection, and is the same array there. Whoever
 * made it removes it by {@link #close}; processes that have it keep it until they close their own. One that nobody
 * closes goes when it is garbage or, if it was ever sent, when the program ends. After {@code close} everything but
 * {@link #length}, {@link #longLength} and {@link #getLock} throws {@link IllegalStateException}; another thread's loop of {@link
 * #get} and {@link #set} may go on to its end with zeros. An index that is not in the array is an {@link IndexOutOfBoundsException}. Python: {@code Array('l')}.
 */
public final class SharedLongArray implements AutoCloseable, Handle {
    private static final long serialVersionUID = 1;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();
    private static final int BLOCK = 1 << 13;

    private final transient ArrayFile file;
    private final transient long length;
    private final transient int count; // the same, -1 when it is more than an int
    private final transient boolean single;

    /*
     * All elements, if there are few enough for one buffer, and none once this is closed. Neither volatile nor looked at
     * twice: in a loop over the array the compiler then reads the field once and checks bounds once, and is left with
     * what it makes of an long[].
     */
    private transient LongBuffer elements;

    SharedLongArray(ArrayFile file) {
        this.file = file;
        length = file.length();
        count = length == (int) length ? (int) length : -1;
        single = file.isSingle();
        elements = file.firstChunk().asLongBuffer().limit(single ? (int) length : 0);
    }

    /** {@code length} zeros, with a lock. */
    public static SharedLongArray of(long length) {
        ArrayFile.requireLength(length, Long.BYTES);
        return create(length, Locks.fresh());
    }

    /** A copy of {@code values}, with a lock. */
    public static SharedLongArray of(long[] values) {
        return copy(values, of(values.length));
    }

    /** {@code length} zeros, without a lock. */
    public static SharedLongArray raw(long length) {
        return create(length, null);
    }

    /** A copy of {@code values}, without a lock. */
    public static SharedLongArray raw(long[] values) {
        return copy(values, raw(values.length));
    }

    private static SharedLongArray create(long length, @Nullable ReentrantProcessLock lock) {
        return new SharedLongArray(ArrayFile.create("SharedLongArray", length, Long.BYTES, lock));
    }

    private static SharedLongArray copy(long[] values, SharedLongArray to) {
        to.put(0, values, 0, values.length);
        return to;
    }

    /**
     * The number of elements.
     *
     * @throws ArithmeticException when it is more than an {@code int}; see {@link #longLength}
     */
    public int length() {
        if (count < 0) {
            throw ArrayFile.tooLong(length);
        }
        return count;
    }

    /** The number of elements, however many. */
    public long longLength() {
        return length;
    }

    /**
     * The lock for what is more than one operation.
     *
     * @throws IllegalStateException when it was made without
     */
    public ReentrantProcessLock getLock() {
        return Locks.ownOf(file.lock(), "SharedLongArray");
    }

    /** The element at {@code index}. */
    public long get(long index) {
        if (single && (int) index == index) {
            try {
                return elements.get((int) index);
            } catch (IndexOutOfBoundsException e) {
                // is explained below
            }
        }
        return file.chunk(index).getLong(file.offset(index));
    }

    /** Replaces the element at {@code index}. */
    public void set(long index, long value) {
        if (single && (int) index == index) {
            try {
                elements.put((int) index, value);
                return;
            } catch (IndexOutOfBoundsException e) {
                // is explained below
            }
        }
        file.chunk(index).putLong(file.offset(index), value);
    }

    /** The element at {@code index}, with the effects of a volatile read. */
    public long getVolatile(long index) {
        return (long) LONG.getVolatile(file.chunk(index), file.offset(index));
    }

    /** Replaces the element at {@code index}, with the effects of a volatile write. */
    public void setVolatile(long index, long value) {
        LONG.setVolatile(file.chunk(index), file.offset(index), value);
    }

    /** Sets an element after all that was written before, without waiting until it is seen. */
    public void lazySet(long index, long value) {
        LONG.setRelease(file.chunk(index), file.offset(index), value);
    }

    /** Replaces an element and returns the one before, in one operation. */
    public long getAndSet(long index, long value) {
        return (long) LONG.getAndSet(file.chunk(index), file.offset(index), value);
    }

    /** Sets {@code value} if the element is {@code expected}; returns whether it was. */
    public boolean compareAndSet(long index, long expected, long value) {
        return LONG.compareAndSet(file.chunk(index), file.offset(index), expected, value);
    }

    /** Adds to an element and returns the one before, in one operation. */
    public long getAndAdd(long index, long delta) {
        return (long) LONG.getAndAdd(file.chunk(index), file.offset(index), delta);
    }

    /** Adds to an element and returns the sum, in one operation. */
    public long addAndGet(long index, long delta) {
        return getAndAdd(index, delta) + delta;
    }

    /** Adds 1 to an element and returns the one before, in one operation. */
    public long getAndIncrement(long index) {
        return getAndAdd(index, 1);
    }

    /** Subtracts 1 from an element and returns the one before, in one operation. */
    public long getAndDecrement(long index) {
        return getAndAdd(index, -1);
    }

    /** Adds 1 to an element and returns the sum, in one operation. */
    public long incrementAndGet(long index) {
        return addAndGet(index, 1);
    }

    /** Subtracts 1 from an element and returns the difference, in one operation. */
    public long decrementAndGet(long index) {
        return addAndGet(index, -1);
    }

    /** Replaces an element by what {@code update} makes of it, which may be asked more than once; returns the old one. */
    public long getAndUpdate(long index, LongUnaryOperator update) {
        long old = getVolatile(index);
        while (!compareAndSet(index, old, update.applyAsLong(old))) {
            old = getVolatile(index);
        }
        return old;
    }

    /** As {@link #getAndUpdate}, but returns the new element. */
    public long updateAndGet(long index, LongUnaryOperator update) {
        long old = getVolatile(index);
        long next = update.applyAsLong(old);
        while (!compareAndSet(index, old, next)) {
            old = getVolatile(index);
            next = update.applyAsLong(old);
        }
        return next;
    }

    /** Replaces an element by {@code join} of it and {@code operand}; returns the old one. */
    public long getAndAccumulate(long index, long operand, LongBinaryOperator join) {
        return getAndUpdate(index, old -> join.applyAsLong(old, operand));
    }

    /** As {@link #getAndAccumulate}, but returns the new element. */
    public long accumulateAndGet(long index, long operand, LongBinaryOperator join) {
        return updateAndGet(index, old -> join.applyAsLong(old, operand));
    }

    /** Copies {@code count} elements from {@code from} on into {@code into} from {@code offset} on. */
    public void get(long from, long[] into, int offset, int count) {
        file.requireRange(from, count);
        for (int done = 0; done < count; ) {
            int next = Math.min(count - done, file.available(from + done));
            view(from + done).get(file.position(from + done), into, offset + done, next);
            done += next;
        }
    }

    /** Copies {@code count} of {@code values} from {@code offset} on to the elements from {@code from} on. */
    public void put(long from, long[] values, int offset, int count) {
        file.requireRange(from, count);
        for (int done = 0; done < count; ) {
            int next = Math.min(count - done, file.available(from + done));
            view(from + done).put(file.position(from + done), values, offset + done, next);
            done += next;
        }
    }

    /** A copy of the elements from {@code from} up to, and without, {@code to}. */
    public long[] slice(long from, long to) {
        var copy = new long[file.requireSlice(from, to)];
        get(from, copy, 0, copy.length);
        return copy;
    }

    /** Replaces as many elements as there are {@code values}, from {@code from} on. */
    public void setSlice(long from, long... values) {
        put(from, values, 0, values.length);
    }

    /** A copy of all elements. */
    public long[] toArray() {
        return slice(0, length);
    }

    /** Sets every element to {@code value}. */
    public void fill(long value) {
        file.requireRange(0, length);
        var block = new long[(int) Math.min(BLOCK, length)];
        Arrays.fill(block, value);
        for (long from = 0; from < length; from += block.length) {
            put(from, block, 0, (int) Math.min(block.length, length - from));
        }
    }

    /** The sum of all elements, without regard to overflow. */
    public long sum() {
        file.requireRange(0, length);
        long sum = 0;
        var block = new long[(int) Math.min(BLOCK, length)];
        for (long from = 0; from < length; from += block.length) {
            int count = (int) Math.min(block.length, length - from);
            get(from, block, 0, count);
            for (int i = 0; i < count; i++) {
                sum += block[i];
            }
        }
        return sum;
    }

    /** The elements in their order, each read when it is its turn. */
    public LongStream stream() {
        return LongStream.range(0, length).map(this::get);
    }

    /** Lets go of the array in this process, and removes it if this is the handle it was made with; idempotent. */
    @Override
    public void close() {
        elements = elements.duplicate().limit(0);
        file.close();
    }

    /** The length; elements are left out. */
    @Override
    public String toString() {
        return file.toString();
    }

    private LongBuffer view(long index) {
        return file.chunk(index).asLongBuffer();
    }

    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return Passed.array(Passed.Kind.LONG_ARRAY, ValueType.LONG, file);
    }
}
