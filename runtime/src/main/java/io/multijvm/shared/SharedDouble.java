package io.multijvm.shared;

import static io.multijvm.shared.Cell.VALUE;

import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.memory.Block;
import io.multijvm.sync.ReentrantProcessLock;
import java.io.Serial;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A {@code double} that processes share, with the operations of {@link java.util.concurrent.atomic.AtomicLong} on
 * doubles; those that are not said to be otherwise have the effects of a volatile read, a volatile write, or both.
 *
 * <p>Values are compared by their bits: 0.0 is not -0.0, and a NaN is itself. A {@code SharedDouble} goes to other
 * processes and lives as a {@link SharedInt} does. Python: {@code Value('d')}.
 */
public final class SharedDouble extends Number implements Handle {
    private static final long serialVersionUID = 1;

    private final transient Cell cell;
    private final transient Block memory;

    SharedDouble(Cell cell) {
        this.cell = cell;
        memory = cell.block();
    }

    /** A {@code double} with a lock of its own. */
    public static SharedDouble of(double initial) {
        return of(Cell.create(Locks.fresh()), initial);
    }

    /** A {@code double} without a lock. */
    public static SharedDouble raw(double initial) {
        return of(Cell.create(null), initial);
    }

    private static SharedDouble of(Cell cell, double initial) {
        var created = new SharedDouble(cell);
        created.set(initial);
        return created;
    }

    /** The value, with the effects of a volatile read. */
    public double get() {
        return Double.longBitsToDouble(memory.getLongVolatile(VALUE));
    }

    /** Replaces the value, with the effects of a volatile write. */
    public void set(double value) {
        memory.setLongVolatile(VALUE, Double.doubleToRawLongBits(value));
    }

    /** The value, in no order with other memory. */
    public double getPlain() {
        return Double.longBitsToDouble(memory.getLong(VALUE));
    }

    /** Sets the value after all that was written before, without waiting until it is seen. */
    public void lazySet(double value) {
        memory.setLongRelease(VALUE, Double.doubleToRawLongBits(value));
    }

    /** Replaces the value and returns the one before, in one operation. */
    public double getAndSet(double value) {
        return Double.longBitsToDouble(memory.getAndSetLong(VALUE, Double.doubleToRawLongBits(value)));
    }

    /** Sets {@code value} if the value has the bits of {@code expected}; returns whether it had. */
    public boolean compareAndSet(double expected, double value) {
        return memory.compareAndSetLong(VALUE, Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(value));
    }

    /** Adds to the value and returns the one before, in one operation. */
    public double getAndAdd(double delta) {
        return getAndUpdate(old -> old + delta);
    }

    /** Adds to the value and returns the sum, in one operation. */
    public double addAndGet(double delta) {
        return updateAndGet(old -> old + delta);
    }

    /** Replaces the value by what {@code update} makes of it, which may be asked more than once; returns the old one. */
    public double getAndUpdate(DoubleUnaryOperator update) {
        double old = get();
        while (!compareAndSet(old, update.applyAsDouble(old))) {
            old = get();
        }
        return old;
    }

    /** As {@link #getAndUpdate}, but returns the new value. */
    public double updateAndGet(DoubleUnaryOperator update) {
        double old = get();
        double next = update.applyAsDouble(old);
        while (!compareAndSet(old, next)) {
            old = get();
            next = update.applyAsDouble(old);
        }
        return next;
    }

    /** Replaces the value by {@code join} of it and {@code operand}; returns the old one. */
    public double getAndAccumulate(double operand, DoubleBinaryOperator join) {
        return getAndUpdate(old -> join.applyAsDouble(old, operand));
    }

    /** As {@link #getAndAccumulate}, but returns the new value. */
    public double accumulateAndGet(double operand, DoubleBinaryOperator join) {
        return updateAndGet(old -> join.applyAsDouble(old, operand));
    }

    /** The value, rounded towards zero. */
    @Override
    public int intValue() {
        return (int) get();
    }

    /** The value, rounded towards zero. */
    @Override
    public long longValue() {
        return (long) get();
    }

    @Override
    public float floatValue() {
        return (float) get();
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
        return Locks.ownOf(cell.lock(), "SharedDouble");
    }

    /** The value as {@link Double#toString(double)} writes it. */
    @Override
    public String toString() {
        return Double.toString(get());
    }

    @Serial
    private Object writeReplace() {
        return Passed.value(Passed.Kind.DOUBLE, ValueType.DOUBLE, cell);
    }
}
