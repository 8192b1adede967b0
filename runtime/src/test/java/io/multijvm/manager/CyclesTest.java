package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.Background;
import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Managed objects that contain themselves, directly or by way of others. */
@ForkTest
final class CyclesTest extends WithManager {
    private static ManagedMap<String, Object> map() {
        ManagedMap<String, Object> map = manager.dict();
        map.put("self", map);
        return map;
    }

    private static ManagedList<Object> list() {
        ManagedList<Object> list = manager.list();
        list.add(1);
        list.add(list);
        return list;
    }

    @Test
    void toString_containsItself_saysSo() {
        assertThat(map()).hasToString("{self=(this Map)}");
        assertThat(map().entrySet()).hasToString("[self={self=(this Map)}]");
        assertThat(map().values()).hasToString("[{self=(this Map)}]");
        assertThat(list()).hasToString("[1, (this Collection)]");
        assertThat(list().subList(1, 2)).hasToString("[[1, (this Collection)]]");

        Namespace namespace = manager.namespace();
        namespace.set("self", namespace);
        assertThat(namespace).hasToString("Namespace(self=(this Namespace))");

        ManagedValue<Object> value = manager.value(1);
        value.set(value);
        assertThat(value).hasToString("ManagedValue[(this Value)]");

        ManagedQueue<Object> queue = manager.queue();
        queue.add(queue);
        assertThat(queue).hasToString("[(this Collection)]");
    }

    @Test
    void toString_containEachOther_ends() {
        ManagedMap<String, Object> map = manager.dict();
        ManagedList<Object> list = manager.list();
        map.put("list", list);
        list.add(map);

        assertThat(map).hasToString("{list=[(this Map)]}");
        assertThat(list).hasToString("[{list=(this Collection)}]");
    }

    @Test
    void toString_sameObjectTwiceSideBySide_isThereTwice() {
        ManagedList<Object> inner = manager.list(List.of(1));
        ManagedList<Object> outer = manager.list(List.of(inner, inner));

        assertThat(outer).hasToString("[[1], [1]]");
    }

    @Test
    void equals_containsItself_isDecided() {
        ManagedMap<String, Object> map = map();
        ManagedMap<String, Object> same = map();
        ManagedMap<String, Object> other = map();
        other.put("more", 1);

        assertThat(map.equals(map)).isTrue();
        assertThat(map.equals(same)).isTrue();
        assertThat(map.hashCode()).isEqualTo(same.hashCode());
        assertThat(map.equals(other)).isFalse();
        assertThat(map.equals(Map.of("self", 1))).isFalse();
        assertThat(list().equals(list())).isTrue();
        assertThat(list().hashCode()).isEqualTo(list().hashCode());
        assertThat(list().equals(List.of(1, 2))).isFalse();
    }

    @Test
    void equals_containEachOther_isDecided() {
        ManagedList<Object> first = manager.list();
        ManagedList<Object> second = manager.list(List.of(first));
        first.add(second);
        ManagedList<Object> itself = manager.list();
        itself.add(itself);

        assertThat(first.equals(second)).isTrue();
        assertThat(first.equals(itself)).isTrue();
        assertThat(first.hashCode()).isEqualTo(itself.hashCode());
        assertThat(second.hashCode()).isEqualTo(itself.hashCode());
        second.add(1);
        assertThat(first.equals(second)).isFalse();
    }

    @Test
    void hashCode_withoutCircle_isThatOfTheContent() {
        assertThat(manager.list(List.of(manager.list(List.of(1)), 2)).hashCode())
                .isEqualTo(List.of(List.of(1), 2).hashCode());
        assertThat(manager.dict(Map.of("a", 1)).hashCode())
                .isEqualTo(Map.of("a", 1).hashCode());
        assertThat(manager.set(List.of(1, 2)).hashCode()).isEqualTo(Set.of(1, 2).hashCode());
    }

    @Test
    void set_containsItself_ends() {
        ManagedSet<Object> set = manager.set();
        set.add(set);

        assertThat(set).hasToString("[(this Collection)]");
        assertThat(set.size()).isEqualTo(1);
        assertThat(set.hashCode()).isEqualTo(set.hashCode());
        assertThat(set.equals(manager.set(List.of(1)))).isFalse();
    }

