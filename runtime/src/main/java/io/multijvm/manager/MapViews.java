package io.multijvm.manager;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** What each of them is, but for what it has of an entry. */
    private abstract static class View<T extends @Nullable Object> extends AbstractCollection<T> {
        private final ManagedMap<?, ?> whole;

        View(ManagedMap<?, ?> whole) {
            this.whole = whole;
        }

        /** What is there now, in order. */
        abstract List<T> moment();

        @Override
        public @Nullable Object[] toArray() {
            return moment().toArray();
        }

        @Override
        public <U extends @Nullable Object> U[] toArray(U[] into) {
            return moment().toArray(into);
        }

        @Override
        public int size() {
            return whole.size();
        }

        @Override
        public boolean containsAll(Collection<?> elements) {
            return moment().containsAll(elements);
        }

        @Override
        public void clear() {
            whole.clear();
        }
    }

    /** One that is a set: equal to others as a set is, one message for each comparison. */
    private abstract static class SetView<T extends @Nullable Object> extends View<T> implements Set<T> {
        SetView(ManagedMap<?, ?> whole) {
            super(whole);
        }

        /** What is there now, to look something up in it. */
        abstract Set<T> copy();

        @Override
        public boolean containsAll(Collection<?> elements) {
            return copy().containsAll(elements);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this || copy().equals(other);
        }

        @Override
        public int hashCode() {
            return copy().hashCode();
        }
    }

    /** Keys. */
    static final class Keys<K extends @Nullable Object> extends SetView<K> {
        private final ManagedMap<K, ?> map;

        Keys(ManagedMap<K, ?> map) {
            super(map);
            this.map = map;
        }

        @Override
        List<K> moment() {
            return listOf(map.call(MapObject.Verb.KEYS));
        }

        @Override
        Set<K> copy() {
            return new HashSet<>(moment());
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
        public boolean contains(@Nullable Object key) {
            return map.containsKey(key);
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
    }

    /** Entries. */
    static final class Entries<K extends @Nullable Object, V extends @Nullable Object>
            extends SetView<Map.Entry<K, V>> {
        private final ManagedMap<K, V> map;

        Entries(ManagedMap<K, V> map) {
            super(map);
            this.map = map;
        }

        @Override
        List<Map.Entry<K, V>> moment() {
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
        Set<Map.Entry<K, V>> copy() {
            return map.copy().entrySet();
        }

        @Override
        public boolean contains(@Nullable Object entry) {
            return copy().contains(entry);
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
            var chosen = new ArrayList<>(copy());
            chosen.removeIf(filter.negate());
            return removeAll(chosen);
        }

        @Override
        public boolean retainAll(Collection<?> entries) {
            return removeIf(entry -> !entries.contains(entry));
        }
    }

    /** Values. */
    static final class Values<V extends @Nullable Object> extends View<V> {
        private final ManagedMap<?, V> map;

        Values(ManagedMap<?, V> map) {
            super(map);
            this.map = map;
        }

        @Override
        List<V> moment() {
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
        public boolean contains(@Nullable Object value) {
            return map.containsValue(value);
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
