package io.multijvm.manager;

import io.multijvm.function.SerializablePredicate;
import io.multijvm.manager.SetObject.Verb;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A set in a manager's server, in the order of insertion; null may be an element. Python: {@code Manager().set()}.
 *
 * <p>Every method is atomic, also to other processes, but for {@link #removeIf(Predicate)} with a function that is not
 * {@link Serializable}: such a one runs here, on a copy, and what it has chosen is removed then. Iterators are of the moment
 * they are made at. Two sets are equal when they have the same elements; the comparison is of copies, as is the text form. A
 * set that contains itself, directly or by way of others, is "(this Collection)" inside its text form, and its hash code is
 * its size.
 */
public final class ManagedSet<E extends @Nullable Object> extends AbstractProxy<Verb> implements Set<E> {
    private static final long serialVersionUID = 1;

    ManagedSet(Remote remote) {
        super(remote);
    }

    /** The elements, in a set of this process. */
    @SuppressWarnings("unchecked") // what was put in as such
    public Set<E> copy() {
        return new LinkedHashSet<>((List<E>) Arrays.asList(this.<@Nullable Object[]>call(Verb.COPY)));
    }

    @Override
    public int size() {
        return call(Verb.SIZE);
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return call(Verb.CONTAINS, element);
    }

    @Override
    public boolean containsAll(Collection<?> elements) {
        return call(Verb.CONTAINS_ALL, new ArrayList<>(elements));
    }

    @Override
    public boolean add(E element) {
        return call(Verb.ADD, element);
    }

    @Override
    public boolean addAll(Collection<? extends E> elements) {
        return call(Verb.ADD_ALL, new ArrayList<>(elements));
    }

    @Override
    public boolean remove(@Nullable Object element) {
        return call(Verb.REMOVE, element);
    }

    @Override
    public boolean removeAll(Collection<?> elements) {
        return call(Verb.REMOVE_ALL, new ArrayList<>(elements));
    }

    @Override
    public boolean retainAll(Collection<?> elements) {
        return call(Verb.RETAIN_ALL, new LinkedHashSet<>(elements));
    }

    /** Removes and returns the element that was added first; throws {@link java.util.NoSuchElementException} when there is none. */
    public E removeFirst() {
        return call(Verb.REMOVE_FIRST);
    }

    @Override
    public void clear() {
        Object ignored = call(Verb.CLEAR);
    }

    /** As {@link Set#removeIf}, in the server. */
    public boolean removeIf(SerializablePredicate<? super E> filter) {
        return call(Verb.REMOVE_IF, Objects.requireNonNull(filter));
    }

    @Override
    public boolean removeIf(Predicate<? super E> filter) {
        if (filter instanceof Serializable) {
            return call(Verb.REMOVE_IF, filter);
        }
        var chosen = new ArrayList<>(copy());
        chosen.removeIf(filter.negate());
        return !chosen.isEmpty() && removeAll(chosen);
    }

    @Override
    public void forEach(Consumer<? super E> action) {
        copy().forEach(action);
    }

    @Override
    public Iterator<E> iterator() {
        Iterator<E> elements = copy().iterator();
        return new Iterator<>() {
            private @Nullable E last;
            private boolean removable;

            @Override
            public boolean hasNext() {
                return elements.hasNext();
            }

            @Override
            public E next() {
                E element = elements.next();
                last = element;
                removable = true;
                return element;
            }

            @Override
            public void remove() {
                if (!removable) {
                    throw new IllegalStateException("nothing to be removed: no next() before");
                }
                removable = false;
                boolean ignored = ManagedSet.this.remove(last);
            }
        };
    }

    @Override
    public @Nullable Object[] toArray() {
        return copy().toArray();
    }

    @Override
    public <T extends @Nullable Object> T[] toArray(T[] into) {
        return copy().toArray(into);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (other instanceof ManagedSet<?> set) {
            return set.remote().equals(remote()) || Traversal.equal(remote(), set, () -> copy().equals(set.copy()));
        }
        return other instanceof Set<?> set && Traversal.equal(remote(), set, () -> copy().equals(set));
    }

    @Override
    public int hashCode() {
        return Traversal.hashCode(remote(), this::copy, Set::size);
    }

    @Override
    public String toString() {
        return Traversal.text(remote(), "(this Collection)", () -> copy().toString());
    }
}
