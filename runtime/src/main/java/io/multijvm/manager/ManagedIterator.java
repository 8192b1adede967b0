package io.multijvm.manager;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** An iterator in the server: each element goes to one of those who ask, whichever process that is. */
final class ManagedIterator<E extends @Nullable Object> extends AbstractProxy<IteratorObject.Verb>
        implements Iterator<E> {
    private static final long serialVersionUID = 1;

    private transient @Nullable Object @Nullable [] ahead; // guarded by this; empty: it was the last

    ManagedIterator(Remote remote) {
        super(remote);
    }

    @Override
    public synchronized boolean hasNext() {
        if (ahead == null) {
            ahead = call(IteratorObject.Verb.NEXT);
        }
        return ahead.length > 0;
    }

    @Override
    @SuppressWarnings("unchecked")
    public synchronized E next() {
        if (!hasNext() || ahead == null) {
            throw new NoSuchElementException();
        }
        Object element = ahead[0];
        ahead = null;
        return (E) element;
    }

    @Override
    public String toString() {
        return "ManagedIterator[" + remote() + "]";
    }
}