    @Test
    void map_isItsOwnKey_ends() {
        ManagedMap<Object, Object> map = manager.dict();
        map.put(map, 1);

        assertThat(map).hasToString("{(this Map)=1}");
        assertThat(map.hashCode()).isEqualTo(map.hashCode());
    }

    @Test
    void copies_ofManyThreads_ofObjectsThatContainEachOther_end() throws Exception {
        ManagedSet<Object> first = manager.set();
        ManagedSet<Object> second = manager.set();
        first.add(second);
        second.add(first);
        var readers = new ArrayList<Background<String>>();
        for (int i = 0; i < 4; i++) {
            ManagedSet<Object> mine = i % 2 == 0 ? first : second;
            readers.add(Background.run(() -> {
                String text = "";
                for (int round = 0; round < 20; round++) {
                    text = mine.toString();
                    assertThat(mine.hashCode()).isEqualTo(1);
                }
                return text;
            }));
        }
        for (Background<String> each : readers) {
            assertThat(each.get()).isEqualTo("[[(this Collection)]]");
        }
    }

    /** Functions that run inside two maps, each calling the other: both wait for ever, or one is refused. */
    @Test
    void functions_thatCallEachOthersObject_oneIsRefused() throws Exception {
        ManagedMap<String, Object> first = manager.dict();
        ManagedMap<String, Object> second = manager.dict();
        ManagedBarrier both = manager.barrier(2);
        var calls = List.of(
                Background.run(() -> crossing(first, second, both)),
                Background.run(() -> crossing(second, first, both)));

        var outcomes = new LinkedHashMap<String, Integer>();
        for (Background<String> each : calls) {
            outcomes.merge(each.get(), 1, Integer::sum);
        }
        assertThat(outcomes).containsEntry("refused", 1).containsEntry("done", 1);
        assertThat(first.size() + second.size()).isEqualTo(2); // and both can be used again
    }

    private static String crossing(
            ManagedMap<String, Object> mine, ManagedMap<String, Object> other, ManagedBarrier both) {
        try {
            mine.compute("entry", (key, value) -> {
                try {
                    int ignored = both.await();
                } catch (Exception e) {
                    throw new IllegalArgumentException(e);
                }
                other.put("from elsewhere", 1);
                return 1;
            });
            return "done";
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("deadlock");
            return "refused";
        }
    }

    @Test
    void sort_comparatorThrows_leavesTheListAsItWas() {
        ManagedList<Integer> list = manager.list();
        for (int i = 0; i < 100; i++) {
            list.add(i * 37 % 100);
        }
        List<Integer> before = list.copy();

        Throwable thrown = catching(() -> list.sort((a, b) -> {
            if (a == 50 || b == 50) {
                throw new IllegalStateException("not this one");
            }
            return a.compareTo(b);
        }));
        assertThat(thrown).hasMessage("not this one");
        assertThat(list.copy()).isEqualTo(before);

        thrown = catching(() -> list.replaceAll(each -> 100 / (each - 50)));
        assertThat(thrown).isInstanceOf(ArithmeticException.class);
        assertThat(list.copy()).isEqualTo(before);

        ManagedMap<Integer, Integer> map = manager.dict(Map.of(1, 1, 2, 2));
        thrown = catching(() -> map.replaceAll((key, value) -> 2 / (value - 2)));
        assertThat(thrown).isInstanceOf(ArithmeticException.class);
        assertThat(map.copy()).isEqualTo(Map.of(1, 1, 2, 2));

        ManagedSet<Integer> set = manager.set(List.of(1, 2, 3));
        thrown = catching(() -> set.removeIf(each -> 3 / (each - 3) < 0));
        assertThat(thrown).isInstanceOf(ArithmeticException.class);
        assertThat(set.copy()).containsExactly(1, 2, 3);
    }

    private static Throwable catching(Runnable action) {
        return org.assertj.core.api.Assertions.catchThrowable(action::run);
    }
}
