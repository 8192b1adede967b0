package io.multijvm.contract;

import static io.multijvm.contract.Sendable.biFn;
import static io.multijvm.contract.Sendable.fn;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What holds for every map that keeps its keys in the order in which they came. */
public interface OrderedMapContract extends MapSource {
    @Test
    default void views_areInTheOrderOfInsertion() {
        var map = numbered("z", "a", "m");

        assertThat(map.keySet()).containsExactly("z", "a", "m");
        assertThat(map.values()).containsExactly(1, 2, 3);
        assertThat(map.entrySet()).containsExactly(Map.entry("z", 1), Map.entry("a", 2), Map.entry("m", 3));
        assertThat(map).hasToString("{z=1, a=2, m=3}");
        assertThat(new LinkedHashMap<>(map).keySet()).containsExactly("z", "a", "m");
        var seen = new ArrayList<String>();
        map.forEach((key, value) -> seen.add(key + value));
        assertThat(seen).containsExactly("z1", "a2", "m3");
    }

    @Test
    default void everyReplacement_keepsThePlace() {
        var map = numbered("z", "a", "m");

        map.put("z", 10);
        map.replace("a", 20);
        map.merge("z", 1, biFn(Integer::sum));
        map.compute("m", biFn((key, value) -> 30));
        map.putAll(Map.of("a", 21));
        map.putIfAbsent("z", 0);

        assertThat(map).hasToString("{z=11, a=21, m=30}");
    }

    @Test
    default void removedAndPutAgain_comesLast() {
        var map = numbered("z", "a", "m");

        map.remove("z");
        map.put("z", 4);
        map.computeIfAbsent("b", fn(key -> 5));
        map.merge("c", 6, biFn(Integer::sum));

        assertThat(map).hasToString("{a=2, m=3, z=4, b=5, c=6}");
    }

    @Test
    default void putAll_keepsTheOrderOfWhatIsPut() {
        var map = numbered("z");
        var more = new LinkedHashMap<String, Integer>();
        for (int i = 100; i > 0; i--) {
            more.put("key " + i, i);
        }

        map.putAll(more);

        assertThat(new ArrayList<>(map.keySet()).subList(1, 101)).containsExactlyElementsOf(more.keySet());
    }
}
