package io.multijvm.contract;

import static io.multijvm.contract.Sendable.test;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for every list and set of ours as a collection. */
public interface CollectionContract extends CollectionSource {
    @Test
    default void newCollection_isEmpty() {
        var collection = this.<String>collectionOf();

        assertThat(collection.isEmpty()).isTrue();
        assertThat(collection.size()).isZero();
        assertThat(collection.contains("a")).isFalse();
        assertThat(collection.remove("a")).isFalse();
        assertThat(collection.iterator().hasNext()).isFalse();
        assertThat(collection.toArray()).isEmpty();
        assertThat(collection).hasToString("[]");
    }

    @Test
    @SuppressWarnings({"CollectionIncompatibleType", "ModifyingCollectionWithItself"})
    default void contains_isByEquals() {
        var collection = collectionOf("one", List.of(1, 2), 3L, Set.of());

        assertThat(collection.contains(String.valueOf(new char[] {'o', 'n', 'e'})))
                .isTrue();
        assertThat(collection.contains(new ArrayList<>(List.of(1, 2)))).isTrue();
        assertThat(collection.contains(3L)).isTrue();
        assertThat(collection.contains(3)).isFalse();
        assertThat(collection.containsAll(List.of(3L, "one", 3L))).isTrue();
        assertThat(collection.containsAll(List.of(3L, "two"))).isFalse();
        assertThat(collection.containsAll(List.of())).isTrue();
        assertThat(collection.containsAll(collection)).isTrue();
        assertThatNullPointerException().isThrownBy(() -> collection.containsAll(null));
    }

    @Test
    default void addAll_addsEach() {
        var collection = collectionOf(1, 2);

        assertThat(collection.addAll(List.of(3, 4))).isTrue();
        assertThat(collection.addAll(List.of())).isFalse();

        assertThat(collection).containsExactlyInAnyOrder(1, 2, 3, 4);
        assertThatNullPointerException().isThrownBy(() -> collection.addAll(null));
        assertThat(collection).hasSize(4);
    }

    @Test
    default void addAll_thousands_areAllThere() {
        var many = IntStream.range(0, 10_000).boxed().toList();
        var collection = this.<Integer>collectionOf();

        assertThat(collection.addAll(many)).isTrue();

        assertThat(collection.size()).isEqualTo(10_000);
        assertThat(new ArrayList<>(collection)).containsExactlyInAnyOrderElementsOf(many);
        assertThat(collection.containsAll(many)).isTrue();
        assertThat(collection.removeIf(test(number -> number % 10 != 0))).isTrue();
        assertThat(collection.size()).isEqualTo(1_000);
    }

    @Test
    @SuppressWarnings("CollectionIncompatibleType")
    default void remove_item_takesItOutOnce() {
        var collection = collectionOf("a", "b", "c");

        assertThat(collection.remove("x")).isFalse();
        assertThat(collection.remove((Object) 1)).isFalse();
        assertThat(collection.remove("b")).isTrue();
        assertThat(collection.remove("b")).isFalse();

        assertThat(collection).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    default void removeIfAndAll_takeOutEachThatMatches() {
        var collection = collectionOf(1, 2, 3, 4, 5, 6, 7, 8, 9);

        assertThat(collection.removeIf(test(number -> number > 9))).isFalse();
        assertThat(collection.removeIf(test(number -> number % 3 == 0))).isTrue();
        assertThat(collection).containsExactlyInAnyOrder(1, 2, 4, 5, 7, 8);
        assertThat(collection.removeAll(Set.of(1, 8, 100))).isTrue();
        assertThat(collection.removeAll(Set.of(1, 8, 100))).isFalse();
        assertThat(collection).containsExactlyInAnyOrder(2, 4, 5, 7);
        assertThat(collection.retainAll(Set.of(4, 5, 6, 2))).isTrue();
        assertThat(collection.retainAll(Set.of(4, 5, 6, 2))).isFalse();
        assertThat(collection).containsExactlyInAnyOrder(2, 4, 5);
        assertThat(collection.retainAll(List.of())).isTrue();
        assertThat(collection).isEmpty();
    }

    @Test
    default void bulkRemoval_null_isRefused() {
        var collection = collectionOf(1, 2);

        assertThatNullPointerException().isThrownBy(() -> collection.removeAll(null));
        assertThatNullPointerException().isThrownBy(() -> collection.retainAll(null));
        assertThatNullPointerException().isThrownBy(() -> collection.removeIf(null));
        assertThatNullPointerException().isThrownBy(() -> collection.forEach(null));
        assertThat(collection).hasSize(2);
    }

    @Test
    default void removeIf_predicateThrows_removesNothing() {
        var collection = collectionOf(1, 0, 2);

        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> collection.removeIf(test(number -> 4 / (number - 2) < 0)));

        assertThat(collection).contains(2);
        assertThat(collection.add(7)).isTrue();
    }

