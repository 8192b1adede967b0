package io.multijvm.contract;

import static io.multijvm.contract.Sendable.biFn;
import static io.multijvm.contract.Sendable.fn;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What holds for every map that may have null for a value, which is as good as absent where {@link Map} says so. */
public interface NullValuesContract extends MapSource {
    @Test
    default void put_null_isAnEntry() {
        Map<String, Integer> map = newMap();

        assertThat(map.put("a", null)).isNull();

        assertThat(map.size()).isEqualTo(1);
        assertThat(map.containsKey("a")).isTrue();
        assertThat(map.containsValue(null)).isTrue();
        assertThat(map.get("a")).isNull();
        assertThat(map.getOrDefault("a", 1)).isNull();
        assertThat(map.keySet()).containsExactly("a");
        assertThat(map.values()).containsExactly((Integer) null);
        assertThat(map).hasToString("{a=null}");
        assertThat(map.put("a", 1)).isNull();
        assertThat(map.containsValue(null)).isFalse();
    }

    @Test
    default void putAll_nulls_areCopied() {
        var nulls = new HashMap<String, Integer>();
        nulls.put("a", null);
        nulls.put("b", 2);
        Map<String, Integer> map = newMap();

        map.putAll(nulls);

        assertThat(map.equals(nulls)).isTrue();
        assertThat(nulls.equals(map)).isTrue();
        assertThat(map).hasSameHashCodeAs(nulls);
        assertThat(new HashMap<>(map)).isEqualTo(nulls);
        var other = new HashMap<>(nulls);
        other.remove("a");
        other.put("c", null);
        assertThat(map.equals(other)).isFalse();
    }

    @Test
    default void absentOnly_null_isAsGoodAsAbsent() {
        Map<String, Integer> map = newMap();
        map.put("a", null);
        assertThat(map.putIfAbsent("a", 1)).isNull();
        assertThat(map.get("a")).isEqualTo(1);
        map.put("b", null);
        assertThat(map.computeIfAbsent("b", fn(key -> 2))).isEqualTo(2);
        map.put("c", null);
        assertThat(map.merge("c", 3, biFn(Integer::sum))).isEqualTo(3);

        assertThat(map).isEqualTo(Map.of("a", 1, "b", 2, "c", 3));
    }

    @Test
    default void computeIfPresent_null_isNotPresent() {
        Map<String, Integer> map = newMap();
        map.put("a", null);

        assertThat(map.computeIfPresent("a", biFn((key, value) -> 1))).isNull();
        assertThat(map.containsKey("a")).isTrue();
        assertThat(map.get("a")).isNull();
        assertThat(map.compute("a", biFn((key, value) -> value == null ? 5 : 6)))
                .isEqualTo(5);
    }

    @Test
    default void replaceAndRemove_null_isAValue() {
        Map<String, Integer> map = newMap();
        map.put("a", null);
        map.put("b", 2);

        assertThat(map.remove("b", null)).isFalse();
        assertThat(map.replace("b", null, 3)).isFalse();
        assertThat(map.replace("c", null, 3)).isFalse();
        assertThat(map.remove("c", null)).isFalse();
        assertThat(map.replace("a", null, 1)).isTrue();
        assertThat(map.replace("a", 1, null)).isTrue();
        assertThat(map.replace("a", 4)).isNull();
        assertThat(map.replace("a", null)).isEqualTo(4);
        assertThat(map.remove("a", 4)).isFalse();
        assertThat(map.remove("a", null)).isTrue();
        assertThat(map).isEqualTo(Map.of("b", 2));
    }

    @Test
    default void replaceAll_toNull_keepsTheKeys() {
        var map = numbered("a", "b");

        map.replaceAll(biFn((key, value) -> value == 1 ? null : value));

        assertThat(map.keySet()).containsExactlyInAnyOrder("a", "b");
        assertThat(map.get("a")).isNull();
        assertThat(map.get("b")).isEqualTo(2);
    }

    @Test
    default void entries_null_areEqualAndMayBeSet() {
        Map<String, Integer> map = newMap();
        map.put("a", null);
        var entry = map.entrySet().iterator().next();

        assertThat(entry.getValue()).isNull();
        assertThat(entry).hasToString("a=null");
        assertThat(entry.setValue(1)).isNull();
        assertThat(map.get("a")).isEqualTo(1);
        assertThat(entry.setValue(null)).isEqualTo(1);
        assertThat(map.containsValue(null)).isTrue();
        assertThat(map.values().remove(null)).isTrue();
        assertThat(map.isEmpty()).isTrue();
    }
}
