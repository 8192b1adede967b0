package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for every set of ours beyond {@link CollectionContract}. */
public interface SetContract extends CollectionContract {
    /** A new, empty set. */
    <E> Set<E> newSet();

    @Override
    @SuppressWarnings("unchecked")
    default <E> Set<E> collectionOf(E... items) {
        Set<E> set = newSet();
        set.addAll(Arrays.asList(items));
        return set;
    }

    @Test
    default void add_whatIsThere_changesNothing() {
        var set = this.<Object>newSet();

        assertThat(set.add("a")).isTrue();
        assertThat(set.add("a")).isFalse();
        assertThat(set.add(List.of(1))).isTrue();
        assertThat(set.add(new ArrayList<>(List.of(1)))).isFalse();

        assertThat(set.size()).isEqualTo(2);
        assertThat(set).containsExactlyInAnyOrder("a", List.of(1));
    }

    @Test
    @SuppressWarnings("ModifyingCollectionWithItself")
    default void addAll_saysWhetherAnythingIsNew() {
        var set = collectionOf(1, 2);

        assertThat(set.addAll(List.of(2, 1, 1))).isFalse();
        assertThat(set.addAll(List.of(2, 3, 3))).isTrue();
        assertThat(set.addAll(set)).isFalse();
        assertThat(set.addAll(collectionOf(3, 4))).isTrue();

        assertThat(set).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @Test
    default void removeAllAndRetainAll_anotherOfItsKind_isTaken() {
        var set = collectionOf(1, 2, 3, 4);

        assertThat(set.removeAll(collectionOf(1, 9))).isTrue();
        assertThat(set.retainAll(collectionOf(2, 3))).isTrue();

        assertThat(set).containsExactlyInAnyOrder(2, 3);
    }

    @Test
    @SuppressWarnings({"EqualsIncompatibleType", "SelfEquals"}) // what it is not equal to
    default void equals_isThatOfSets() {
        var set = collectionOf("a", "b");

        assertThat(set.equals(set)).isTrue();
        assertThat(set.equals(Set.of("b", "a"))).isTrue();
        assertThat(Set.of("a", "b").equals(set)).isTrue();
        assertThat(new HashSet<>(set).equals(set)).isTrue();
        assertThat(set.equals(collectionOf("b", "a"))).isTrue();
        assertThat(set.equals(Set.of("a"))).isFalse();
        assertThat(set.equals(Set.of("a", "c"))).isFalse();
        assertThat(set.equals((Object) List.of("a", "b"))).isFalse();
        assertThat(set.equals(null)).isFalse();
    }

    @Test
    default void hashCode_isThatOfSets() {
        assertThat(newSet().hashCode()).isZero();
        assertThat(collectionOf("a", "b")).hasSameHashCodeAs(Set.of("b", "a"));
    }
}
