package io.multijvm.manager;

import io.multijvm.function.SerializableUnaryOperator;
import io.multijvm.manager.ValueObject.Verb;
import io.multijvm.shared.ValueType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value in a manager's server, with the methods of {@link java.util.concurrent.atomic.AtomicReference}, each atomic also
 * to other processes; of one of Python's types, or of any. Two values are equal when they are the same one. Python:
 * {@code Manager().Value()}.
 */
public final class ManagedValue<T extends @Nullable Object> extends AbstractProxy<Verb> {
    private static final long serialVersionUID = 1;

    private final transient @Nullable ValueType<?> type; // null: any

    ManagedValue(Remote remote) {
        super(remote);
        String typecode = remote.detail();
        this.type = typecode.isEmpty() ? null : ValueType.of(typecode.charAt(0));
    }

    /** The value. */
    public T get() {
        return call(Verb.GET);
    }

    /** The same as {@link #get}. */
    public T value() {
        return get();
    }

    /**
     * Replaces the value.
     *
     * @throws IllegalArgumentException when {@code value} is not one of the type; nothing is changed then
     */
    public void set(T value) {
        Object ignored = call(Verb.SET, checked(value));
    }

    /** Replaces the value, as {@link #set}; returns the one before. */
    public T getAndSet(T value) {
        return call(Verb.GET_AND_SET, checked(value));
    }

    /** Replaces the value, as {@link #set}, if it equals {@code expected}; returns whether it did. */
    public boolean compareAndSet(T expected, T value) {
        return call(Verb.COMPARE_AND_SET, expected, checked(value));
    }

    /** Replaces the value by what {@code update}, which runs in the server, makes of it; returns that. */
    public T updateAndGet(SerializableUnaryOperator<T> update) {
        return call(Verb.UPDATE_AND_GET, Objects.requireNonNull(update));
    }

    /** Replaces the value by what {@code update}, which runs in the server, makes of it; returns the one before. */
    public T getAndUpdate(SerializableUnaryOperator<T> update) {
        return call(Verb.GET_AND_UPDATE, Objects.requireNonNull(update));
    }

    private @Nullable Object checked(T value) {
        return type == null ? value : type.checked(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ManagedValue<?> value && value.remote().equals(remote());
    }

    @Override
    public int hashCode() {
        return remote().hashCode();
    }

    @Override
    public String toString() {
        return Traversal.text(
                remote(), "(this Value)", () -> "ManagedValue[" + (type == null ? "" : type + ", ") + get() + "]");
    }
}
