package io.multijvm.manager;

import io.multijvm.manager.ListObject.Verb;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A managed list, or a part of one: what {@link List} has, as calls of the server that mean this range. */
interface ListRange<E extends @Nullable Object> extends List<E>, RandomAccess {
    /** The list that this is of. */
    ManagedList<E> whole();

    /** Where in it this begins. */
    int from();

    /** And where it ends; {@link ListObject#END} for the whole list. */
    int to();

    /** So many elements were added to it, or, less than zero, removed. */
    void grown(int elements);

    /** Whatever is in the range now, in a list of this process. */
    default List<E> copy() {
        return whole().call(Verb.COPY, from(), to());
    }

    @Override
    default boolean isEmpty() {
        return size() == 0;
    }

    @Override
    default boolean contains(@Nullable Object element) {
        return whole().call(Verb.CONTAINS, from(), to(), element);
    }

    @Override
    default boolean containsAll(Collection<?> elements) {
        return whole().call(Verb.CONTAINS_ALL, from(), to(), new ArrayList<>(elements));
    }

    @Override
    default int indexOf(@Nullable Object element) {
        return whole().call(Verb.INDEX_OF, from(), to(), element);
    }

    @Override
    default int lastIndexOf(@Nullable Object element) {
        return whole().call(Verb.LAST_INDEX_OF, from(), to(), element);
    }

    @Override
    default @Nullable Object[] toArray() {
        return copy().toArray();
    }

    @Override
    default <T extends @Nullable Object> T[] toArray(T[] into) {
        return copy().toArray(into);
    }

    @Override
    default void forEach(Consumer<? super E> action) {
        copy().forEach(action);
    }

    @Override
    default Iterator<E> iterator() {
        return new ListCursor<>(this, 0);
    }

    @Override
    default ListIterator<E> listIterator() {
        return new ListCursor<>(this, 0);
    }

    @Override
    default ListIterator<E> listIterator(int index) {
        Objects.checkIndex(index, size() + 1);
        return new ListCursor<>(this, index);
    }

    @Override
    default List<E> subList(int begin, int end) {
        Objects.checkFromToIndex(begin, end, size());
        return new SubList<>(this, from() + begin, from() + end);
    }

    @Override
    default boolean addAll(Collection<? extends E> elements) {
        return addAllAt(ListObject.END, elements);
    }

    @Override
    default boolean addAll(int index, Collection<? extends E> elements) {
        if (index < 0) {
            throw new IndexOutOfBoundsException(index);
        }
        return addAllAt(index, elements);
    }

    private boolean addAllAt(int index, Collection<? extends E> elements) {
        int added = whole().callRange(this, Verb.ADD_ALL, index, new ArrayList<>(elements));
        grown(added);
        return added > 0;
    }

    @Override
    default boolean remove(@Nullable Object element) {
        boolean removed = whole().call(Verb.REMOVE, from(), to(), element);
        grown(removed ? -1 : 0);
        return removed;
    }

    @Override
    default boolean removeAll(Collection<?> elements) {
        return shrink(Verb.REMOVE_ALL, new ArrayList<>(elements));
    }

    @Override
    default boolean retainAll(Collection<?> elements) {
        return shrink(Verb.RETAIN_ALL, new ArrayList<>(elements));
    }

    @Override
    default void clear() {
        grown(-whole().<Integer>call(Verb.CLEAR, from(), to()));
    }

    private boolean shrink(Verb verb, Object argument) {
        int removed = whole().call(verb, from(), to(), argument);
        grown(-removed);
        return removed > 0;
    }

    @Override
    default boolean removeIf(Predicate<? super E> filter) {
        if (filter instanceof Serializable) {
            return shrink(Verb.REMOVE_IF, filter);
        }
        Objects.requireNonNull(filter);
        int before;
        List<E> elements;
        boolean done;
        do {
            Object[] look = whole().call(Verb.LOOK, from(), to());
            elements = elementsOf(look);
            before = elements.size();
            if (!elements.removeIf(filter)) {
                return false;
            }
            done = whole().callRange(this, Verb.SET_ALL_IF, look[0], elements);
        } while (!done);
        grown(elements.size() - before);
        return true;
    }

    @Override
    default void replaceAll(UnaryOperator<E> operator) {
        if (operator instanceof Serializable) {
            Object ignored = whole().call(Verb.REPLACE_ALL, from(), to(), operator);
            return;
        }
        Objects.requireNonNull(operator);
        boolean done;
        do {
            Object[] look = whole().call(Verb.LOOK, from(), to());
            List<E> elements = elementsOf(look);
            elements.replaceAll(operator);
            done = whole().callRange(this, Verb.SET_ALL_IF, look[0], elements);
        } while (!done);
    }

    @Override
    default void sort(@Nullable Comparator<? super E> order) {
        if (order == null || order instanceof Serializable) {
            Object ignored = whole().call(Verb.SORT, from(), to(), order);
            return;
        }
        boolean done;
        do {
            Object[] look = whole().call(Verb.LOOK, from(), to());
            List<E> elements = elementsOf(look);
            elements.sort(order);
            done = whole().callRange(this, Verb.SET_ALL_IF, look[0], elements);
        } while (!done);
    }

    @SuppressWarnings("unchecked")
    private static <E extends @Nullable Object> List<E> elementsOf(Object[] look) {
        return (List<E>) look[1];
    }
}
