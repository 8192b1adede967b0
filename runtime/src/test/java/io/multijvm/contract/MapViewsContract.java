package io.multijvm.contract;

import static io.multijvm.contract.Sendable.test;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds for the keys, values and entries of every map of ours: they are views of it. */
public interface MapViewsContract extends MapSource {
    @Test
    default void views_showEverything() {
        var map = numbered("a", "b", "c");

        assertThat(map.keySet()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(map.values()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(map.entrySet()).containsExactlyInAnyOrder(Map.entry("a", 1), Map.entry("b", 2), Map.entry("c", 3));
        assertThat(List.of(
                        map.keySet().size(), map.values().size(), map.entrySet().size()))
                .containsOnly(3);
        assertThat(map.keySet().stream().sorted().collect(Collectors.joining())).isEqualTo("abc");
        assertThat(map.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(6);
        assertThat(map.entrySet().parallelStream()
                        .mapToInt(entry -> entry.getKey().length() + entry.getValue())
                        .sum())
                .isEqualTo(9);
    }

    @Test
    default void views_takenEarlier_followTheMap() {
        var map = numbered("a");
        var keys = map.keySet();
        var values = map.values();
        var entries = map.entrySet();

        map.put("b", 2);

        assertThat(keys).containsExactlyInAnyOrder("a", "b");
        assertThat(values).containsExactlyInAnyOrder(1, 2);
        assertThat(entries).hasSize(2).contains(Map.entry("b", 2));
        map.clear();
        assertThat(keys.isEmpty()).isTrue();
        assertThat(values.isEmpty()).isTrue();
        assertThat(entries.isEmpty()).isTrue();
    }

    @Test
    default void views_cleared_clearTheMap() {
        for (var view : views()) {
            var map = numbered("a", "b");

            view.of(map).clear();

            assertThat(map.isEmpty()).isTrue();
        }
    }

    /** One of a map's three views. */
    @FunctionalInterface
    interface View {
        Collection<?> of(Map<String, Integer> map);
    }

    private static List<View> views() {
        return List.of(Map::keySet, Map::values, Map::entrySet);
    }

    @Test
    default void keySet_removals_removeFromTheMap() {
        var map = numbered("a", "b", "c", "d", "e", "f");
        var keys = map.keySet();

        assertThat(keys.remove("a")).isTrue();
        assertThat(keys.remove("a")).isFalse();
        assertThat(keys.removeAll(List.of("b", "x"))).isTrue();
        assertThat(keys.removeAll(List.of("b", "x"))).isFalse();
        assertThat(keys.removeIf(test(key -> key.equals("c")))).isTrue();
        assertThat(keys.removeIf(test(key -> key.equals("c")))).isFalse();
        assertThat(keys.retainAll(Set.of("d", "e", "x"))).isTrue();
        assertThat(keys.retainAll(Set.of("d", "e", "x"))).isFalse();

        assertThat(map).isEqualTo(Map.of("d", 4, "e", 5));
    }

    @Test
    default void values_removals_removeFromTheMap() {
        var map = numbered("a", "b", "c", "d", "e", "f");
        var values = map.values();
        map.put("g", 1);

        assertThat(values.remove(1)).as("one of two").isTrue();
        assertThat(values).hasSize(6).containsOnlyOnce(1);
        assertThat(values.remove(1)).isTrue();
        assertThat(values.remove(1)).isFalse();
        assertThat(values.removeAll(List.of(2, 20))).isTrue();
        assertThat(values.removeIf(test(value -> value == 3))).isTrue();
        assertThat(values.removeIf(test(value -> value == 3))).isFalse();
        assertThat(values.retainAll(Set.of(4, 5))).isTrue();
        assertThat(values.retainAll(Set.of(4, 5))).isFalse();

        assertThat(map).isEqualTo(Map.of("d", 4, "e", 5));
    }

    @Test
    default void entrySet_removals_removeFromTheMap() {
        var map = numbered("a", "b", "c", "d", "e");
        var entries = map.entrySet();

        assertThat(entries.remove(Map.entry("a", 2))).isFalse();
        assertThat(entries.remove(Map.entry("a", 1))).isTrue();
        assertThat(entries.removeAll(List.of(Map.entry("b", 2), Map.entry("c", 30))))
                .isTrue();
        assertThat(entries.removeIf(test(entry -> entry.getKey().equals("c")))).isTrue();
        assertThat(entries.removeIf(test(entry -> entry.getValue() == 30))).isFalse();
        assertThat(entries.retainAll(Set.of(Map.entry("d", 4)))).isTrue();

        assertThat(map).isEqualTo(Map.of("d", 4));
    }

    @Test
    @SuppressWarnings("CollectionIncompatibleType")
    default void views_contain_byEquals() {
        var map = numbered("a", "b");

        assertThat(map.keySet().contains("a")).isTrue();
        assertThat(map.keySet().contains("c")).isFalse();
        assertThat(map.keySet().contains((Object) 1)).isFalse();
        assertThat(map.keySet().containsAll(List.of("b", "a", "a"))).isTrue();
        assertThat(map.keySet().containsAll(List.of("b", "c"))).isFalse();
        assertThat(map.values().contains(2)).isTrue();
        assertThat(map.values().contains(3)).isFalse();
        assertThat(map.values().containsAll(List.of(1, 2))).isTrue();
        assertThat(map.entrySet().contains(Map.entry("a", 1))).isTrue();
        assertThat(map.entrySet().contains(Map.entry("a", 2))).isFalse();
        assertThat(map.entrySet().contains(Map.entry("c", 1))).isFalse();
        assertThat(map.entrySet().contains((Object) "a")).isFalse();
    }

    @Test
    default void views_add_isUnsupported() {
        var map = numbered("a");

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> map.keySet().add("b"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> map.values().add(2));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> map.keySet().addAll(List.of("b")));
        assertThat(map).isEqualTo(Map.of("a", 1));
    }

    @Test
    default void iterators_givesEachOnce_thenAreExhausted() {
        var map = numbered("a", "b", "c");
        for (var view : views()) {
            Iterator<?> iterator = view.of(map).iterator();
            var seen = new ArrayList<Object>();
            while (iterator.hasNext()) {
                assertThat(iterator.hasNext()).isTrue();
                seen.add(iterator.next());
            }

            assertThat(seen).hasSize(3).doesNotHaveDuplicates();
            assertThat(iterator.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(() -> view.of(newMap()).iterator().next());
        }
    }

    @Test
    default void iterators_remove_takesOutWhatWasGivenLast_once() {
        for (var view : views()) {
            var map = numbered("a", "b", "c");
            Iterator<?> iterator = view.of(map).iterator();
            assertThatIllegalStateException().isThrownBy(iterator::remove);
            iterator.next();
            Object second = iterator.next();
            assertThat(view.of(map).contains(second)).isTrue();

            iterator.remove();

            assertThatIllegalStateException().isThrownBy(iterator::remove);
            assertThat(map).hasSize(2);
            assertThat(view.of(map).contains(second)).isFalse();
            iterator.next();
            iterator.remove();
            assertThat(iterator.hasNext()).isFalse();
            assertThat(map).hasSize(1);
        }
    }

    @Test
    default void setValue_writesThrough() {
        var map = numbered("a", "b", "c");
        for (Entry<String, Integer> entry : map.entrySet()) {
            int old = entry.getValue();
            assertThat(entry.setValue(old * 10)).isEqualTo(old);
            assertThat(entry.getValue()).isEqualTo(old * 10);
        }

        assertThat(map).isEqualTo(Map.of("a", 10, "b", 20, "c", 30));
    }

    @Test
    default void entries_areEqualAsEntriesAre() {
        var entry = numbered("a").entrySet().iterator().next();

        assertThat(entry).isEqualTo(Map.entry("a", 1)).hasSameHashCodeAs(Map.entry("a", 1));
        assertThat(Map.entry("a", 1)).isEqualTo(entry);
        assertThat(entry).isNotEqualTo(Map.entry("a", 2)).hasToString("a=1");
    }

    @Test
    default void views_areEqualAsSetsAre() {
        var map = numbered("a", "b");

        assertThat(map.keySet().equals(Set.of("a", "b"))).isTrue();
        assertThat(Set.of("a", "b").equals(map.keySet())).isTrue();
        assertThat(map.keySet().equals(Set.of("a"))).isFalse();
        assertThat(map.keySet()).hasSameHashCodeAs(Set.of("a", "b"));
        assertThat(map.entrySet().equals(Map.of("a", 1, "b", 2).entrySet())).isTrue();
        assertThat(map.entrySet()).hasSameHashCodeAs(Map.of("a", 1, "b", 2).entrySet());
        assertThat(numbered("a").keySet()).hasToString("[a]");
        assertThat(numbered("a").values()).hasToString("[1]");
        assertThat(numbered("a").entrySet()).hasToString("[a=1]");
    }

    @Test
    default void views_toArray_isACopy() {
        var map = numbered("a", "b");

        Object[] keys = map.keySet().toArray();
        assertThat(keys).containsExactlyInAnyOrder("a", "b").isExactlyInstanceOf(Object[].class);
        keys[0] = 1;
        assertThat(map.keySet()).containsExactlyInAnyOrder("a", "b");
        assertThat(map.keySet().toArray(new String[0])).containsExactlyInAnyOrder("a", "b");
        assertThat(map.values().toArray(Integer[]::new)).containsExactlyInAnyOrder(1, 2);
        assertThat(map.entrySet().toArray()).hasSize(2);
        assertThat(new HashSet<>(map.keySet())).isEqualTo(Set.of("a", "b"));
    }
}
