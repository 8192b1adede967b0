package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What holds for every blocking queue that several threads use at once. */
public interface QueueConcurrencyContract extends QueueSource {
    @Test
    default void manyThreads_boundedQueue_eachItemToOneInOrderOfItsProducer() throws Exception {
        QueueTraffic.through(newQueue(7), 3, 3, 2_000);
    }

    @Test
    default void manyThreads_unboundedQueue_eachItemToOneInOrderOfItsProducer() throws Exception {
        QueueTraffic.through(newQueue(), 4, 2, 2_000);
    }

    @Test
    default void size_whileOthersPutAndTake_staysWithinBounds() throws Exception {
        var queue = this.<Integer>newQueue(3);
        var over = new AtomicBoolean();
        var watching = Background.run(() -> {
            while (!over.get()) {
                assertThat(queue.size()).isBetween(0, 3);
                assertThat(queue.remainingCapacity()).isBetween(0, 3);
                assertThat(new ArrayList<>(queue)).isSorted().doesNotHaveDuplicates();
            }
            return "seen";
        });
        var putting = Background.run(() -> {
            for (int i = 0; i < 3_000; i++) {
                queue.put(i);
            }
            return "put";
        });
        for (int i = 0; i < 3_000; i++) {
            assertThat(queue.take()).isEqualTo(i);
        }
        over.set(true);

        assertThat(putting.get()).isEqualTo("put");
        assertThat(watching.get()).isEqualTo("seen");
        assertThat(queue.size()).isZero();
        assertThat(queue.remainingCapacity()).isEqualTo(3);
    }

    @Test
    default void everyWayOfRemoving_byThreadsAtOnce_givesEachItemToOne() throws Exception {
        int items = 2_000;
        var queue = this.<Integer>newQueue();
        for (int i = 0; i < items; i++) {
            queue.put(i);
        }
        var removing = List.<Background<List<Integer>>>of(
                Background.run(() -> untilEmpty(queue, into -> into.add(queue.poll()))),
                Background.run(() -> untilEmpty(queue, into -> queue.drainTo(into, 3))),
                Background.run(() -> untilEmpty(queue, into -> {
                    Integer one = queue.peek();
                    if (one != null && queue.remove(one)) {
                        into.add(one);
                    }
                })),
                Background.run(() -> untilEmpty(queue, into -> {
                    int one = ThreadLocalRandom.current().nextInt(items);
                    if (queue.remove(one)) {
                        into.add(one);
                    }
                })));

        var removed = new ArrayList<Integer>();
        for (var one : removing) {
            removed.addAll(one.get());
        }
        removed.removeIf(one -> one == null);
        assertThat(removed).hasSize(items).doesNotHaveDuplicates();
        assertThat(queue.size()).isZero();
        assertThat(queue.poll()).isNull();
    }

    private static List<Integer> untilEmpty(BlockingQueue<Integer> queue, Consumer<List<Integer>> removing) {
        var removed = new ArrayList<Integer>();
        while (!queue.isEmpty()) {
            removing.accept(removed);
        }
        return removed;
    }
}
