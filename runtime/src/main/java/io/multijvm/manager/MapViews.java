package io.multijvm.manager;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A map's keys, values and entries as collections: they write through, and what is many is one message. */
final class MapViews {
    private MapViews() {}

    @SuppressWarnings("unchecked") // what was put in as such
    static <K extends @Nullable Object, V extends @Nullable Object> Map.Entry<K, V> entry(
            @Nullable Object key, @Nullable Object value) {
        return new AbstractMap.SimpleImmutableEntry<>((K) key, (V) value);
    }

    @SuppressWarnings("unchecked")
    private static <T extends @Nullable Object> List<T> listOf(@Nullable Object[] elements) {
        return (List<T>) Arrays.asList(elements);
    }

    /** Keys. */
    static final class Keys<K extends @Nullable Object> extends AbstractSet<K> {
        private final ManagedMap<K, ?> map;

        Keys(ManagedMap<K, ?> map) {
            this.map = map;
        }

        private List<K> moment() {
            return listOf(map.call(MapObject.Verb.KEYS));
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // what was put in as such
        public Iterator<K> iterator() {
            @Nullable Object[] keys = map.call(MapObject.Verb.KEYS);
            return new MapMoment<>(map, keys, 1) {
                @Override
                K element(int at) {
                    return (K) keys[at];
                }
            };
        }

        @Override
        public @Nullable Object[] toArray() {
            return moment().toArray();
        }

        @Override
        public <T extends @Nullable Object> T[] toArray(T[] into) {
            return moment().toArray(into);
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public boolean contains(@Nullable Object key) {
            return map.containsKey(key);
        }

        @Override
        public boolean containsAll(Collection<?> keys) {
            return moment().containsAll(keys);
        }

        @Override
        public boolean remove(@Nullable Object key) {
            return map.call(MapObject.Verb.REMOVE_KEYS, Arrays.asList(key));
        }

        @Override
        public boolean removeAll(Collection<?> keys) {
            return map.call(MapObject.Verb.REMOVE_KEYS, new ArrayList<>(keys));
        }

        @Override
        public boolean retainAll(Collection<?> keys) {
            return map.call(MapObject.Verb.RETAIN_KEYS, new ArrayList<>(keys));
        }

        @Override
        public boolean removeIf(Predicate<? super K> filter) {
            var chosen = new ArrayList<>(moment());
            chosen.removeIf(filter.negate());
            return removeAll(chosen);
        }

        @Override
        public void clear() {
            map.clear();
        }
    }

    /** Entries. */
    static final class Entries<K extends @Nullable Object, V extends @Nullable Object>
            extends AbstractSet<Map.Entry<K, V>> {
        private final ManagedMap<K, V> map;

        Entries(ManagedMap<K, V> map) {
            this.map = map;
        }

        private List<Map.Entry<K, V>> moment() {
            var entries = new ArrayList<Map.Entry<K, V>>();
            iterator().forEachRemaining(entries::add);
            return entries;
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // what was put in as such
        public Iterator<Map.Entry<K, V>> iterator() {
            @Nullable Object[] entries = map.moment();
            return new MapMoment<>(map, entries, 2) {
                @Override
                Map.Entry<K, V> element(int at) {
                    return new WritingEntry<>(map, (K) entries[at], (V) entries[at + 1]);
                }
            };
        }

        @Override
        public @Nullable Object[] toArray() {
            return moment().toArray();
        }

        @Override
        public <T extends @Nullable Object> T[] toArray(T[] into) {
            return moment().toArray(into);
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public boolean contains(@Nullable Object entry) {
            return map.copy().entrySet().contains(entry);
        }

        @Override
        public boolean containsAll(Collection<?> entries) {
            return map.copy().entrySet().containsAll(entries);
        }

        @Override
        public boolean remove(@Nullable Object entry) {
            return entry instanceof Map.Entry<?, ?> wanted && map.remove(wanted.getKey(), wanted.getValue());
        }

        @Override
        public boolean removeAll(Collection<?> entries) {
            var chosen = new LinkedHashMap<@Nullable Object, @Nullable Object>();
            for (Object each : entries) {
                if (each instanceof Map.Entry<?, ?> entry) {
                    chosen.put(entry.getKey(), entry.getValue());
                }
            }
            return map.call(MapObject.Verb.REMOVE_ENTRIES, chosen);
        }

        @Override
        public boolean removeIf(Predicate<? super Map.Entry<K, V>> filter) {
            var chosen = new ArrayList<>(map.copy().entrySet());
            chosen.removeIf(filter.negate());
            return removeAll(chosen);
        }

        @Override
        public boolean retainAll(Collection<?> entries) {
            return removeIf(entry -> !entries.contains(entry));
        }

        @Override
        public void clear() {
            map.clear();
        }
    }

    /** Values. */
    static final class Values<V extends @Nullable Object> extends AbstractCollection<V> {
        private final ManagedMap<?, V> map;

        Values(ManagedMap<?, V> map) {
            this.map = map;
        }

        private List<V> moment() {
            return listOf(map.call(MapObject.Verb.VALUES));
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // what was put in as such
        public Iterator<V> iterator() {
            @Nullable Object[] entries = map.moment();
            return new MapMoment<>(map, entries, 2) {
                @Override
                V element(int at) {
                    return (V) entries[at + 1];
                }
            };
        }

        @Override
        public @Nullable Object[] toArray() {
            return moment().toArray();
        }

        @Override
        public <T extends @Nullable Object> T[] toArray(T[] into) {
            return moment().toArray(into);
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public boolean contains(@Nullable Object value) {
            return map.containsValue(value);
        }

        @Override
        public boolean containsAll(Collection<?> values) {
            return moment().containsAll(values);
        }

        @Override
        public boolean removeIf(Predicate<? super V> filter) {
            return map.entrySet().removeIf(entry -> filter.test(entry.getValue()));
        }

        @Override
        public boolean removeAll(Collection<?> values) {
            return removeIf(values::contains);
        }

        @Override
        public boolean retainAll(Collection<?> values) {
            return removeIf(value -> !values.contains(value));
        }

        @Override
        public void clear() {
            map.clear();
        }
    }

    /** An entry of a moment whose value can be set, in the server, too. */
    private static final class WritingEntry<K extends @Nullable Object, V extends @Nullable Object>
            extends AbstractMap.SimpleEntry<K, V> {
        private static final long serialVersionUID = 1;

        private final transient ManagedMap<K, V> map;

        WritingEntry(ManagedMap<K, V> map, K key, V value) {
            super(key, value);
            this.map = map;
        }

        @Override
        public V setValue(V value) {
            Object ignored = map.put(getKey(), value);
            return super.setValue(value);
        }
    }
}
