package io.multijvm.contract;

import static io.multijvm.contract.Sendable.operator;
import static io.multijvm.contract.Sendable.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What holds for every list of ours beyond {@link CollectionContract}. */
public interface ListContract extends CollectionContract, ListViewsContract {
    @Override
    @SuppressWarnings("unchecked")
    default <E> List<E> collectionOf(E... items) {
        return listOf(items);
    }

    @Test
    default void add_keepsTheOrder() {
        List<String> list = newList();

        assertThat(list.add("b")).isTrue();
        assertThat(list.add("a")).isTrue();
        assertThat(list.add("b")).isTrue();

        assertThat(list).containsExactly("b", "a", "b");
        assertThat(list.size()).isEqualTo(3);
        assertThat(list.get(0)).isEqualTo("b");
        assertThat(list.get(1)).isEqualTo("a");
        assertThat(list.toArray()).containsExactly("b", "a", "b");
        assertThat(list).hasToString("[b, a, b]");
    }

    @Test
    default void add_atIndex_movesTheRest() {
        List<String> list = newList();
        list.add(0, "b");
        list.add(0, "a");
        list.add(2, "d");
        list.add(2, "c");

        assertThat(list).containsExactly("a", "b", "c", "d");
    }

    @Test
    default void addAll_atIndex_movesTheRest() {
        var list = listOf(1, 5);

        assertThat(list.addAll(1, List.of(2, 3, 4))).isTrue();
        assertThat(list.addAll(0, List.of())).isFalse();
        assertThat(list.addAll(5, Set.of(6))).isTrue();
        assertThat(list.addAll(0, listOf(0))).isTrue();

        assertThat(list).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    @SuppressWarnings("ModifyingCollectionWithItself")
    default void addAll_itself_doublesIt() {
        var list = listOf(1, 2);

        assertThat(list.addAll(list)).isTrue();

        assertThat(list).containsExactly(1, 2, 1, 2);
    }

    @Test
    default void set_givesTheOldOne() {
        var list = listOf("a", "b", "c");

        assertThat(list.set(1, "x")).isEqualTo("b");
        assertThat(list.set(2, "y")).isEqualTo("c");

        assertThat(list).containsExactly("a", "x", "y");
    }

    @Test
    default void remove_atIndex_givesTheOldOne() {
        var list = listOf(10, 11, 12, 13);

        assertThat(list.remove(1)).isEqualTo(11);
        assertThat(list.remove(2)).isEqualTo(13);
        assertThat(list.remove(0)).isEqualTo(10);

        assertThat(list).containsExactly(12);
    }

    @Test
    default void remove_itemThatIsThereTwice_takesTheFirst() {
        var list = listOf("a", "b", "a", "c");

        assertThat(list.remove("a")).isTrue();

        assertThat(list).containsExactly("b", "a", "c");
    }

    @Test
    default void removeAllAndRetainAll_takeEveryOccurrence() {
        var list = listOf("a", "b", "a", "c", "b");

        assertThat(list.removeAll(List.of("a"))).isTrue();
        assertThat(list).containsExactly("b", "c", "b");
        assertThat(list.retainAll(listOf("b"))).isTrue();
        assertThat(list).containsExactly("b", "b");
    }

    @Test
    default void indexOf_isTheFirstOrLastPlace() {
        var list = listOf("a", "b", "a");

        assertThat(list.indexOf("a")).isZero();
        assertThat(list.lastIndexOf("a")).isEqualTo(2);
        assertThat(list.indexOf("b")).isEqualTo(1);
        assertThat(list.indexOf("c")).isEqualTo(-1);
        assertThat(list.lastIndexOf("c")).isEqualTo(-1);
        assertThat(list.indexOf(null)).isEqualTo(-1);
    }

    @Test
    default void null_isAnItem() {
        var list = listOf("a", null, "b", null);

        assertThat(list).containsExactly("a", null, "b", null);
        assertThat(list.contains(null)).isTrue();
        assertThat(list.indexOf(null)).isEqualTo(1);
        assertThat(list.lastIndexOf(null)).isEqualTo(3);
        assertThat(list.equals(Arrays.asList("a", null, "b", null))).isTrue();
        assertThat(list).hasSameHashCodeAs(Arrays.asList("a", null, "b", null)).hasToString("[a, null, b, null]");
        assertThat(list.remove(null)).isTrue();
        assertThat(list.set(0, null)).isEqualTo("a");
        assertThat(list).containsExactly(null, "b", null);
    }

    @Test
    default void everyIndex_outOfBounds_isRefusedAndChangesNothing() {
        var list = listOf("a", "b");
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> list.get(-1),
                () -> list.get(2),
                () -> list.get(Integer.MAX_VALUE),
                () -> list.set(-1, "x"),
                () -> list.set(2, "x"),
                () -> list.remove(-1),
                () -> list.remove(2),
                () -> list.add(-1, "x"),
                () -> list.add(3, "x"),
                () -> list.addAll(-1, List.of("x")),
                () -> list.addAll(3, List.of("x")),
                () -> list.listIterator(-1),
                () -> list.listIterator(3),
                () -> list.subList(-1, 1),
                () -> list.subList(0, 3))) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call);
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> newList().get(0));
        assertThatThrownBy(() -> list.subList(2, 1)) // what it says, and what the JDK's do
                .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalArgumentException.class);
        assertThat(list).containsExactly("a", "b");
    }

    @Test
    default void sort_ordersIt() {
        var list = listOf(3, 1, 2, 1);

        list.sort(null);
        assertThat(list).containsExactly(1, 1, 2, 3);
        list.sort(Comparator.reverseOrder());
        assertThat(list).containsExactly(3, 2, 1, 1);
        list.sort(order((a, b) -> Integer.compare(a % 2, b % 2)));
        assertThat(list).as("stable").containsExactly(2, 3, 1, 1);
        Collections.sort(list);
        assertThat(list).containsExactly(1, 1, 2, 3);
        newList().sort(null);
    }

    @Test
    default void sort_notComparable_isRefused() {
        List<Object> list = listOf(1, "a");

        assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> list.sort(null));
        assertThat(list).containsExactlyInAnyOrder(1, "a");
    }

    @Test
    default void replaceAll_changesEach() {
        var list = listOf(1, 2, 3);
        int factor = 10;

        list.replaceAll(operator(number -> number * factor));

        assertThat(list).containsExactly(10, 20, 30);
        assertThatNullPointerException().isThrownBy(() -> list.replaceAll(null));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> list.replaceAll(operator(number -> number / (factor - 10))));
        assertThat(list).hasSize(3);
    }

    @Test
    default void collectionsAlgorithms_work() {
        var list = listOf(1, 2, 3, 4);

        Collections.reverse(list);
        assertThat(list).containsExactly(4, 3, 2, 1);
        Collections.swap(list, 0, 3);
        assertThat(list).containsExactly(1, 3, 2, 4);
        Collections.rotate(list, 1);
        assertThat(list).containsExactly(4, 1, 3, 2);
        list.sort(null);
        assertThat(Collections.binarySearch(list, 3)).isEqualTo(2);
        Collections.fill(list, 0);
        assertThat(list).containsExactly(0, 0, 0, 0);
        assertThat(Collections.frequency(list, 0)).isEqualTo(4);
    }

    @Test
    @SuppressWarnings({"EqualsIncompatibleType", "SelfEquals"}) // what it is not equal to
    default void equals_isThatOfLists() {
        var list = listOf("a", "b");

        assertThat(list.equals(list)).isTrue();
        assertThat(list.equals(List.of("a", "b"))).isTrue();
        assertThat(List.of("a", "b").equals(list)).isTrue();
        assertThat(new ArrayList<>(list).equals(list)).isTrue();
        assertThat(list.equals(listOf("a", "b"))).isTrue();
        assertThat(list.equals(List.of("b", "a"))).isFalse();
        assertThat(list.equals(List.of("a"))).isFalse();
        assertThat(list.equals(List.of("a", "b", "c"))).isFalse();
        assertThat(list.equals((Object) Set.of("a", "b"))).isFalse();
        assertThat(list.equals(null)).isFalse();
    }

    @Test
    default void hashCode_isThatOfLists() {
        assertThat(newList().hashCode()).isEqualTo(1);
        assertThat(listOf("a", "b")).hasSameHashCodeAs(List.of("a", "b"));
    }
}
