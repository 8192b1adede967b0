package io.multijvm.manager;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Goes through the entries of a moment; removing one of them is done by its key. */
abstract class MapMoment<T extends @Nullable Object> implements Iterator<T> {
    private static final int NONE = -1;

    private final ManagedMap<?, ?> map;
    private final @Nullable Object[] keys; // each at the beginning of a step
    private final int step;
    private int next;
    private int last = NONE;

    MapMoment(ManagedMap<?, ?> map, @Nullable Object[] keys, int step) {
        this.map = map;
        this.keys = keys;
        this.step = step;
    }

    abstract T element(int at);

    @Override
    public boolean hasNext() {
        return next < keys.length;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        last = next;
        next += step;
        return element(last);
    }

    @Override
    public void remove() {
        if (last == NONE) {
            throw new IllegalStateException("nothing to be removed: no next() before");
        }
        Object ignored = map.remove(keys[last]);
        last = NONE;
    }
}
