package io.multijvm.shared;

import static io.multijvm.shared.Cell.VALUE;

import io.multijvm.ipc.codec.Handle;
import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ReentrantProcessLock;
import java.io.Serial;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A value of one of Python's types that processes share.
 *
 * <p>{@link #get} and {@link #set} are each atomic, with the effects of a volatile read and write; for anything that is
 * more than one of them there is {@link #getLock}, or {@link SharedInt} and its like. A value may be captured by a
 * process's target or sent through a connection, and is the same value there. Its memory stays until it is garbage or,
 * if it ever went to another process, until the program ends. Python: {@code multiprocessing.Value}.
 */
public final class SharedValue<T> implements Handle {
    private static final long serialVersionUID = 1;

    private final transient ValueType<T> type;
    private final transient Cell cell;

    SharedValue(ValueType<T> type, Cell cell) {
        this.type = type;
        this.cell = cell;
    }

    /**
     * A value with a lock of its own.
     *
     * @throws IllegalArgumentException when {@code initial} is out of range or of another class
     */
    public static <T> SharedValue<T> create(ValueType<T> type, T initial) {
        long bits = type.encode(initial);
        return of(type, bits, Locks.fresh());
    }

    /** As {@link #create(ValueType, Object)}, with a {@link ProcessLock} or {@link ReentrantProcessLock} of the caller's. */
    public static <T> SharedValue<T> create(ValueType<T> type, T initial, Lock lock) {
        return of(type, type.encode(initial), Locks.accepted(lock));
    }

    /** As {@link #create(ValueType, Object)}, without a lock. */
    public static <T> SharedValue<T> raw(ValueType<T> type, T initial) {
        return of(type, type.encode(initial), null);
    }

    private static <T> SharedValue<T> of(ValueType<T> type, long bits, @Nullable Lock lock) {
        var cell = Cell.create(lock);
        cell.block().setLongVolatile(VALUE, bits);
        return new SharedValue<>(type, cell);
    }

    /** The value, with the effects of a volatile read. */
    public T get() {
        return type.decode(cell.block().getLongVolatile(VALUE));
    }

    /** The same as {@link #get}. */
    public T value() {
        return get();
    }

    /**
     * Replaces the value.
     *
     * @throws IllegalArgumentException when {@code value} is out of range or of another class; nothing is changed then
     */
    public void set(T value) {
        cell.block().setLongVolatile(VALUE, type.encode(value));
    }

    /**
     * The lock for what is more than one operation: the one given when it was made, or else a {@link
     * ReentrantProcessLock} of its own.
     *
     * @throws IllegalStateException when it was made without
     */
    public Lock getLock() {
        return Locks.of(cell.lock(), "SharedValue");
    }

    /** What it holds. */
    public ValueType<T> type() {
        return type;
    }

    /** Whether it was made without a lock. */
    public boolean isRaw() {
        return cell.lock() == null;
    }

    /** The typecode and the value. */
    @Override
    public String toString() {
        return "SharedValue[" + type + ", " + get() + "]";
    }

    @Serial
    private Object writeReplace() {
        return Passed.value(Passed.Kind.VALUE, type, cell);
    }
}
