package io.multijvm.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A map in the server. Each call has it to itself, functions that run in it included. */
final class MapObject extends ExclusiveObject {
    /** What can be asked of it; arguments as of {@link Map}'s methods. */
    enum Verb {
        GET(false),
        GET_OR_DEFAULT(false),
        CONTAINS_KEY(false),
        CONTAINS_VALUE(false),
        SIZE(false),
        /** The entries: a key, its value, and so on. */
        COPY(false),
        KEYS(false),
        VALUES(false),
        /** Key: stamp, whether it is there, value. */
        LOOK(false),
        /** Stamp, entries as of {@link #COPY}. */
        LOOK_AT_ALL(false),
        PUT(true),
        /** Entries as of {@link #COPY}. */
        PUT_ALL(true),
        PUT_IF_ABSENT(true),
        REPLACE(true),
        REPLACE_IF(true),
        REMOVE(true),
        REMOVE_IF(true),
        /** The last entry, as key and value; null: there is none. */
        REMOVE_LAST(true),
        REMOVE_KEYS(true),
        RETAIN_KEYS(true),
        /** Map: removes the entries that are just so. */
        REMOVE_ENTRIES(true),
        CLEAR(true),
        COMPUTE(true),
        COMPUTE_IF_ABSENT(true),
        COMPUTE_IF_PRESENT(true),
        MERGE(true),
        REPLACE_ALL(true),
        /** Stamp, key, whether it is to be there, value: returns whether nothing had changed since the stamp. */
        SET_IF(true),
        /** Stamp, map: as {@link #SET_IF}, for everything. */
        SET_ALL_IF(true);

        private final boolean changes;

        Verb(boolean changes) {
            this.changes = changes;
        }
    }

    private static final Verb[] VERBS = Verb.values();

    private final Map<@Nullable Object, @Nullable Object> map; // of the call that is alone here, as is the next
    private long stamp; // another one after every call that may have changed something

    MapObject(Map<?, ?> entries) {
        map = new LinkedHashMap<>(entries);
    }

    /**
     * The entries of {@code entries} one after another: for many of them, to make a map on their way and fill another one
     * from it would take most of the time.
     */
    static @Nullable Object[] flat(Map<?, ?> entries) {
        var flat = new ArrayList<@Nullable Object>(2 * entries.size());
        for (Map.Entry<?, ?> each : entries.entrySet()) {
            flat.add(each.getKey());
            flat.add(each.getValue());
        }
        return flat.toArray();
    }

    /** Values are compared when others may go on: their {@code equals} may call whatever it likes. */
    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        if (call.verb(VERBS) == Verb.CONTAINS_VALUE) {
            return alone(() -> new ArrayList<>(map.values())).contains(call.argument(0));
        }
        return super.serve(call);
    }

    @Override
    @Nullable
    Object serveAlone(Call call) throws Exception {
        Verb verb = call.verb(VERBS);
        if (!verb.changes) {
            return read(verb, call);
        }
        if (verb == Verb.SET_IF) {
            return setIf(call);
        }
        if (verb == Verb.SET_ALL_IF) {
            return setAllIf(call.argument(0), call.argument(1));
        }
        stamp++;
        return change(verb, call);
    }

    private @Nullable Object read(Verb verb, Call call) {
        return switch (verb) {
            case GET -> map.get(call.argument(0));
            case GET_OR_DEFAULT -> map.getOrDefault(call.argument(0), call.argument(1));
            case CONTAINS_KEY -> map.containsKey(call.argument(0));
            case SIZE -> map.size();
            case COPY -> flat(map);
            case KEYS -> map.keySet().toArray();
            case VALUES -> map.values().toArray();
            case LOOK -> look(call.argument(0));
            case LOOK_AT_ALL -> new Object[] {stamp, flat(map)};
            default -> throw new IllegalArgumentException(verb.name());
        };
    }

    private @Nullable Object change(Verb verb, Call call) throws Exception {
        return switch (verb) {
            case PUT -> map.put(call.argument(0), call.argument(1));
            case PUT_ALL -> {
                @Nullable Object[] entries = call.argument(0);
                for (int i = 0; i < entries.length; i += 2) {
                    map.put(entries[i], entries[i + 1]);
                }
                yield null;
            }
            case PUT_IF_ABSENT -> map.putIfAbsent(call.argument(0), call.argument(1));
            case REPLACE -> map.replace(call.argument(0), call.argument(1));
            case REPLACE_IF -> map.replace(call.argument(0), call.argument(1), call.argument(2));
            case REMOVE -> map.remove(call.argument(0));
            case REMOVE_IF -> map.remove(call.argument(0), call.argument(1));
            case REMOVE_LAST -> removeLast();
            case REMOVE_KEYS -> map.keySet().removeAll(new HashSet<>(call.<Collection<?>>argument(0)));
            case RETAIN_KEYS -> map.keySet().retainAll(new HashSet<>(call.<Collection<?>>argument(0)));
            case REMOVE_ENTRIES ->
                map.entrySet().removeAll(call.<Map<?, ?>>argument(0).entrySet());
            case CLEAR -> {
                map.clear();
                yield null;
            }
            default -> call.function(() -> apply(verb, call));
        };
    }

    private @Nullable Object apply(Verb verb, Call call) {
        return switch (verb) {
            case COMPUTE -> map.compute(call.argument(0), function(call.argument(1)));
            case COMPUTE_IF_ABSENT ->
                map.computeIfAbsent(call.argument(0), call.<Function<@Nullable Object, @Nullable Object>>argument(1));
            case COMPUTE_IF_PRESENT -> map.computeIfPresent(call.argument(0), function(call.argument(1)));
            case MERGE -> {
                Object value = Objects.requireNonNull(call.<@Nullable Object>argument(1), "value");
                yield map.merge(call.argument(0), value, function(call.argument(2)));
            }
            case REPLACE_ALL -> {
                replaceAll(function(call.argument(0)));
                yield null;
            }
            default -> throw new IllegalArgumentException(verb.name());
        };
    }

    @SuppressWarnings("unchecked") // what the caller says it is
    private static BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> function(Object sent) {
        return (BiFunction<@Nullable Object, @Nullable Object, @Nullable Object>) sent;
    }

    /** A function that throws leaves the map as it was. */
    private void replaceAll(BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> function) {
        var values = new ArrayList<@Nullable Object>(map.size());
        map.forEach((key, value) -> values.add(function.apply(key, value)));
        Iterator<@Nullable Object> next = values.iterator();
        for (Map.Entry<@Nullable Object, @Nullable Object> each : map.entrySet()) {
            each.setValue(next.next());
        }
    }

    private @Nullable Object[] look(@Nullable Object key) {
        Object value = map.get(key);
        return new @Nullable Object[] {stamp, value != null || map.containsKey(key), value};
    }

    private @Nullable Object @Nullable [] removeLast() {
        if (map.isEmpty()) {
            return null;
        }
        var keys = new ArrayList<@Nullable Object>(map.keySet());
        Object last = keys.get(keys.size() - 1);
        return new @Nullable Object[] {last, map.remove(last)};
    }

    private boolean setIf(Call call) {
        if (stamp != call.<Long>argument(0)) {
            return false;
        }
        stamp++;
        if (call.<Boolean>argument(2)) {
            map.put(call.argument(1), call.argument(3));
        } else {
            map.remove(call.argument(1));
        }
        return true;
    }

    private boolean setAllIf(long expected, Map<?, ?> entries) {
        if (stamp != expected) {
            return false;
        }
        stamp++;
        map.clear();
        map.putAll(entries);
        return true;
    }
}
