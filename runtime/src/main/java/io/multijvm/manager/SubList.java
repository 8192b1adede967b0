package io.multijvm.manager;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A part of a managed list, as the JDK has it: not defined any more when the list was changed in length by others. */
final class SubList<E extends @Nullable Object> implements ListRange<E> {
    private final ListRange<E> parent;
    private final int from;
    private int to;

    SubList(ListRange<E> parent, int from, int to) {
        this.parent = parent;
        this.from = from;
        this.to = to;
    }

    @Override
    public ManagedList<E> whole() {
        return parent.whole();
    }

    @Override
    public int from() {
        return from;
    }

    @Override
    public int to() {
        return to;
    }

    @Override
    public void grown(int elements) {
        to += elements;
        parent.grown(elements);
    }

    @Override
    public int size() {
        return to - from;
    }

    @Override
    public E get(int index) {
        return whole().get(from + Objects.checkIndex(index, size()));
    }

    @Override
    public E set(int index, E element) {
        return whole().set(from + Objects.checkIndex(index, size()), element);
    }

    @Override
    public boolean add(E element) {
        add(size(), element);
        return true;
    }

    @Override
    public void add(int index, E element) {
        whole().add(from + Objects.checkIndex(index, size() + 1), element);
        grown(1);
    }

    @Override
    public E remove(int index) {
        E removed = whole().remove(from + Objects.checkIndex(index, size()));
        grown(-1);
        return removed;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof List<?> list && copy().equals(list);
    }

    @Override
    public int hashCode() {
        return copy().hashCode();
    }

    @Override
    public String toString() {
        return copy().toString();
    }
}
