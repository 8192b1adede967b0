package io.multijvm.manager;

import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What functions do to a map that cannot be sent to its server: each runs here, on a copy, and again if the map has changed
 * by the time its result arrives. Not by comparing values, as {@link java.util.concurrent.ConcurrentMap} does: a copy of
 * what has no {@code equals} is never equal.
 */
final class CallerSide<K extends @Nullable Object, V extends @Nullable Object> {
    private final ManagedMap<K, V> map;

    CallerSide(ManagedMap<K, V> map) {
        this.map = map;
    }

    @Nullable
    V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function);
        while (true) {
            var found = new Found<K, V>(map, key);
            V wanted = function.apply(key, found.value);
            if ((wanted == null && !found.there) || found.set(wanted)) {
                return wanted;
            }
        }
    }

    @Nullable
    V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
        Objects.requireNonNull(function);
        while (true) {
            var found = new Found<K, V>(map, key);
            if (found.value != null) {
                return found.value;
            }
            V wanted = function.apply(key);
            if (wanted == null || found.set(wanted)) {
                return wanted;
            }
        }
    }

    @Nullable
    V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function);
        while (true) {
            var found = new Found<K, V>(map, key);
            if (found.value == null) {
                return null;
            }
            V wanted = function.apply(key, found.value);
            if (found.set(wanted)) {
                return wanted;
            }
        }
    }

    @Nullable
    V merge(K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function);
        while (true) {
            var found = new Found<K, V>(map, key);
            V wanted = found.value == null ? value : function.apply(found.value, value);
            if (found.set(wanted)) {
                return wanted;
            }
        }
    }

    void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
        Objects.requireNonNull(function);
        while (true) {
            Object[] all = map.call(MapObject.Verb.LOOK_AT_ALL);
            Map<K, V> entries = ManagedMap.copyOf((@Nullable Object[]) all[1]);
            entries.replaceAll(function);
            boolean done = map.call(MapObject.Verb.SET_ALL_IF, all[0], entries);
            if (done) {
                return;
            }
        }
    }

    /** An entry as it was at a stamp. */
    private static final class Found<K extends @Nullable Object, V extends @Nullable Object> {
        final ManagedMap<K, V> map;
        final K key;
        final Object stamp;
        final boolean there;
        final @Nullable V value;

        @SuppressWarnings({"unchecked", "NullAway"})
        Found(ManagedMap<K, V> map, K key) {
            this.map = map;
            this.key = key;
            @Nullable Object[] look = map.call(MapObject.Verb.LOOK, key);
            this.stamp = Objects.requireNonNull(look[0]);
            this.there = (boolean) look[1];
            this.value = (V) look[2];
        }

        /** Puts {@code wanted}, or removes the entry if that is null; returns whether nothing had changed before. */
        boolean set(@Nullable V wanted) {
            return (boolean) Objects.requireNonNull(map.remote().call(new @Nullable Object[] {
                map.remote().number(), MapObject.Verb.SET_IF.ordinal(), stamp, key, wanted != null, wanted
            }));
        }
    }
}