    @Test
    default void clear_leavesNothing() {
        var collection = collectionOf(1, 2);

        collection.clear();
        collection.clear();

        assertThat(collection.isEmpty()).isTrue();
        assertThat(collection.add(1)).isTrue();
        assertThat(collection).containsExactly(1);
    }

    @Test
    default void iterator_givesEachOnce_thenIsExhausted() {
        var iterator = collectionOf("a", "b", "c").iterator();

        var seen = new ArrayList<>(List.of(iterator.next()));
        assertThat(iterator.hasNext()).isTrue();
        assertThat(iterator.hasNext()).isTrue();
        iterator.forEachRemaining(seen::add);

        assertThat(seen).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(iterator.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> collectionOf().iterator().next());
    }

    @Test
    default void iteratorRemove_takesOutWhatWasGivenLast_once() {
        var collection = collectionOf("a", "b", "c");
        var iterator = collection.iterator();
        assertThatIllegalStateException().isThrownBy(iterator::remove);
        iterator.next();
        String second = iterator.next();

        iterator.remove();

        assertThatIllegalStateException().isThrownBy(iterator::remove);
        assertThat(collection).hasSize(2).doesNotContain(second);
        String third = iterator.next();
        iterator.remove();
        assertThat(iterator.hasNext()).isFalse();
        assertThat(collection).hasSize(1).doesNotContain(third);
    }

    @Test
    default void toArray_isACopy() {
        var collection = collectionOf("a", "b", "c");

        Object[] array = collection.toArray();

        assertThat(array).containsExactlyInAnyOrder("a", "b", "c").isExactlyInstanceOf(Object[].class);
        Arrays.fill(array, 1);
        assertThat(collection).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    default void toArray_given_isFilledWhenItIsLongEnough() {
        var collection = collectionOf("a");
        var exact = new String[1];
        var longer = new String[] {"x", "x", "x"};
        var shorter = new String[0];

        assertThat(collection.toArray(exact)).isSameAs(exact).containsExactly("a");
        assertThat(collection.toArray(longer)).isSameAs(longer).containsExactly("a", null, "x");
        assertThat(collection.toArray(shorter))
                .isExactlyInstanceOf(String[].class)
                .containsExactly("a");
        assertThat(collection.toArray(CharSequence[]::new))
                .isExactlyInstanceOf(CharSequence[].class)
                .containsExactly("a");
        assertThat(collectionOf().toArray(new Object[] {"x"})).containsExactly((Object) null);
    }

    @Test
    @SuppressWarnings("CollectionToArraySafeParameter")
    default void toArray_nullOrOfAnotherType_isRefused() {
        var collection = collectionOf("a");

        assertThatNullPointerException().isThrownBy(() -> collection.toArray((Object[]) null));
        assertThatNullPointerException().isThrownBy(() -> collection.toArray((IntFunction<Object[]>) null));
        assertThatExceptionOfType(ArrayStoreException.class).isThrownBy(() -> collection.toArray(new Integer[1]));
        assertThatExceptionOfType(ArrayStoreException.class).isThrownBy(() -> collection.toArray(new Integer[0]));
    }

    @Test
    default void forEachAndStream_giveEachHere() {
        var collection = collectionOf(3, 1, 2);
        var seen = new ArrayList<Integer>();

        collection.forEach(seen::add);

        assertThat(seen).containsExactlyInAnyOrder(3, 1, 2);
        assertThat(collection.stream().map(number -> number * 2)).containsExactlyInAnyOrder(6, 2, 4);
        assertThat(collection.parallelStream().mapToInt(Integer::intValue).sum())
                .isEqualTo(6);
        assertThat(collection.spliterator().estimateSize()).isGreaterThanOrEqualTo(3);
    }

    @Test
    default void toString_isThatOfACollection() {
        assertThat(collectionOf("a")).hasToString("[a]");
        assertThat(collectionOf(1, 2).toString()).isIn("[1, 2]", "[2, 1]");
    }
}
