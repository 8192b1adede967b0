package io.multijvm.shared;

import io.multijvm.ipc.codec.Handle;
import io.multijvm.sync.ReentrantProcessLock;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * An array of {@code double} that processes share, of any length.
 *
 * <p>An element is always read and written whole. {@link #get}, {@link #set} and what works on many elements at once are
 * as fast and as little ordered as with a {@code double[]}: what one process writes another is sure to see only when
 * something else orders the two, as a lock does, or the start and end of a process. The operations named as in {@link
 * java.util.concurrent.atomic.AtomicLongArray}, and {@link #getVolatile} and {@link #setVolatile}, have the effects
 * of a volatile read, a volatile write, or both; they compare values by their bits.
 *
 * <p>A loop over {@link #length} with an {@code int} index is as fast as over an array of the JVM's own; where index and
 * bound are {@code long} the compiler does less for any array.
 *
 * <p>An array may be captured by a process's target or sent through a connection, and is the same array there. Whoever
 * made it removes it by {@link #close}; processes that have it keep it until they close their own. One that nobody
 * closes goes when it is garbage or, if it was ever sent, when the program ends. After {@code close} everything but
 * {@link #length}, {@link #longLength} and {@link #getLock} throws {@link IllegalStateException}; another thread's loop of {@link
 * #get} and {@link #set} may go on to its end with zeros. An index that is not in the array is an {@link IndexOutOfBoundsException}. Python: {@code Array('d')}.
 */
public final class SharedDoubleArray implements AutoCloseable, Handle {
    private static final long serialVersionUID = 1;

    private static final VarHandle BITS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();
    private static final int BLOCK = 1 << 13;

    private final transient ArrayFile file;
    private final transient long length;
    private final transient int count; // the same, -1 when it is more than an int
    private final transient boolean single;

    /*
     * All elements, if there are few enough for one buffer, and none once this is closed. Neither volatile nor looked at
     * twice: in a loop over the array the compiler then reads the field once and checks bounds once, and is left with
     * what it makes of a double[].
     */
    private transient DoubleBuffer elements;

    SharedDoubleArray(ArrayFile file) {
        this.file = file;
        length = file.length();
        count = length == (int) length ? (int) length : -1;
        single = file.isSingle();
        elements = file.firstChunk().asDoubleBuffer().limit(single ? (int) length : 0);
    }

    /** {@code length} zeros, with a lock. */
    public static SharedDoubleArray of(long length) {
        ArrayFile.requireLength(length, Double.BYTES);
        return create(length, Locks.fresh());
    }

    /** A copy of {@code values}, with a lock. */
    public static SharedDoubleArray of(double[] values) {
        return copy(values, of(values.length));
    }

    /** {@code length} zeros, without a lock. */
    public static SharedDoubleArray raw(long length) {
        return create(length, null);
    }

    /** A copy of {@code values}, without a lock. */
    public static SharedDoubleArray raw(double[] values) {
        return copy(values, raw(values.length));
    }

    private static SharedDoubleArray create(long length, @Nullable ReentrantProcessLock lock) {
        return new SharedDoubleArray(ArrayFile.create("SharedDoubleArray", length, Double.BYTES, lock));
    }

    private static SharedDoubleArray copy(double[] values, SharedDoubleArray to) {
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
        return Locks.ownOf(file.lock(), "SharedDoubleArray");
    }

    /** The element at {@code index}. */
    public double get(long index) {
        if (single && (int) index == index) {
            try {
                return elements.get((int) index);
            } catch (IndexOutOfBoundsException e) {
                // is explained below
            }
        }
        return file.chunk(index).getDouble(file.offset(index));
    }

    /** Replaces the element at {@code index}. */
    public void set(long index, double value) {
        if (single && (int) index == index) {
            try {
                elements.put((int) index, value);
                return;
            } catch (IndexOutOfBoundsException e) {
                // is explained below
            }
        }
        file.chunk(index).putDouble(file.offset(index), value);
    }

    /** The element at {@code index}, with the effects of a volatile read. */
    public double getVolatile(long index) {
        return Double.longBitsToDouble((long) BITS.getVolatile(file.chunk(index), file.offset(index)));
    }

    /** Replaces the element at {@code index}, with the effects of a volatile write. */
    public void setVolatile(long index, double value) {
        BITS.setVolatile(file.chunk(index), file.offset(index), Double.doubleToRawLongBits(value));
    }

    /** Sets an element after all that was written before, without waiting until it is seen. */
    public void lazySet(long index, double value) {
        BITS.setRelease(file.chunk(index), file.offset(index), Double.doubleToRawLongBits(value));
    }

    /** Replaces an element and returns the one before, in one operation. */
    public double getAndSet(long index, double value) {
        return Double.longBitsToDouble(
                (long) BITS.getAndSet(file.chunk(index), file.offset(index), Double.doubleToRawLongBits(value)));
    }

    /** Sets {@code value} if the element has the bits of {@code expected}; returns whether it had. */
    public boolean compareAndSet(long index, double expected, double value) {
        return BITS.compareAndSet(
                file.chunk(index),
                file.offset(index),
                Double.doubleToRawLongBits(expected),
                Double.doubleToRawLongBits(value));
    }

    /** Adds to an element and returns the one before, in one operation. */
    public double getAndAdd(long index, double delta) {
        return getAndUpdate(index, old -> old + delta);
    }

    /** Adds to an element and returns the sum, in one operation. */
    public double addAndGet(long index, double delta) {
        return updateAndGet(index, old -> old + delta);
    }

    /** Replaces an element by what {@code update} makes of it, which may be asked more than once; returns the old one. */
    public double getAndUpdate(long index, DoubleUnaryOperator update) {
        double old = getVolatile(index);
        while (!compareAndSet(index, old, update.applyAsDouble(old))) {
            old = getVolatile(index);
        }
        return old;
    }

    /** As {@link #getAndUpdate}, but returns the new element. */
    public double updateAndGet(long index, DoubleUnaryOperator update) {
        double old = getVolatile(index);
        double next = update.applyAsDouble(old);
        while (!compareAndSet(index, old, next)) {
            old = getVolatile(index);
            next = update.applyAsDouble(old);
        }
        return next;
    }

    /** Replaces an element by {@code join} of it and {@code operand}; returns the old one. */
    public double getAndAccumulate(long index, double operand, DoubleBinaryOperator join) {
        return getAndUpdate(index, old -> join.applyAsDouble(old, operand));
    }

    /** As {@link #getAndAccumulate}, but returns the new element. */
    public double accumulateAndGet(long index, double operand, DoubleBinaryOperator join) {
        return updateAndGet(index, old -> join.applyAsDouble(old, operand));
    }

    /** Copies {@code count} elements from {@code from} on into {@code into} from {@code offset} on. */
    public void get(long from, double[] into, int offset, int count) {
        file.requireRange(from, count);
        for (int done = 0; done < count; ) {
            int next = Math.min(count - done, file.available(from + done));
            view(from + done).get(file.position(from + done), into, offset + done, next);
            done += next;
        }
    }

    /** Copies {@code count} of {@code values} from {@code offset} on to the elements from {@code from} on. */
    public void put(long from, double[] values, int offset, int count) {
        file.requireRange(from, count);
        for (int done = 0; done < count; ) {
            int next = Math.min(count - done, file.available(from + done));
            view(from + done).put(file.position(from + done), values, offset + done, next);
            done += next;
        }
    }

    /** A copy of the elements from {@code from} up to, and without, {@code to}. */
    public double[] slice(long from, long to) {
        var copy = new double[file.requireSlice(from, to)];
        get(from, copy, 0, copy.length);
        return copy;
    }

    /** Replaces as many elements as there are {@code values}, from {@code from} on. */
    public void setSlice(long from, double... values) {
        put(from, values, 0, values.length);
    }

    /** A copy of all elements. */
    public double[] toArray() {
        return slice(0, length);
    }

    /** Sets every element to {@code value}. */
    public void fill(double value) {
        file.requireRange(0, length);
        var block = new double[(int) Math.min(BLOCK, length)];
        Arrays.fill(block, value);
        for (long from = 0; from < length; from += block.length) {
            put(from, block, 0, (int) Math.min(block.length, length - from));
        }
    }

    /** The sum of all elements, added in their order. */
    public double sum() {
        file.requireRange(0, length);
        double sum = 0;
        var block = new double[(int) Math.min(BLOCK, length)];
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
    public DoubleStream stream() {
        return LongStream.range(0, length).mapToDouble(this::get);
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

    private DoubleBuffer view(long index) {
        return file.chunk(index).asDoubleBuffer();
    }

    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return Passed.array(Passed.Kind.DOUBLE_ARRAY, ValueType.DOUBLE, file);
    }
}
