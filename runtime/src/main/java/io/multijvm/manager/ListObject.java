package io.multijvm.manager;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A list in the server. Each call has it to itself, functions that run in it included. */
final class ListObject extends ExclusiveObject {
    /** The end of a range that has none: it ends with the list. */
    static final int END = -1;

    /**
     * What can be asked of it. Arguments as of {@link List}'s methods; from {@link #CONTAINS} on, the first and second
     * argument are the range of the list that is meant.
     */
    enum Verb {
        SIZE(false),
        GET(false),
        SET(true),
        ADD(true),
        ADD_AT(true),
        REMOVE_AT(true),
        REMOVE_FIRST(true),
        REMOVE_LAST(true),
        /** From, most: what there is of so many elements. */
        AHEAD(false),

        CONTAINS(false),
        CONTAINS_ALL(false),
        INDEX_OF(false),
        LAST_INDEX_OF(false),
        COUNT(false),
        COPY(false),
        /** Stamp, copy. */
        LOOK(false),
        /** Index, collection. */
        ADD_ALL(true),
        REMOVE(true),
        /** Returns how many were removed, as all that remove several do. */
        REMOVE_ALL(true),
        RETAIN_ALL(true),
        REMOVE_IF(true),
        CLEAR(true),
        SORT(true),
        REVERSE(true),
        REPLACE_ALL(true),
        /** Stamp, collection: replaces all if nothing had changed since the stamp, and returns whether it did. */
        SET_ALL_IF(true);

        private final boolean changes;

        Verb(boolean changes) {
            this.changes = changes;
        }
    }

    private static final Verb[] VERBS = Verb.values();

    private final List<@Nullable Object> list; // of the call that is alone here, as is the next
    private long stamp; // another one after every call that may have changed something

    ListObject(Collection<?> elements) {
        list = new ArrayList<>(elements);
    }

    /** Elements are compared when others may go on: their {@code equals} may call whatever it likes. */
    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        Verb verb = call.verb(VERBS);
        if (verb.compareTo(Verb.CONTAINS) < 0 || verb.compareTo(Verb.COUNT) > 0) {
            return super.serve(call);
        }
        List<@Nullable Object> range = alone(() -> new ArrayList<>(range(call)));
        return switch (verb) {
            case CONTAINS -> range.contains(call.argument(2));
            case CONTAINS_ALL -> new HashSet<>(range).containsAll(call.<Collection<?>>argument(2));
            case INDEX_OF -> range.indexOf(call.argument(2));
            case LAST_INDEX_OF -> range.lastIndexOf(call.argument(2));
            default -> Collections.frequency(range, call.argument(2));
        };
    }

    @Override
    @Nullable
    Object serveAlone(Call call) throws Exception {
        Verb verb = call.verb(VERBS);
        if (verb.changes && verb != Verb.SET_ALL_IF) {
            stamp++;
        }
        return verb.compareTo(Verb.CONTAINS) < 0 ? serveWhole(verb, call) : serveRange(verb, call, range(call));
    }

    private List<@Nullable Object> range(Call call) {
        int from = call.argument(0);
        int to = call.argument(1);
        return to == END ? list : list.subList(from, to);
    }

    private @Nullable Object serveWhole(Verb verb, Call call) {
        return switch (verb) {
            case SIZE -> list.size();
            case GET -> list.get(call.<Integer>argument(0));
            case SET -> list.set(call.<Integer>argument(0), call.argument(1));
            case ADD -> list.add(call.argument(0));
            case ADD_AT -> {
                list.add(call.<Integer>argument(0), call.argument(1));
                yield null;
            }
            case REMOVE_AT -> list.remove(call.<Integer>argument(0).intValue());
            case REMOVE_FIRST -> list.remove(requireAny(0));
            case REMOVE_LAST -> list.remove(requireAny(list.size() - 1));
            case AHEAD -> ahead(call.<Integer>argument(0), call.<Integer>argument(1));
            default -> throw new IllegalArgumentException(verb.name());
        };
    }

    private int requireAny(int index) {
        if (list.isEmpty()) {
            throw new NoSuchElementException("the list is empty");
        }
        return index;
    }

    private @Nullable Object[] ahead(int from, int most) {
        int begin = Math.min(from, list.size());
        int end = (int) Math.min(list.size(), (long) begin + most);
        return list.subList(begin, end).toArray();
    }

    private @Nullable Object serveRange(Verb verb, Call call, List<@Nullable Object> range) throws Exception {
        return switch (verb) {
            case COPY -> new ArrayList<>(range);
            case LOOK -> new Object[] {stamp, new ArrayList<>(range)};
            case SET_ALL_IF -> setAllIf(range, call.argument(2), call.argument(3));
            case SORT -> {
                setAll(range, sorted(call, range));
                yield null;
            }
            case REVERSE -> {
                Collections.reverse(range);
                yield null;
            }
            case REPLACE_ALL -> {
                setAll(range, replaced(call, range));
                yield null;
            }
            default -> resize(verb, call, range);
        };
    }

    /** Functions and comparisons that throw leave the list as it was, or the JDK's sort would lose elements. */
    private @Nullable Object[] sorted(Call call, List<@Nullable Object> range) throws Exception {
        @Nullable Object[] elements = range.toArray();
        long before = stamp;
        call.function(() -> {
            Arrays.sort(elements, call.<@Nullable Comparator<@Nullable Object>>argument(2));
            return null;
        });
        requireUnchanged(before);
        return elements;
    }

    private @Nullable Object[] replaced(Call call, List<@Nullable Object> range) throws Exception {
        @Nullable Object[] elements = range.toArray();
        long before = stamp;
        UnaryOperator<@Nullable Object> function = call.argument(2);
        call.function(() -> {
            Arrays.setAll(elements, i -> function.apply(elements[i]));
            return null;
        });
        requireUnchanged(before);
        return elements;
    }

    private void requireUnchanged(long before) {
        if (stamp != before) {
            throw new ConcurrentModificationException("the function has changed the list that it runs in");
        }
    }

    private static void setAll(List<@Nullable Object> range, @Nullable Object[] elements) {
        for (int i = 0; i < elements.length; i++) {
            range.set(i, elements[i]);
        }
    }

    private Object resize(Verb verb, Call call, List<@Nullable Object> range) throws Exception {
        int before = list.size();
        return switch (verb) {
            case ADD_ALL -> {
                int index = call.argument(2);
                range.addAll(index == END ? range.size() : index, call.<Collection<?>>argument(3));
                yield list.size() - before;
            }
            case REMOVE -> range.remove(call.<@Nullable Object>argument(2));
            case REMOVE_ALL -> {
                range.removeAll(new HashSet<>(call.<Collection<?>>argument(2)));
                yield before - list.size();
            }
            case RETAIN_ALL -> {
                range.retainAll(new HashSet<>(call.<Collection<?>>argument(2)));
                yield before - list.size();
            }
            case REMOVE_IF -> {
                Predicate<@Nullable Object> filter = call.argument(2);
                boolean ignored = call.function(() -> range.removeIf(filter));
                yield before - list.size();
            }
            case CLEAR -> {
                range.clear();
                yield before - list.size();
            }
            default -> throw new IllegalArgumentException(verb.name());
        };
    }

    private boolean setAllIf(List<@Nullable Object> range, long expected, Collection<?> elements) {
        if (stamp != expected) {
            return false;
        }
        stamp++;
        range.clear();
        range.addAll(elements);
        return true;
    }
}
