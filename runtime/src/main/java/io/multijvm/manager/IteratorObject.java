package io.multijvm.manager;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** An iterator in the server; what it gives goes to one of those who ask. */
final class IteratorObject extends ServedObject {
    /** What can be asked of it. */
    enum Verb {
        /** An array with the next element, or an empty one. */
        NEXT
    }

    private static final Verb[] VERBS = Verb.values();

    private final Iterator<?> elements;

    IteratorObject(Iterator<?> elements) {
        this.elements = elements;
    }

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case NEXT -> call.interruptibly(this::next);
        };
    }

    private synchronized @Nullable Object[] next() {
        return elements.hasNext() ? new @Nullable Object[] {elements.next()} : new Object[0];
    }
}
