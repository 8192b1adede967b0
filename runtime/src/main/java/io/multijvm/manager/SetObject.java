package io.multijvm.manager;

import java.util.BitSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A set in the server. Each call has it to itself, functions that run in it included. */
final class SetObject extends ExclusiveObject {
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

    private final Set<@Nullable Object> set; // of the call that is alone here

    SetObject(Collection<?> elements) {
        set = new LinkedHashSet<>(elements);
    }

    @Override
    @Nullable
    Object serveAlone(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case SIZE -> set.size();
            case CONTAINS -> set.contains(call.argument(0));
            case CONTAINS_ALL -> set.containsAll(call.<Collection<?>>argument(0));
            case COPY -> set.toArray(); // no set, which would ask the elements for their hash codes
            case ADD -> set.add(call.argument(0));
            case ADD_ALL -> set.addAll(call.<Collection<?>>argument(0));
            case REMOVE -> set.remove(call.argument(0));
            case REMOVE_ALL -> removeAll(call.argument(0));
            case RETAIN_ALL -> set.retainAll(call.<Collection<?>>argument(0));
            case REMOVE_IF -> {
                Predicate<@Nullable Object> filter = call.argument(0);
                yield call.function(() -> removeIf(filter));
            }
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

    /** A filter that throws leaves the set as it was. */
    private boolean removeIf(Predicate<@Nullable Object> filter) {
        var unwanted = new BitSet(set.size());
        int index = 0;
        for (Object each : set) {
            unwanted.set(index, filter.test(each));
            index++;
        }
        index = 0;
        for (Iterator<@Nullable Object> all = set.iterator(); all.hasNext(); index++) {
            Object ignored = all.next();
            if (unwanted.get(index)) {
                all.remove();
            }
        }
        return !unwanted.isEmpty();
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
