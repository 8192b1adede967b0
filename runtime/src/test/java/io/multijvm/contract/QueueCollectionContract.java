package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What holds for every blocking queue as a collection. */
public interface QueueCollectionContract extends QueueSource {
    @Test
    default void iterator_givesEachInOrder() {
        var queue = queueOf("a", "b", "a");
        var iterator = queue.iterator();

        assertThat(iterator.next()).isEqualTo("a");
        assertThat(iterator.hasNext()).isTrue();
        assertThat(iterator.hasNext()).isTrue();
        var rest = new ArrayList<String>();
        iterator.forEachRemaining(rest::add);
        assertThat(rest).containsExactly("b", "a");
        assertThat(iterator.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
        assertThat(queue).hasSize(3);
    }

    @Test
    default void iterator_emptyQueue_givesNothing() {
        var iterator = newQueue(2).iterator();

        assertThat(iterator.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
        assertThatIllegalStateException().isThrownBy(iterator::remove);
    }

    @Test
    default void iteratorRemove_takesOutWhatWasGivenLast_once() {
        var queue = this.<String>newQueue(4);
        assertThat(queue.addAll(List.of("a", "b", "a", "c"))).isTrue();
        var iterator = queue.iterator();
        assertThatIllegalStateException().isThrownBy(iterator::remove);
        iterator.next();
        iterator.next();
        iterator.next();

        iterator.remove();

        assertThatIllegalStateException().isThrownBy(iterator::remove);
        assertThat(queue).containsExactly("a", "b", "c");
        assertThat(queue.remainingCapacity()).isEqualTo(1);
        assertThat(iterator.next()).isEqualTo("c");
        iterator.remove();
        assertThat(iterator.hasNext()).isFalse();
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue).containsExactly("a", "b");
        assertThat(queue.addAll(List.of("d", "e"))).isTrue();
        assertThat(queue).containsExactly("a", "b", "d", "e");
        assertThat(List.of(queue.poll(), queue.poll(), queue.poll(), queue.poll()))
                .containsExactly("a", "b", "d", "e");
    }

    @Test
    default void iteratorRemove_all_leavesNothing() {
        var queue = queueOf(1, 2, 3);
        var iterator = queue.iterator();
        while (iterator.hasNext()) {
            iterator.next();
            iterator.remove();
        }

        assertThat(queue.size()).isZero();
        assertThat(queue.poll()).isNull();
        assertThat(queue.offer(4)).isTrue();
        assertThat(queue.poll()).isEqualTo(4);
    }

    @Test
    default void iterator_queueChangesMeanwhile_goesOn() {
        var queue = queueOf(1, 2, 3, 4);
        var iterator = queue.iterator();
        assertThat(iterator.next()).isEqualTo(1);
        assertThat(iterator.hasNext()).isTrue();
        queue.remove(2);
        queue.remove(3);
        queue.add(5);

        var seen = new ArrayList<Integer>();
        iterator.forEachRemaining(seen::add);

        // What it said there is, what was there all the time, and nothing twice.
        assertThat(seen).contains(4).isSubsetOf(2, 3, 4, 5).isSorted().doesNotHaveDuplicates();
        assertThat(queue).containsExactly(1, 4, 5);
    }

    @Test
    default void iteratorRemove_alreadyTaken_takesNothingElse() {
        var queue = queueOf("a", "b");
        var iterator = queue.iterator();
        iterator.next();
        assertThat(queue.poll()).isEqualTo("a");
        assertThat(queue.add("a")).isTrue();

        iterator.remove();

        assertThat(queue).containsExactly("b", "a");
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    default void toArray_isACopyInOrder() {
        var queue = queueOf("a", "b", "c");

        Object[] array = queue.toArray();

        assertThat(array).containsExactly("a", "b", "c").isExactlyInstanceOf(Object[].class);
        array[0] = 1;
        assertThat(queue.toArray()).containsExactly("a", "b", "c");
        assertThat(newQueue(1).toArray()).isEmpty();
    }

    @Test
    default void toArray_given_isFilledWhenItIsLongEnough() {
        var queue = queueOf("a", "b");
        var exact = new String[2];
        var longer = new String[] {"x", "x", "x", "x"};
        var shorter = new String[] {"x"};

        assertThat(queue.toArray(exact)).isSameAs(exact).containsExactly("a", "b");
        assertThat(queue.toArray(longer)).isSameAs(longer).containsExactly("a", "b", null, "x");
        assertThat(queue.toArray(shorter)).isExactlyInstanceOf(String[].class).containsExactly("a", "b");
        assertThat(shorter).containsExactly("x");
        assertThat(queue.toArray(CharSequence[]::new))
                .isExactlyInstanceOf(CharSequence[].class)
                .containsExactly("a", "b");
        assertThat(newQueue(1).toArray(new Object[] {"x"})).containsExactly((Object) null);
    }

    @Test
    @SuppressWarnings("CollectionToArraySafeParameter")
    default void toArray_nullOrOfAnotherType_isRefused() {
        var queue = queueOf("a");

        assertThatNullPointerException().isThrownBy(() -> queue.toArray((Object[]) null));
        assertThatNullPointerException().isThrownBy(() -> queue.toArray((IntFunction<Object[]>) null));
        assertThatExceptionOfType(ArrayStoreException.class).isThrownBy(() -> queue.toArray(new Integer[1]));
        assertThatExceptionOfType(ArrayStoreException.class).isThrownBy(() -> queue.toArray(new Integer[0]));
    }

    @Test
    @SuppressWarnings("CollectionIncompatibleType")
    default void contains_isByEquals() {
        var queue = queueOf("one", List.of(1, 2), 3L, Set.of());

        assertThat(queue.contains(String.valueOf(new char[] {'o', 'n', 'e'}))).isTrue();
        assertThat(queue.contains(Arrays.asList(1, 2))).isTrue();
        assertThat(queue.contains(3L)).isTrue();
        assertThat(queue.contains(3)).isFalse();
        assertThat(queue.contains(new Object())).isFalse();
        assertThat(queue.containsAll(List.of(3L, "one", 3L))).isTrue();
        assertThat(queue.containsAll(List.of(3L, "two"))).isFalse();
        assertThat(queue.containsAll(List.of())).isTrue();
        assertThatNullPointerException().isThrownBy(() -> newQueue().containsAll(null));
    }

    @Test
    @SuppressWarnings("CollectionIncompatibleType")
    default void removeObject_takesOutTheFirstThatIsEqual() {
        var queue = queueOf("a", "b", "a", "c");

        assertThat(queue.remove("d")).isFalse();
        assertThat(queue.remove((Object) 1)).isFalse();
        assertThat(queue).containsExactly("a", "b", "a", "c");
        assertThat(queue.remove("a")).isTrue();
        assertThat(queue).containsExactly("b", "a", "c");
        assertThat(queue.remove("c")).isTrue();
        assertThat(queue.remove("c")).isFalse();
        assertThat(queue).containsExactly("b", "a");
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.poll()).isEqualTo("b");
        assertThat(queue.remove("a")).isTrue();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.poll()).isNull();
        assertThat(queue.peek()).isNull();
    }

