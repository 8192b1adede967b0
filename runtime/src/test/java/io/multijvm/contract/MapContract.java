package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for every map of ours as one thread sees it: putting, getting, removing, replacing, bulk, equality. */
public interface MapContract extends MapSource {
    @Test
    default void newMap_isEmpty() {
        Map<String, Integer> map = newMap();

        assertThat(map.isEmpty()).isTrue();
        assertThat(map.size()).isZero();
        assertThat(map.get("a")).isNull();
        assertThat(map.containsKey("a")).isFalse();
        assertThat(map.containsValue(1)).isFalse();
        assertThat(map.remove("a")).isNull();
        assertThat(map.keySet()).isEmpty();
        assertThat(map.values()).isEmpty();
        assertThat(map.entrySet()).isEmpty();
    }

    @Test
    default void put_keyTwice_givesTheOldValue() {
        Map<String, Integer> map = newMap();

        assertThat(map.put("a", 1)).isNull();
        assertThat(map.put("b", 2)).isNull();
        assertThat(map.put("a", 3)).isEqualTo(1);

        assertThat(map.size()).isEqualTo(2);
        assertThat(map.isEmpty()).isFalse();
        assertThat(map.get("a")).isEqualTo(3);
        assertThat(map.get("b")).isEqualTo(2);
    }

    @Test
    @SuppressWarnings("CollectionIncompatibleType")
    default void get_keysOfManyKinds_areFoundByEquals() {
        Map<Object, Object> map = newMap();
        map.put(1, "number");
        map.put("2", "text");
        map.put(0.25, "fraction");
        map.put(List.of(1, 2), "list");
        map.put(TimeUnit.DAYS, "constant");

        assertThat(map.get(1)).isEqualTo("number");
        assertThat(map.get(1L)).isNull();
        assertThat(map.get("2")).isEqualTo("text");
        assertThat(map.get(0.25)).isEqualTo("fraction");
        assertThat(map.get(new ArrayList<>(List.of(1, 2)))).isEqualTo("list");
        assertThat(map.get(TimeUnit.DAYS)).isEqualTo("constant");
        assertThat(map.containsKey(List.of(1, 2))).isTrue();
        assertThat(map.containsKey(List.of(2, 1))).isFalse();
        assertThat(map.size()).isEqualTo(5);
    }

    @Test
    default void getOrDefault_isTheValueOrTheOther() {
        var map = numbered("a");

        assertThat(map.getOrDefault("a", 9)).isEqualTo(1);
        assertThat(map.getOrDefault("b", 9)).isEqualTo(9);
        assertThat(map.getOrDefault("b", null)).isNull();
        assertThat(map).containsOnlyKeys("a");
    }

    @Test
    default void containsValue_isByEquals() {
        Map<String, List<Integer>> map = newMap();
        map.put("a", List.of(1, 2));

        assertThat(map.containsValue(new ArrayList<>(List.of(1, 2)))).isTrue();
        assertThat(map.containsValue(List.of())).isFalse();
    }

    @Test
    default void remove_key_givesItsValueOnce() {
        var map = numbered("a", "b");

        assertThat(map.remove("c")).isNull();
        assertThat(map.remove("a")).isEqualTo(1);
        assertThat(map.remove("a")).isNull();
        assertThat(map).isEqualTo(Map.of("b", 2));
    }

    @Test
    default void remove_keyAndValue_onlyIfBothAreThere() {
        var map = numbered("a", "b");

        assertThat(map.remove("a", 2)).isFalse();
        assertThat(map.remove("c", 1)).isFalse();
        assertThat(map).hasSize(2);
        assertThat(map.remove("a", 1)).isTrue();
        assertThat(map.remove("a", 1)).isFalse();
        assertThat(map).isEqualTo(Map.of("b", 2));
    }

    @Test
    default void putIfAbsent_onlyPutsWhatIsAbsent() {
        Map<String, Integer> map = newMap();

        assertThat(map.putIfAbsent("a", 1)).isNull();
        assertThat(map.putIfAbsent("a", 2)).isEqualTo(1);
        assertThat(map).isEqualTo(Map.of("a", 1));
    }

