package io.multijvm.contract;

import static io.multijvm.contract.Sendable.operator;
import static io.multijvm.contract.Sendable.test;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What holds for the iterators of every list of ours, which go both ways, and for parts of it. */
public interface ListViewsContract extends ListSource {
    @Test
    default void listIterator_goesBothWays() {
        var iterator = listOf("a", "b", "c").listIterator();

        assertThat(iterator.hasPrevious()).isFalse();
        assertThat(iterator.nextIndex()).isZero();
        assertThat(iterator.previousIndex()).isEqualTo(-1);
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::previous);
        assertThat(iterator.next()).isEqualTo("a");
        assertThat(iterator.next()).isEqualTo("b");
        assertThat(iterator.previous()).isEqualTo("b");
        assertThat(iterator.nextIndex()).isEqualTo(1);
        assertThat(iterator.previousIndex()).isZero();
        assertThat(iterator.next()).isEqualTo("b");
        assertThat(iterator.next()).isEqualTo("c");
        assertThat(iterator.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
        assertThat(iterator.hasPrevious()).isTrue();
        assertThat(iterator.previous()).isEqualTo("c");
    }

    @Test
    default void listIterator_atIndex_beginsThere() {
        var list = listOf("a", "b", "c");

        assertThat(list.listIterator(1).next()).isEqualTo("b");
        assertThat(list.listIterator(1).previous()).isEqualTo("a");
        assertThat(list.listIterator(3).hasNext()).isFalse();
        assertThat(list.listIterator(3).previous()).isEqualTo("c");
        assertThat(newList().listIterator().hasNext()).isFalse();
        assertThat(newList().listIterator().hasPrevious()).isFalse();
    }

    @Test
    default void listIterator_set_replacesWhatWasGivenLast() {
        var list = listOf("a", "b", "c");
        var iterator = list.listIterator();
        assertThatIllegalStateException().isThrownBy(() -> iterator.set("x"));
        while (iterator.hasNext()) {
            iterator.set(iterator.next() + iterator.previousIndex());
        }
        assertThat(list).containsExactly("a0", "b1", "c2");
        iterator.previous();
        iterator.set("x");
        iterator.set("y");

        assertThat(list).containsExactly("a0", "b1", "y");
    }

    @Test
    default void listIterator_add_goesBeforeTheNext() {
        var list = listOf("a", "b");
        var iterator = list.listIterator();

        iterator.add("first");
        assertThat(iterator.next()).isEqualTo("a");
        iterator.add("middle");
        assertThatIllegalStateException().isThrownBy(iterator::remove);
        assertThatIllegalStateException().isThrownBy(() -> iterator.set("x"));
        assertThat(iterator.previous()).isEqualTo("middle");
        iterator.next();
        assertThat(iterator.next()).isEqualTo("b");
        iterator.add("last");

        assertThat(iterator.hasNext()).isFalse();
        assertThat(list).containsExactly("first", "a", "middle", "b", "last");
    }

    @Test
    default void listIterator_remove_eitherWay_takesOutWhatWasGivenLast() {
        var list = listOf("a", "b", "c", "d");
        var iterator = list.listIterator(1);
        assertThatIllegalStateException().isThrownBy(iterator::remove);

        iterator.next();
        iterator.remove();
        assertThatIllegalStateException().isThrownBy(iterator::remove);
        assertThat(list).containsExactly("a", "c", "d");
        assertThat(iterator.nextIndex()).isEqualTo(1);
        assertThat(iterator.previous()).isEqualTo("a");
        iterator.remove();
        assertThat(iterator.nextIndex()).isZero();
        assertThat(iterator.next()).isEqualTo("c");

        assertThat(list).containsExactly("c", "d");
    }

    @Test
    default void subList_isAView() {
        var list = listOf(0, 1, 2, 3, 4, 5);
        var part = list.subList(2, 5);

        assertThat(part).containsExactly(2, 3, 4).hasToString("[2, 3, 4]");
        assertThat(part.equals(List.of(2, 3, 4))).isTrue();
        assertThat(part).hasSameHashCodeAs(List.of(2, 3, 4));
        assertThat(part.size()).isEqualTo(3);
        list.set(2, 20);
        assertThat(part.get(0)).isEqualTo(20);
        assertThat(part.set(1, 30)).isEqualTo(3);
        assertThat(list).containsExactly(0, 1, 20, 30, 4, 5);
        assertThat(list.subList(3, 3)).isEmpty();
        assertThat(list.subList(0, 6).equals(list)).isTrue();
    }

