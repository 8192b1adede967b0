package io.multijvm.manager;

import io.multijvm.function.SerializableBiFunction;
import io.multijvm.function.SerializableFunction;
import java.io.Serializable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map in a manager's server, in the order of insertion; null may be a key or a value. Python: {@code Manager().dict()}.
 *
 * <p>Every method is atomic, also to other processes. Functions that are {@link Serializable}, as a lambda is where one of
 * {@code io.multijvm.function} is expected, are sent to the server and run there, on the entry itself. Others run here, on
 * copies, and again if the map was changed meanwhile, in whatever entry. What a function changes elsewhere than in what it
 * returns is lost when it runs in the server.
 *
 * <p>A value that was got is a copy: changes of it are not seen by others until it is put again. Values that are objects of
 * managers are those objects. Views write through; their iterators, streams and arrays are of the moment they are made at.
 *
 * <p>Two maps are equal when they have equal entries; the comparison is of copies, as is the text form. A map that
 * contains itself, directly or by way of others, is "(this Map)" inside its text form, and its hash code is its size.
 */
public final class ManagedMap<K extends @Nullable Object, V extends @Nullable Object>
        extends AbstractProxy<MapObject.Verb> implements ConcurrentMap<K, V> {
    private static final long serialVersionUID = 1;

    ManagedMap(Remote remote) {
        super(remote);
    }

    /** The entries, in a map of this process. */
    public Map<K, V> copy() {
        return copyOf(moment());
    }

    /** A map of a key, its value, and so on. */
    @SuppressWarnings("unchecked") // what was put in as such
    static <K extends @Nullable Object, V extends @Nullable Object> Map<K, V> copyOf(@Nullable Object[] entries) {
        Map<K, V> copy = new LinkedHashMap<>(Math.max(16, entries.length));
        for (int i = 0; i < entries.length; i += 2) {
            copy.put((K) entries[i], (V) entries[i + 1]);
        }
        return copy;
    }

    /** The entries now: a key, its value, and so on. */
    @Nullable
    Object[] moment() {
        return call(MapObject.Verb.COPY);
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        return call(MapObject.Verb.GET, key);
    }

    @Override
    public V getOrDefault(@Nullable Object key, V otherwise) {
        return call(MapObject.Verb.GET_OR_DEFAULT, key, otherwise);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return call(MapObject.Verb.CONTAINS_KEY, key);
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        return call(MapObject.Verb.CONTAINS_VALUE, value);
    }

    @Override
    public int size() {
        return call(MapObject.Verb.SIZE);
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public @Nullable V put(K key, V value) {
        return call(MapObject.Verb.PUT, key, value);
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        Object ignored = call(MapObject.Verb.PUT_ALL, MapObject.flat(entries));
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        return call(MapObject.Verb.PUT_IF_ABSENT, key, value);
    }

    @Override
    public @Nullable V replace(K key, V value) {
        return call(MapObject.Verb.REPLACE, key, value);
    }

    @Override
    public boolean replace(K key, V expected, V value) {
        return call(MapObject.Verb.REPLACE_IF, key, expected, value);
    }

    @Override
    public @Nullable V remove(@Nullable Object key) {
        return call(MapObject.Verb.REMOVE, key);
    }

    @Override
    public boolean remove(@Nullable Object key, @Nullable Object expected) {
        return call(MapObject.Verb.REMOVE_IF, key, expected);
    }

    /** Removes and returns the entry that was added last; null when there is none. Python: {@code popitem}. */
    public Map.@Nullable Entry<K, V> removeLast() {
        @Nullable Object[] entry = call(MapObject.Verb.REMOVE_LAST);
        return entry == null ? null : MapViews.entry(entry[0], entry[1]);
    }

    @Override
    public void clear() {
        Object ignored = call(MapObject.Verb.CLEAR);
    }

    /** As {@link ConcurrentMap#compute}, in the server. */
    public @Nullable V compute(
            K key, SerializableBiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
        return call(MapObject.Verb.COMPUTE, key, Objects.requireNonNull(function));
    }

    @Override
    public @Nullable V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
        return function instanceof Serializable
                ? call(MapObject.Verb.COMPUTE, key, function)
                : new CallerSide<>(this).compute(key, function);
    }

    /** As {@link ConcurrentMap#computeIfAbsent}, in the server. */
    public @Nullable V computeIfAbsent(K key, SerializableFunction<? super K, ? extends @Nullable V> function) {
        return call(MapObject.Verb.COMPUTE_IF_ABSENT, key, Objects.requireNonNull(function));
    }

    @Override
    public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
        return function instanceof Serializable
                ? call(MapObject.Verb.COMPUTE_IF_ABSENT, key, function)
                : new CallerSide<>(this).computeIfAbsent(key, function);
    }

    /** As {@link ConcurrentMap#computeIfPresent}, in the server. */
    public @Nullable V computeIfPresent(
            K key, SerializableBiFunction<? super K, ? super V, ? extends @Nullable V> function) {
        return call(MapObject.Verb.COMPUTE_IF_PRESENT, key, Objects.requireNonNull(function));
    }

    @Override
    public @Nullable V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
        return function instanceof Serializable
                ? call(MapObject.Verb.COMPUTE_IF_PRESENT, key, function)
                : new CallerSide<>(this).computeIfPresent(key, function);
    }

    /** As {@link ConcurrentMap#merge}, in the server: {@code counts.merge(word, 1, Integer::sum)} needs no lock. */
    public @Nullable V merge(
            K key, V value, SerializableBiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        return call(MapObject.Verb.MERGE, key, Objects.requireNonNull(value), Objects.requireNonNull(function));
    }

    @Override
    public @Nullable V merge(K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(value);
        return function instanceof Serializable
                ? call(MapObject.Verb.MERGE, key, value, function)
                : new CallerSide<>(this).merge(key, value, function);
    }

    /** As {@link ConcurrentMap#replaceAll}, in the server. */
    public void replaceAll(SerializableBiFunction<? super K, ? super V, ? extends V> function) {
        Object ignored = call(MapObject.Verb.REPLACE_ALL, Objects.requireNonNull(function));
    }

    @Override
    public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
        if (function instanceof Serializable) {
            Object ignored = call(MapObject.Verb.REPLACE_ALL, function);
        } else {
            new CallerSide<>(this).replaceAll(function);
        }
    }

    /** Runs {@code action} here, with the entries of this moment. */
    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        copy().forEach(action);
    }

    @Override
    public Set<K> keySet() {
        return new MapViews.Keys<>(this);
    }

    @Override
    public Collection<V> values() {
        return new MapViews.Values<>(this);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new MapViews.Entries<>(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (other instanceof ManagedMap<?, ?> map) {
            return map.remote().equals(remote()) || Traversal.equal(remote(), map, () -> copy().equals(map.copy()));
        }
        return other instanceof Map<?, ?> map && Traversal.equal(remote(), map, () -> copy().equals(map));
    }

    @Override
    public int hashCode() {
        return Traversal.hashCode(remote(), this::copy, Map::size);
    }

    @Override
    public String toString() {
        return Traversal.text(remote(), "(this Map)", () -> copy().toString());
    }
}
