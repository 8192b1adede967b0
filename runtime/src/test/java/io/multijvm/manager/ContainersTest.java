package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What Python's own tests ask of a manager's containers. */
@ForkTest
final class ContainersTest extends WithManager {
    @Test
    @Conforms("_TestContainers.test_list")
    @SuppressWarnings("ModifyingCollectionWithItself")
    void list_slicesExtendsRepeats_andShowsItsMembersLater() {
        ManagedList<Integer> digits =
                manager.list(IntStream.range(0, 10).boxed().toList());
        assertThat(digits.copy()).hasSize(10);
        ManagedList<Integer> other = manager.list();
        other.addAll(List.of(0, 1, 2, 3, 4));

        assertThat(other.get(2)).isEqualTo(2);
        assertThat(other.subList(2, 10 - 5)).containsExactly(2, 3, 4);
        other.addAll(other);
        assertThat(other.copy()).containsExactly(0, 1, 2, 3, 4, 0, 1, 2, 3, 4);
        var both = new ArrayList<>(digits);
        both.addAll(other);
        assertThat(both).hasSize(20).isExactlyInstanceOf(ArrayList.class);

        ManagedList<ManagedList<Integer>> outer = manager.list(List.of(digits, other));
        digits.add(100);
        assertThat(outer.get(0)).last().isEqualTo(100);
        ManagedList<Object> hello = manager.list(List.of(digits));
        digits.add(200);
        assertThat(hello.copy().get(0)).isEqualTo(digits);
        assertThat(digits).last().isEqualTo(200);
    }

    @Test
    @Conforms("_TestContainers.test_list_isinstance")
    void list_isAList() {
        Object list = manager.list();
        assertThat(list).isInstanceOf(List.class);
    }

    @Test
    @Conforms({"_TestContainers.test_dict", "_TestContainers.test_dict_isinstance"})
    void dict_fiveEntries_inEveryForm() {
        ManagedMap<Integer, String> dict = manager.dict();
        for (int i = 65; i < 70; i++) {
            dict.put(i, String.valueOf((char) i));
        }

        assertThat(dict.copy()).isEqualTo(Map.of(65, "A", 66, "B", 67, "C", 68, "D", 69, "E"));
        assertThat(dict.keySet()).containsExactly(65, 66, 67, 68, 69);
        assertThat(dict.values()).containsExactly("A", "B", "C", "D", "E");
        assertThat(dict.entrySet()).hasSize(5).contains(Map.entry(69, "E"));
        assertThat((Object) dict).isInstanceOf(ConcurrentMap.class);
    }

    @Test
    @Conforms("_TestContainers.test_dict_iter")
    void dictIterator_givesKeysInOrder_thenStaysExhausted() {
        ManagedMap<Integer, Integer> dict = manager.dict();
        IntStream.range(0, 10).forEach(i -> dict.put(i, i));
        var keys = dict.keySet().iterator();
        for (int i = 0; i < 10; i++) {
            assertThat(keys.next()).isEqualTo(i);
        }
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(keys::next);
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(keys::next);

        // Python's raises an error when the dict is cleared meanwhile; those of a ConcurrentMap go on.
        var others = dict.keySet().iterator();
        others.next();
        dict.clear();
        others.forEachRemaining(key -> assertThat(key).isBetween(1, 9));
        assertThat(dict).isEmpty();
    }

    @Test
    @Conforms("_TestContainers.test_nested_queue")
    void queue_inAListAndADict_isUsedThroughIt() throws Exception {
        ManagedList<BlockingQueue<Integer>> list = manager.list();
        list.add(manager.queue());
        list.get(0).put(123);
        ManagedMap<String, BlockingQueue<Integer>> dict = manager.dict();
        dict.put("q", manager.queue());
        dict.get("q").put(456);

        assertThat(list.get(0).take()).isEqualTo(123);
        assertThat(dict.get("q").take()).isEqualTo(456);
        assertThat(list.get(0)).isSameAs(list.get(0));
    }
}
