package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every blocking queue as long as nobody waits: putting, taking, looking, bounds and nulls. */
public interface QueueContract extends QueueSource {
    @Test
    default void newQueue_isEmpty() {
        for (var queue : List.of(this.<String>newQueue(3), this.<String>newQueue())) {
            assertThat(queue.isEmpty()).isTrue();
            assertThat(queue.size()).isZero();
            assertThat(queue.peek()).isNull();
            assertThat(queue.poll()).isNull();
            assertThat(queue.contains("a")).isFalse();
            assertThat(queue.iterator().hasNext()).isFalse();
        }
    }

    @Test
    default void everyWayOfPutting_keepsTheOrder() throws Exception {
        var queue = this.<Integer>newQueue();
        int puts = 0;
        for (var way : Stream.concat(QueueSource.waysOfPutting().stream(), QueueSource.waysOfTryingToPut().stream())
                .toList()) {
            assertThat(way.put(queue, puts++)).isTrue();
        }
        assertThat(queue.add(puts++)).isTrue();
        assertThat(queue.addAll(List.of(puts, puts + 1))).isTrue();

        for (int expected = 0; expected < puts + 2; expected++) {
            assertThat(queue.poll()).isEqualTo(expected);
        }
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    default void everyWayOfTaking_givesTheOldest() throws Exception {
        var queue = queueOf(0, 1, 2, 3, 4, 5, 6, 7);
        int expected = 0;
        for (var way : Stream.concat(QueueSource.waysOfTaking().stream(), QueueSource.waysOfTryingToTake().stream())
                .toList()) {
            assertThat(queue.peek()).isEqualTo(expected);
            assertThat(way.take(queue)).isEqualTo(expected++);
            assertThat(queue.size()).isEqualTo(8 - expected);
        }
        assertThat(queue.remove()).isEqualTo(expected++);
        assertThat(queue.element()).isEqualTo(expected);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.remove()).isEqualTo(expected);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    default void emptyQueue_triesToTake_getNothingOrAnException() throws Exception {
        var queue = this.<String>newQueue(1);
        for (var way : QueueSource.waysOfTryingToTake()) {
            assertThat(way.take(queue)).isNull();
        }
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::remove);
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::element);
        assertThat(queue.size()).isZero();
        assertThat(queue.offer("a")).isTrue();
    }

    @Test
    default void fullQueue_triesToPut_areRefusedAndChangeNothing() throws Exception {
        var queue = this.<String>newQueue(2);
        queue.put("a");
        queue.put("b");
        for (var way : QueueSource.waysOfTryingToPut()) {
            assertThat(way.put(queue, "c")).isFalse();
        }
        assertThatIllegalStateException().isThrownBy(() -> queue.add("c"));
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue).containsExactly("a", "b");
        assertThat(queue.poll()).isEqualTo("a");
        assertThat(queue.add("c")).isTrue();
        assertThat(queue).containsExactly("b", "c");
    }

    @Test
    default void remainingCapacity_boundedQueue_isWhatIsFree() {
        var queue = this.<Integer>newQueue(3);
        for (int round = 0; round < 5; round++) {
            for (int size = 0; size < 3; size++) {
                assertThat(queue.remainingCapacity()).isEqualTo(3 - size);
                assertThat(queue.offer(size)).isTrue();
            }
            assertThat(queue.remainingCapacity()).isZero();
            assertThat(queue.offer(3)).isFalse();
            for (int size = 3; size > 0; size--) {
                assertThat(queue.remainingCapacity()).isEqualTo(3 - size);
                assertThat(queue.poll()).isNotNull();
            }
        }
    }

    @Test
    default void remainingCapacity_unboundedQueue_isTheGreatest() {
        var queue = queueOf(1, 2, 3);

        assertThat(queue.remainingCapacity()).isGreaterThanOrEqualTo(Integer.MAX_VALUE - 3);
    }

    @Test
    default void capacity_smallestQueue_holdsOneAtATime() throws Exception {
        var queue = this.<Integer>newQueue(1);
        for (int i = 0; i < 100; i++) {
            assertThat(queue.offer(i)).isTrue();
            assertThat(queue.offer(-1)).isFalse();
            assertThat(queue.take()).isEqualTo(i);
            assertThat(queue.poll()).isNull();
        }
    }

    @Test
    default void addAll_moreThanThereIsRoomFor_addsWhatFits() {
        var queue = this.<Integer>newQueue(3);

        assertThatIllegalStateException().isThrownBy(() -> queue.addAll(List.of(1, 2, 3, 4)));
        assertThat(queue).containsExactly(1, 2, 3);
    }

    @Test
    @SuppressWarnings("ModifyingCollectionWithItself")
    default void addAll_nothingOrItself_isNoChangeOrRefused() {
        var queue = queueOf("a", "b");

        assertThat(queue.addAll(List.of())).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> queue.addAll(queue));
        assertThat(queue).containsExactly("a", "b");
    }

    @Test
    default void everyMethod_null_isRefusedAndChangesNothing() throws Exception {
        var free = this.<String>newQueue(5);
        var full = this.<String>newQueue(1);
        free.put("a");
        full.put("a");
        for (var queue : List.of(free, full)) {
            for (var way : QueueSource.waysOfPutting()) {
                assertThatNullPointerException().isThrownBy(() -> way.put(queue, null));
            }
            for (var way : QueueSource.waysOfTryingToPut()) {
                assertThatNullPointerException().isThrownBy(() -> way.put(queue, null));
            }
            assertThatNullPointerException().isThrownBy(() -> queue.add(null));
            assertThatNullPointerException().isThrownBy(() -> queue.addAll(null));
            assertThatNullPointerException().isThrownBy(() -> queue.offer("b", 1, null));
            assertThatNullPointerException().isThrownBy(() -> queue.poll(1, null));
            assertThat(queue.contains(null)).isFalse();
            assertThat(queue.remove(null)).isFalse();
            assertThat(queue).containsExactly("a");
        }
        assertThatNullPointerException().isThrownBy(() -> free.addAll(Arrays.asList("b", null, "c")));
        assertThat(free).as("those before the null").containsExactly("a", "b");
    }

    @Test
    default void drainTo_everything_movesItInOrder() {
        var queue = queueOf(1, 2, 3, 4);
        var target = new ArrayList<>(List.of(0));

        assertThat(queue.drainTo(target)).isEqualTo(4);
        assertThat(target).containsExactly(0, 1, 2, 3, 4);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.drainTo(target)).isZero();
        assertThat(target).hasSize(5);
    }

    @Test
    default void drainTo_atMost_leavesTheRest() {
        var queue = queueOf(1, 2, 3, 4);
        var target = new ArrayList<Integer>();

        assertThat(queue.drainTo(target, 0)).isZero();
        assertThat(queue.drainTo(target, -1)).isZero();
        assertThat(queue.drainTo(target, Integer.MIN_VALUE)).isZero();
        assertThat(target).isEmpty();
        assertThat(queue.drainTo(target, 3)).isEqualTo(3);
        assertThat(target).containsExactly(1, 2, 3);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.drainTo(target, Integer.MAX_VALUE)).isEqualTo(1);
        assertThat(target).containsExactly(1, 2, 3, 4);
    }

    @Test
    default void drainTo_boundedQueue_makesRoom() {
        var queue = this.<Integer>newQueue(3);
        assertThat(queue.addAll(List.of(1, 2, 3))).isTrue();

        assertThat(queue.drainTo(new ArrayList<>(), 2)).isEqualTo(2);

        assertThat(queue.remainingCapacity()).isEqualTo(2);
        assertThat(queue.addAll(List.of(4, 5))).isTrue();
        assertThat(queue).containsExactly(3, 4, 5);
    }

    @Test
    @SuppressWarnings("ModifyingCollectionWithItself")
    default void drainTo_nullOrItself_isRefusedAndChangesNothing() {
        var queue = queueOf("a", "b");

        assertThatNullPointerException().isThrownBy(() -> queue.drainTo(null));
        assertThatNullPointerException().isThrownBy(() -> queue.drainTo(null, 1));
        assertThatNullPointerException().isThrownBy(() -> queue.drainTo(null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.drainTo(queue));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.drainTo(queue, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.drainTo(queue, 0));
        assertThat(queue).containsExactly("a", "b");
    }

    @Test
    default void drainTo_targetThatRefuses_leavesAUsableQueue() throws Exception {
        var queue = this.<String>newQueue(4);
        assertThat(queue.addAll(List.of("a", "b", "c"))).isTrue();

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> queue.drainTo(List.of()));

        int left = queue.size();
        assertThat(queue.remainingCapacity()).isEqualTo(4 - left);
        assertThat(queue).hasSize(left);
        assertThat(queue.offer("d", 1, TimeUnit.SECONDS)).isTrue();
        assertThat(queue).hasSize(left + 1).last().isEqualTo("d");
    }
}
