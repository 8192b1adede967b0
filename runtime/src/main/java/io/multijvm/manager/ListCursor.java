package io.multijvm.manager;

import io.multijvm.manager.ListObject.Verb;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Goes through a managed list by index; elements ahead are fetched several at a time, the more the further it goes. */
final class ListCursor<E extends @Nullable Object> implements ListIterator<E> {
    private static final int FIRST = 32;
    private static final int MOST = 4096;
    private static final int NONE = -1;

    private final ListRange<E> list;
    private int next; // its index
    private int last = NONE; // what was returned last, and can be set or removed
    private @Nullable Object[] ahead = new Object[0];
    private int aheadFrom; // the index of the first of them
    private int step = FIRST;
    private boolean exhausted; // stays so, unless it is moved

    ListCursor(ListRange<E> list, int index) {
        this.list = list;
        this.next = index;
    }

    @Override
    public boolean hasNext() {
        if (exhausted) {
            return false;
        }
        if (!isAhead()) {
            fetch();
            exhausted = !isAhead();
        }
        return !exhausted;
    }

    private boolean isAhead() {
        return next >= aheadFrom && next - aheadFrom < ahead.length;
    }

    private void fetch() {
        int most = list.to() == ListObject.END ? step : Math.min(step, list.to() - list.from() - next);
        ahead = list.whole().call(Verb.AHEAD, list.from() + next, Math.max(0, most));
        aheadFrom = next;
        step = Math.min(MOST, 2 * step);
    }

    private void changed() {
        ahead = new Object[0];
        last = NONE;
        exhausted = false;
    }

    @Override
    @SuppressWarnings("unchecked")
    public E next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        last = next;
        next++;
        return (E) ahead[last - aheadFrom];
    }

    @Override
    public boolean hasPrevious() {
        return next > 0;
    }

    @Override
    public E previous() {
        if (!hasPrevious()) {
            throw new NoSuchElementException();
        }
        next--;
        last = next;
        exhausted = false;
        return list.get(next);
    }

    @Override
    public int nextIndex() {
        return next;
    }

    @Override
    public int previousIndex() {
        return next - 1;
    }

    @Override
    public void remove() {
        int index = requireLast();
        Object ignored = list.remove(index);
        boolean hadEnded = exhausted;
        next -= index < next ? 1 : 0;
        changed();
        exhausted = hadEnded;
    }

    @Override
    public void set(E element) {
        int index = requireLast();
        Object ignored = list.set(index, element);
        boolean hadEnded = exhausted;
        changed();
        last = index;
        exhausted = hadEnded;
    }

    @Override
    public void add(E element) {
        list.add(next, element);
        next++;
        changed();
    }

    private int requireLast() {
        if (last == NONE) {
            throw new IllegalStateException("no element was returned that is still there");
        }
        return last;
    }
}