    @Test
    default void subList_changes_changeTheList() {
        var list = listOf(0, 1, 2, 3, 4, 5);
        var part = list.subList(1, 4);

        assertThat(part.add(10)).isTrue();
        part.add(0, 11);
        assertThat(part.addAll(2, List.of(12, 13))).isTrue();
        assertThat(part).containsExactly(11, 1, 12, 13, 2, 3, 10);
        assertThat(list).containsExactly(0, 11, 1, 12, 13, 2, 3, 10, 4, 5);
        assertThat(part.remove(2)).isEqualTo(12);
        assertThat(part.remove((Object) 13)).isTrue();
        assertThat(part.remove((Object) 4)).as("outside of the part").isFalse();
        assertThat(part).containsExactly(11, 1, 2, 3, 10);
        assertThat(list).containsExactly(0, 11, 1, 2, 3, 10, 4, 5);
        part.clear();

        assertThat(part).isEmpty();
        assertThat(list).containsExactly(0, 4, 5);
        assertThat(part.add(7)).isTrue();
        assertThat(list).containsExactly(0, 7, 4, 5);
    }

    @Test
    default void subList_bulk_staysInside() {
        var list = listOf(5, 4, 3, 2, 1, 0);
        var part = list.subList(1, 5);

        part.sort(null);
        assertThat(list).containsExactly(5, 1, 2, 3, 4, 0);
        part.replaceAll(operator(number -> number * 10));
        assertThat(list).containsExactly(5, 10, 20, 30, 40, 0);
        assertThat(part.removeIf(test(number -> number < 15))).isTrue();
        assertThat(list).containsExactly(5, 20, 30, 40, 0);
        assertThat(part.removeAll(List.of(0, 20))).isTrue();
        assertThat(list).containsExactly(5, 30, 40, 0);
        assertThat(part.retainAll(List.of(5, 40))).isTrue();

        assertThat(part).containsExactly(40);
        assertThat(list).containsExactly(5, 40, 0);
    }

    @Test
    default void subList_search_isRelativeToIt() {
        var part = listOf("a", "b", "a", "c", "a").subList(1, 4);

        assertThat(part.indexOf("a")).isEqualTo(1);
        assertThat(part.lastIndexOf("a")).isEqualTo(1);
        assertThat(part.indexOf("b")).isZero();
        assertThat(part.contains("c")).isTrue();
        assertThat(part.contains("x")).isFalse();
        assertThat(part.toArray(new String[0])).containsExactly("b", "a", "c");
        assertThat(part.stream().map(String::length)).containsExactly(1, 1, 1);
    }

    @Test
    default void subList_iterators_stayInside() {
        var list = listOf(0, 1, 2, 3, 4);
        var part = list.subList(1, 4);

        assertThat(new ArrayList<>(part)).containsExactly(1, 2, 3);
        var iterator = part.listIterator(3);
        assertThat(iterator.hasNext()).isFalse();
        assertThat(iterator.previous()).isEqualTo(3);
        iterator.remove();
        iterator.add(30);
        assertThat(list).containsExactly(0, 1, 2, 30, 4);
        var plain = part.iterator();
        plain.next();
        plain.remove();
        assertThat(list).containsExactly(0, 2, 30, 4);
        assertThat(part).containsExactly(2, 30);
    }

    @Test
    default void subList_ofASubList_isAViewOfAll() {
        var list = listOf(0, 1, 2, 3, 4, 5);
        var inner = list.subList(1, 5).subList(1, 3);

        assertThat(inner).containsExactly(2, 3);
        inner.clear();
        assertThat(inner.add(9)).isTrue();

        assertThat(list).containsExactly(0, 1, 9, 4, 5);
    }

    @Test
    default void subList_indexOutOfBounds_isRefused() {
        var list = listOf(0, 1, 2, 3);
        var part = list.subList(1, 3);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> part.get(-1),
                () -> part.get(2),
                () -> part.set(2, 9),
                () -> part.add(3, 9),
                () -> part.remove(2),
                () -> part.remove(-1),
                () -> part.subList(0, 3),
                () -> part.listIterator(3))) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call);
        }
        assertThat(list).containsExactly(0, 1, 2, 3);
    }
}
