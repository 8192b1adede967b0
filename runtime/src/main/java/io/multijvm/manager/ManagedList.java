package io.multijvm.manager;

import io.multijvm.function.SerializableComparator;
import io.multijvm.function.SerializablePredicate;
import io.multijvm.function.SerializableUnaryOperator;
import io.multijvm.manager.ListObject.Verb;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list in a manager's server; null may be an element. Python: {@code Manager().list()}.
 *
 * <p>Every method is atomic, also to other processes. Functions that are {@link java.io.Serializable}, as a lambda is where
 * one of {@code io.multijvm.function} is expected, are sent to the server and run there. Others run here, on a copy, and
 * again if the list was changed meanwhile. What a function changes elsewhere than in what it returns is lost when it runs in
 * the server. {@link #forEach} runs here, always.
 *
 * <p>An element that was got is a copy: changes of it are not seen by others until it is set again. Elements that are objects
 * of managers are those objects.
 *
 * <p>Iterators go by index and fetch some elements ahead; they see what is appended meanwhile, and are confused, as parts of
 * a list ({@link #subList}) are, when others insert or remove before them. Two lists are equal when they have equal elements;
 * the comparison is of copies, as is the text form. A list that contains itself, directly or by way of others, is
 * "(this Collection)" inside its text form, and its hash code is its size.
 */
public final class ManagedList<E extends @Nullable Object> extends AbstractProxy<Verb> implements ListRange<E> {
    private static final long serialVersionUID = 1;

    ManagedList(Remote remote) {
        super(remote);
    }

    @Override
    public ManagedList<E> whole() {
        return this;
    }

    @Override
    public int from() {
        return 0;
    }

    @Override
    public int to() {
        return ListObject.END;
    }

    @Override
    public void grown(int elements) {
        // the server knows
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
    <T extends @Nullable Object> T callRange(ListRange<E> range, Verb verb, Object first, Object second) {
        return (T) remote().call(
                        new Object[] {remote().number(), verb.ordinal(), range.from(), range.to(), first, second});
    }

    /** The elements, in a list of this process. */
    @Override
    public List<E> copy() {
        return ListRange.super.copy();
    }

    @Override
    public int size() {
        return call(Verb.SIZE);
    }

    @Override
    public E get(int index) {
        return call(Verb.GET, index);
    }

    @Override
    public E set(int index, E element) {
        return call(Verb.SET, index, element);
    }

    @Override
    public boolean add(E element) {
        return call(Verb.ADD, element);
    }

    @Override
    public void add(int index, E element) {
        Object ignored = call(Verb.ADD_AT, index, element);
    }

    @Override
    public E remove(int index) {
        return call(Verb.REMOVE_AT, index);
    }

    /** Removes and returns the first element; throws {@link java.util.NoSuchElementException} when there is none. */
    public E removeFirst() {
        return call(Verb.REMOVE_FIRST);
    }

    /** Removes and returns the last element; throws {@link java.util.NoSuchElementException} when there is none. Python: {@code pop}. */
    public E removeLast() {
        return call(Verb.REMOVE_LAST);
    }

    /** How often {@code element} is in it. */
    public int count(@Nullable Object element) {
        return call(Verb.COUNT, 0, ListObject.END, element);
    }

    /** Reverses the order of the elements. */
    public void reverse() {
        Object ignored = call(Verb.REVERSE, 0, ListObject.END);
    }

    /** As {@link List#removeIf}, in the server. */
    public boolean removeIf(SerializablePredicate<? super E> filter) {
        return ListRange.super.removeIf(Objects.requireNonNull(filter));
    }

    /** As {@link List#replaceAll}, in the server. */
    public void replaceAll(SerializableUnaryOperator<E> operator) {
        ListRange.super.replaceAll(Objects.requireNonNull(operator));
    }

    /** As {@link List#sort}, in the server; null is the elements' natural order. */
    public void sort(@Nullable SerializableComparator<? super E> order) {
        ListRange.super.sort(order);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (other instanceof ManagedList<?> list) {
            return list.remote().equals(remote()) || Traversal.equal(remote(), list, () -> copy().equals(list.copy()));
        }
        return other instanceof List<?> list && Traversal.equal(remote(), list, () -> copy().equals(list));
    }

    @Override
    public int hashCode() {
        return Traversal.hashCode(remote(), this::copy, List::size);
    }

    @Override
    public String toString() {
        return Traversal.text(remote(), "(this Collection)", () -> copy().toString());
    }
}