    @Test
    default void removeObject_fromTheMiddleOfAFullQueue_makesRoom() {
        var queue = this.<Integer>newQueue(3);
        for (int i = 0; i < 20; i++) {
            assertThat(queue.addAll(List.of(1, 2, 3))).isTrue();
            assertThat(queue.remove(2)).isTrue();
            assertThat(queue.remainingCapacity()).isEqualTo(1);
            assertThat(queue.offer(4)).isTrue();
            assertThat(queue.offer(5)).isFalse();
            assertThat(List.of(queue.remove(), queue.remove(), queue.remove())).containsExactly(1, 3, 4);
        }
    }

    @Test
    default void removeIfAndAll_takeOutEachThatMatches() {
        var queue = this.<Integer>newQueue(9);
        assertThat(queue.addAll(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9))).isTrue();

        assertThat(queue.removeIf(number -> number > 9)).isFalse();
        assertThat(queue.removeIf(number -> number % 3 == 0)).isTrue();
        assertThat(queue).containsExactly(1, 2, 4, 5, 7, 8);
        assertThat(queue.removeAll(Set.of(1, 8, 100))).isTrue();
        assertThat(queue.removeAll(Set.of(1, 8, 100))).isFalse();
        assertThat(queue).containsExactly(2, 4, 5, 7);
        assertThat(queue.retainAll(Set.of(4, 5, 6, 2))).isTrue();
        assertThat(queue.retainAll(Set.of(4, 5, 6, 2))).isFalse();
        assertThat(queue).containsExactly(2, 4, 5);
        assertThat(queue.remainingCapacity()).isEqualTo(6);
        assertThat(queue.poll()).isEqualTo(2);
    }

    @Test
    default void clear_leavesNothingAndMakesRoom() {
        var queue = this.<Integer>newQueue(3);
        for (int i = 0; i < 3; i++) {
            assertThat(queue.addAll(List.of(1, 2, 3))).isTrue();

            queue.clear();

            assertThat(queue.isEmpty()).isTrue();
            assertThat(queue.size()).isZero();
            assertThat(queue.poll()).isNull();
            assertThat(queue.remainingCapacity()).isEqualTo(3);
        }
        queue.clear();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    default void bulkMethods_null_isRefused() {
        var queue = queueOf("a");

        assertThatNullPointerException().isThrownBy(() -> queue.removeAll((Collection<?>) null));
        assertThatNullPointerException().isThrownBy(() -> queue.retainAll((Collection<?>) null));
        assertThatNullPointerException().isThrownBy(() -> queue.removeIf(null));
        assertThatNullPointerException().isThrownBy(() -> queue.forEach(null));
        assertThat(queue).containsExactly("a");
    }

    @Test
    default void forEachAndStream_giveEachInOrder() {
        var queue = queueOf(3, 1, 2);
        var seen = new ArrayList<Integer>();

        queue.forEach(seen::add);

        assertThat(seen).containsExactly(3, 1, 2);
        assertThat(queue.stream().map(number -> number * 2).toList()).containsExactly(6, 2, 4);
        assertThat(queue.parallelStream().mapToInt(Integer::intValue).sum()).isEqualTo(6);
        assertThat(queue.spliterator().estimateSize()).isGreaterThanOrEqualTo(3);
    }

    @Test
    default void toString_isThatOfACollection() {
        assertThat(queueOf("a", "b")).hasToString("[a, b]");
        assertThat(newQueue(1)).hasToString("[]");
        assertThat(queueOf(1, 2)).hasToString("[1, 2]");
    }
}
