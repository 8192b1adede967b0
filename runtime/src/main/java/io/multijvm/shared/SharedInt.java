package io.multijvm.shared;

import static io.multijvm.shared.Cell.VALUE;

import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.memory.Block;
import io.multijvm.sync.ReentrantProcessLock;
import java.io.Serial;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * An {@code int} that processes share, with the operations of {@link java.util.concurrent.atomic.AtomicInteger}; those
 * that are not said to be otherwise have the effects of a volatile read, a volatile write, or both.
 *
 * <p>It may be captured by a process's target or sent through a connection, and is the same {@code int} there. Its
 * memory stays until it is garbage or, if it ever went to another process, until the program ends. Python: {@code
 * Value('i')}.
 */
public final class SharedInt extends Number implements Handle {
    private static final long serialVersionUID = 1;

    private final transient Cell cell;
    private final transient Block memory;

    SharedInt(Cell cell) {
        this.cell = cell;
        memory = cell.block();
    }

    /** An {@code int} with a lock of its own. */
    public static SharedInt of(int initial) {
        return of(Cell.create(Locks.fresh()), initial);
    }

    /** An {@code int} without a lock. */
    public static SharedInt raw(int initial) {
        return of(Cell.create(null), initial);
    }

    private static SharedInt of(Cell cell, int initial) {
        var created = new SharedInt(cell);
        created.set(initial);
        return created;
    }

    /** The value, with the effects of a volatile read. */
    public int get() {
        return memory.getIntVolatile(VALUE);
    }

    /** Replaces the value, with the effects of a volatile write. */
    public void set(int value) {
        memory.setIntVolatile(VALUE, value);
    }

    /** The value, in no order with other memory. */
    public int getPlain() {
        return memory.getInt(VALUE);
    }

    /** Sets the value after all that was written before, without waiting until it is seen. */
    public void lazySet(int value) {
        memory.setIntRelease(VALUE, value);
    }

    /** Replaces the value and returns the one before, in one operation. */
    public int getAndSet(int value) {
        return memory.getAndSetInt(VALUE, value);
    }

    /** Sets {@code value} if the value is {@code expected}; returns whether it was. */
    public boolean compareAndSet(int expected, int value) {
        return memory.compareAndSetInt(VALUE, expected, value);
    }

    /** Adds to the value and returns the one before, in one operation. */
    public int getAndAdd(int delta) {
        return memory.getAndAddInt(VALUE, delta);
    }

    /** Adds to the value and returns the sum, in one operation. */
    public int addAndGet(int delta) {
        return getAndAdd(delta) + delta;
    }

    /** Adds 1 to the value and returns the one before, in one operation. */
    public int getAndIncrement() {
        return getAndAdd(1);
    }

    /** Subtracts 1 from the value and returns the one before, in one operation. */
    public int getAndDecrement() {
        return getAndAdd(-1);
    }

    /** Adds 1 to the value and returns the sum, in one operation. */
    public int incrementAndGet() {
        return addAndGet(1);
    }

    /** Subtracts 1 from the value and returns the difference, in one operation. */
    public int decrementAndGet() {
        return addAndGet(-1);
    }

    /** Replaces the value by what {@code update} makes of it, which may be asked more than once; returns the old one. */
    public int getAndUpdate(IntUnaryOperator update) {
        int old = get();
        while (!compareAndSet(old, update.applyAsInt(old))) {
            old = get();
        }
        return old;
    }

    /** As {@link #getAndUpdate}, but returns the new value. */
    public int updateAndGet(IntUnaryOperator update) {
        int old = get();
        int next = update.applyAsInt(old);
        while (!compareAndSet(old, next)) {
            old = get();
            next = update.applyAsInt(old);
        }
        return next;
    }

    /** Replaces the value by {@code join} of it and {@code operand}; returns the old one. */
    public int getAndAccumulate(int operand, IntBinaryOperator join) {
        return getAndUpdate(old -> join.applyAsInt(old, operand));
    }

    /** As {@link #getAndAccumulate}, but returns the new value. */
    public int accumulateAndGet(int operand, IntBinaryOperator join) {
        return updateAndGet(old -> join.applyAsInt(old, operand));
    }

    @Override
    public int intValue() {
        return get();
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
        return Locks.ownOf(cell.lock(), "SharedInt");
    }

    /** The value in decimal. */
    @Override
    public String toString() {
        return Integer.toString(get());
    }

    @Serial
    private Object writeReplace() {
        return Passed.value(Passed.Kind.INT, ValueType.INT, cell);
    }
}
