package io.multijvm.shared;

import io.multijvm.ipc.codec.Handle;
import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ReentrantProcessLock;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * An array of values of one of Python's types that processes share; its length and type are fixed.
 *
 * <p>An element is always read and written whole, but in no order with others: {@link #getLock} gives order.
 * {@link SharedIntArray}, {@link SharedLongArray} and {@link SharedDoubleArray} are faster and have atomic operations.
 * An array goes to other processes, lives, and is closed as those do. Python: {@code multiprocessing.Array}.
 */
public final class SharedArray<T> implements Iterable<T>, AutoCloseable, Handle {
    private static final long serialVersionUID = 1;

    private final transient ValueType<T> type;
    private final transient ArrayFile file;

    SharedArray(ValueType<T> type, ArrayFile file) {
        this.type = type;
        this.file = file;
    }

    /**
     * {@code length} zeros, with a lock of its own.
     *
     * @throws IllegalArgumentException when the length is negative
     */
    public static <T> SharedArray<T> create(ValueType<T> type, long length) {
        ArrayFile.requireLength(length, type.bytes());
        return of(type, length, Locks.fresh());
    }

    /** As {@link #create(ValueType, long)}, with a {@link ProcessLock} or {@link ReentrantProcessLock} of the caller's. */
    public static <T> SharedArray<T> create(ValueType<T> type, long length, Lock lock) {
        return of(type, length, Locks.accepted(lock));
    }

    /**
     * A copy of {@code values}, with a lock of its own.
     *
     * @throws IllegalArgumentException when one of them is out of range or of another class
     */
    public static <T> SharedArray<T> create(ValueType<T> type, List<? extends T> values) {
        long[] bits = encoded(type, values);
        return of(type, bits.length, Locks.fresh()).filled(bits);
    }

    /** As {@link #create(ValueType, List)}, with a {@link ProcessLock} or {@link ReentrantProcessLock} of the caller's. */
    public static <T> SharedArray<T> create(ValueType<T> type, List<? extends T> values, Lock lock) {
        long[] bits = encoded(type, values);
        return of(type, bits.length, Locks.accepted(lock)).filled(bits);
    }

    /** As {@link #create(ValueType, long)}, without a lock. */
    public static <T> SharedArray<T> raw(ValueType<T> type, long length) {
        return of(type, length, null);
    }

    /** As {@link #create(ValueType, List)}, without a lock. */
    public static <T> SharedArray<T> raw(ValueType<T> type, List<? extends T> values) {
        long[] bits = encoded(type, values);
        return of(type, bits.length, null).filled(bits);
    }

    private static <T> SharedArray<T> of(ValueType<T> type, long length, @Nullable Lock lock) {
        return new SharedArray<>(type, ArrayFile.create("SharedArray", length, type.bytes(), lock));
    }

    private static long[] encoded(ValueType<?> type, List<?> values) {
        return values.stream().mapToLong(type::encode).toArray();
    }

    private SharedArray<T> filled(long[] bits) {
        for (int i = 0; i < bits.length; i++) {
            write(i, bits[i]);
        }
        return this;
    }

    /**
     * The number of elements.
     *
     * @throws ArithmeticException when it is more than an {@code int}; see {@link #longLength}
     */
    public int length() {
        long length = file.length();
        if (length != (int) length) {
            throw ArrayFile.tooLong(length);
        }
        return (int) length;
    }

    /** The number of elements, however many. */
    public long longLength() {
        return file.length();
    }

    /** What its elements are. */
    public ValueType<T> type() {
        return type;
    }

    /** Whether it was made without a lock. */
    public boolean isRaw() {
        return file.lock() == null;
    }

    /**
     * The lock for what is more than one operation: the one given when it was made, or else a {@link
     * ReentrantProcessLock} of its own.
     *
     * @throws IllegalStateException when it was made without
     */
    public Lock getLock() {
        return Locks.of(file.lock(), "SharedArray");
    }

    /**
     * The element at {@code index}.
     *
     * @throws IndexOutOfBoundsException when there is none
     */
    public T get(long index) {
        return type.decode(read(index));
    }

    /**
     * Replaces the element at {@code index}.
     *
     * @throws IndexOutOfBoundsException when there is none
     * @throws IllegalArgumentException when {@code value} is out of range or of another class; nothing is changed then
     */
    public void set(long index, T value) {
        write(index, type.encode(value));
    }

    /** A copy of the elements from {@code from} up to, and without, {@code to}. */
    public List<T> slice(long from, long to) {
        var copy = new ArrayList<T>(file.requireSlice(from, to));
        for (long index = from; index < to; index++) {
            copy.add(get(index));
        }
        return copy;
    }

    /** Replaces as many elements as there are {@code values}, from {@code from} on; all of them, or none if one is refused. */
    public void setSlice(long from, List<? extends T> values) {
        long[] bits = encoded(type, values);
        file.requireRange(from, bits.length);
        for (int i = 0; i < bits.length; i++) {
            write(from + i, bits[i]);
        }
    }

    /** Sets every element to {@code value}. */
    public void fill(T value) {
        long bits = type.encode(value);
        file.requireRange(0, longLength());
        for (long index = 0; index < longLength(); index++) {
            write(index, bits);
        }
    }

    /** Gives the elements in their order, each read when it is its turn. */
    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            private long next;

            @Override
            public boolean hasNext() {
                return next < longLength();
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return get(next++);
            }
        };
    }

    /** Lets go of the array in this process, and removes it if this is the handle it was made with; idempotent. */
    @Override
    public void close() {
        file.close();
    }

    /** The typecode and the length; elements are left out. */
    @Override
    public String toString() {
        return "SharedArray[" + type + ", length " + longLength() + "]";
    }

    private long read(long index) {
        ByteBuffer chunk = file.chunk(index);
        int offset = file.offset(index);
        return switch (type.bytes()) {
            case Byte.BYTES -> chunk.get(offset);
            case Short.BYTES -> chunk.getShort(offset);
            case Integer.BYTES -> chunk.getInt(offset);
            default -> chunk.getLong(offset);
        };
    }

    private void write(long index, long bits) {
        ByteBuffer chunk = file.chunk(index);
        int offset = file.offset(index);
        switch (type.bytes()) {
            case Byte.BYTES -> chunk.put(offset, (byte) bits);
            case Short.BYTES -> chunk.putShort(offset, (short) bits);
            case Integer.BYTES -> chunk.putInt(offset, (int) bits);
            default -> chunk.putLong(offset, bits);
        }
    }

    @Serial
    private Object writeReplace() throws ObjectStreamException {
        return Passed.array(Passed.Kind.ARRAY, type, file);
    }
}
