package io.multijvm.shared;

import static io.multijvm.shared.Cell.VALUE;

import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.memory.Block;
import io.multijvm.sync.ReentrantProcessLock;
import java.io.Serial;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * A {@code long} that processes share, with the operations of {@link java.util.concurrent.atomic.AtomicLong}; those
 * that are not said to be otherwise have the effects of a volatile read, a volatile write, or both.
 *
 * <p>It may be captured by a process's target or sent through a connection, and is the same {@code long} there. Its
 * memory stays until it is garbage or, if it ever went to another process, until the program ends. Python: {@code
 * Value('l')}.
 */
public final class SharedLong extends Number implements Handle {
    private static final long serialVersionUID = 1;

    private final transient Cell cell;
    private final transient Block memory;

    SharedLong(Cell cell) {
        this.cell = cell;
        memory = cell.block();
    }

    /** A {@code long} with a lock of its own. */
    public static SharedLong of(long initial) {
        return of(Cell.create(Locks.fresh()), initial);
    }

    /** A {@code long} without a lock. */
    public static SharedLong raw(long initial) {
        return of(Cell.create(null), initial);
    }

    private static SharedLong of(Cell cell, long initial) {
        var created = new SharedLong(cell);
        created.set(initial);
        return created;
    }

    /** The value, with the effects of a volatile read. */
    public long get() {
        return memory.getLongVolatile(VALUE);
    }

    /** Replaces the value, with the effects of a volatile write. */
    public void set(long value) {
        memory.setLongVolatile(VALUE, value);
    }

    /** The value, in no order with other memory. */
    public long getPlain() {
        return memory.getLong(VALUE);
    }

    /** Sets the value after all that was written before, without waiting until it is seen. */
    public void lazySet(long value) {
        memory.setLongRelease(VALUE, value);
    }

    /** Replaces the value and returns the one before, in one operation. */
    public long getAndSet(long value) {
        return memory.getAndSetLong(VALUE, value);
    }

    /** Sets {@code value} if the value is {@code expected}; returns whether it was. */
    public boolean compareAndSet(long expected, long value) {
        return memory.compareAndSetLong(VALUE, expected, value);
    }

    /** Adds to the value and returns the one before, in one operation. */
    public long getAndAdd(long delta) {
        return memory.getAndAddLong(VALUE, delta);
    }

    /** Adds to the value and returns the sum, in one operation. */
    public long addAndGet(long delta) {
        return getAndAdd(delta) + delta;
    }

    /** Adds 1 to the value and returns the one before, in one operation. */
    public long getAndIncrement() {
        return getAndAdd(1);
    }

    /** Subtracts 1 from the value and returns the one before, in one operation. */
    public long getAndDecrement() {
        return getAndAdd(-1);
    }

    /** Adds 1 to the value and returns the sum, in one operation. */
    public long incrementAndGet() {
        return addAndGet(1);
    }

    /** Subtracts 1 from the value and returns the difference, in one operation. */
    public long decrementAndGet() {
        return addAndGet(-1);
    }

    /** Replaces the value by what {@code update} makes of it, which may be asked more than once; returns the old one. */
    public long getAndUpdate(LongUnaryOperator update) {
        long old = get();
        while (!compareAndSet(old, update.applyAsLong(old))) {
            old = get();
        }
        return old;
    }

    /** As {@link #getAndUpdate}, but returns the new value. */
    public long updateAndGet(LongUnaryOperator update) {
        long old = get();
        long next = update.applyAsLong(old);
        while (!compareAndSet(old, next)) {
            old = get();
            next = update.applyAsLong(old);
        }
        return next;
    }

    /** Replaces the value by {@code join} of it and {@code operand}; returns the old one. */
    public long getAndAccumulate(long operand, LongBinaryOperator join) {
        return getAndUpdate(old -> join.applyAsLong(old, operand));
    }

    /** As {@link #getAndAccumulate}, but returns the new value. */
    public long accumulateAndGet(long operand, LongBinaryOperator join) {
        return updateAndGet(old -> join.applyAsLong(old, operand));
    }

    /** The lowest 32 bits. */
    @Override
    public int intValue() {
        return (int) get();
    }

    @Override
    public long longValue() {
        return get();
    }

    @Override
    public float floatValue() {
        return get();
    }

    @Override
    public double doubleValue() {
        return get();
    }

    /**
     * The lock for what is more than one operation.
     *
     * @throws IllegalStateException when it was made without
     */
    public ReentrantProcessLock getLock() {
        return Locks.ownOf(cell.lock(), "SharedLong");
    }

    /** The value in decimal. */
    @Override
    public String toString() {
        return Long.toString(get());
    }

    @Serial
    private Object writeReplace() {
        return Passed.value(Passed.Kind.LONG, ValueType.LONG, cell);
    }
}