    @Test
    default void replace_onlyReplacesWhatIsThere() {
        var map = numbered("a");

        assertThat(map.replace("a", 5)).isEqualTo(1);
        assertThat(map.replace("b", 5)).isNull();
        assertThat(map.replace("a", 1, 6)).isFalse();
        assertThat(map.replace("b", 1, 6)).isFalse();
        assertThat(map.replace("a", 5, 6)).isTrue();
        assertThat(map).isEqualTo(Map.of("a", 6));
    }

    @Test
    default void putAll_putsAndReplaces() {
        var map = numbered("a", "b");

        map.putAll(Map.of("b", 20, "c", 30));
        map.putAll(Map.of());

        assertThat(map).isEqualTo(Map.of("a", 1, "b", 20, "c", 30));
        assertThatNullPointerException().isThrownBy(() -> map.putAll(null));
        assertThat(map).hasSize(3);
    }

    @Test
    default void putAll_itselfOrAnotherOfItsKind_isTaken() {
        var map = numbered("a", "b");
        map.putAll(map);
        assertThat(map).isEqualTo(Map.of("a", 1, "b", 2));

        map.putAll(numbered("c", "b"));

        assertThat(map).isEqualTo(Map.of("a", 1, "b", 2, "c", 1));
    }

    @Test
    default void putAll_thousands_areAllThere() {
        var many = IntStream.range(0, 10_000).boxed().collect(Collectors.toMap(i -> i, String::valueOf));
        Map<Integer, String> map = newMap();

        map.putAll(many);

        assertThat(map.size()).isEqualTo(10_000);
        assertThat(new HashMap<>(map)).isEqualTo(many);
        assertThat(map.get(9_999)).isEqualTo("9999");
        assertThat(map.equals(many)).isTrue();
        map.keySet().removeAll(many.keySet());
        assertThat(map.isEmpty()).isTrue();
    }

    @Test
    default void clear_leavesNothing() {
        var map = numbered("a", "b");

        map.clear();
        map.clear();

        assertThat(map.isEmpty()).isTrue();
        assertThat(map.get("a")).isNull();
        assertThat(map.put("a", 5)).isNull();
        assertThat(map).isEqualTo(Map.of("a", 5));
    }

    @Test
    @SuppressWarnings({"EqualsIncompatibleType", "SelfEquals"}) // what it is not equal to
    default void equals_isThatOfMaps() {
        var map = numbered("a", "b");

        assertThat(map.equals(map)).isTrue();
        assertThat(map.equals(Map.of("a", 1, "b", 2))).isTrue();
        assertThat(Map.of("a", 1, "b", 2).equals(map)).isTrue();
        assertThat(map.equals(numbered("a", "b"))).isTrue();
        assertThat(map.equals(Map.of("a", 1))).isFalse();
        assertThat(map.equals(Map.of("a", 1, "b", 3))).isFalse();
        assertThat(map.equals(Map.of("a", 1, "c", 2))).isFalse();
        assertThat(map.equals(null)).isFalse();
        assertThat(map.equals((Object) "map")).isFalse();
        assertThat(newMap().equals(Map.of())).isTrue();
    }

    @Test
    default void hashCode_isThatOfMaps() {
        assertThat(newMap().hashCode()).isZero();
        assertThat(numbered("a", "b").hashCode())
                .isEqualTo(Map.of("a", 1, "b", 2).hashCode());
    }

    @Test
    default void toString_isThatOfMaps() {
        assertThat(newMap()).hasToString("{}");
        assertThat(numbered("a")).hasToString("{a=1}");
        assertThat(numbered("a", "b").toString()).isIn("{a=1, b=2}", "{b=2, a=1}");
    }

    @Test
    default void copies_takeEverything() {
        var map = numbered("a", "b", "c");

        assertThat(Map.copyOf(map)).isEqualTo(map);
        assertThat(new HashMap<>(map)).isEqualTo(map);
        assertThat(Collections.unmodifiableMap(map)).isEqualTo(map);
        Map<String, Integer> copy = newMap();
        copy.putAll(map);
        map.clear();
        assertThat(copy).isEqualTo(Map.of("a", 1, "b", 2, "c", 3));
    }
}
