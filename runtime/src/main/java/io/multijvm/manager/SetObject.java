package io.multijvm.manager;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A set in the server. Each call has it to itself, functions that run in it included. */
final class SetObject extends ServedObject {
    /** What can be asked of it; arguments as of {@link Set}'s methods. */
    enum Verb {
        SIZE,
        CONTAINS,
        CONTAINS_ALL,
        COPY,
        ADD,
        ADD_ALL,
        REMOVE,
        REMOVE_ALL,
        RETAIN_ALL,
        REMOVE_IF,
        REMOVE_FIRST,
        CLEAR
    }

    private static final Verb[] VERBS = Verb.values();

    private final Set<@Nullable Object> set; // guarded by this

    SetObject(Collection<?> elements) {
        set = new LinkedHashSet<>(elements);
    }

    @Override
    synchronized @Nullable Object serve(Call call) {
        return switch (call.verb(VERBS)) {
            case SIZE -> set.size();
            case CONTAINS -> set.contains(call.argument(0));
            case CONTAINS_ALL -> set.containsAll(call.<Collection<?>>argument(0));
            case COPY -> new LinkedHashSet<>(set);
            case ADD -> set.add(call.argument(0));
            case ADD_ALL -> set.addAll(call.<Collection<?>>argument(0));
            case REMOVE -> set.remove(call.argument(0));
            case REMOVE_ALL -> removeAll(call.argument(0));
            case RETAIN_ALL -> set.retainAll(call.<Collection<?>>argument(0));
            case REMOVE_IF -> set.removeIf(call.<Predicate<@Nullable Object>>argument(0));
            case REMOVE_FIRST -> removeFirst();
            case CLEAR -> {
                set.clear();
                yield null;
            }
        };
    }

    /** One by one, whichever of the two is larger. */
    private boolean removeAll(Collection<?> elements) {
        int before = set.size();
        elements.forEach(set::remove);
        return set.size() < before;
    }

    private @Nullable Object removeFirst() {
        Iterator<@Nullable Object> elements = set.iterator();
        if (!elements.hasNext()) {
            throw new NoSuchElementException("the set is empty");
        }
        Object first = elements.next();
        elements.remove();
        return first;
    }
}
