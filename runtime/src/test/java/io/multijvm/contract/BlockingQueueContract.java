package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What holds for every {@link BlockingQueue}, as threads of one JVM see it. */
public interface BlockingQueueContract
        extends QueueContract, QueueCollectionContract, QueueInterruptionContract, QueueConcurrencyContract {
    /** How long a wait lasts that is to be in vain. */
    long BRIEFLY_MILLIS = 60;

    @Test
    default void everyWayOfPutting_fullQueue_waitsForATake() throws Exception {
        var queue = this.<String>newQueue(1);
        for (var putting : QueueSource.waysOfPutting()) {
            for (var taking : QueueSource.waysOfTaking()) {
                queue.put("first");
                var waiting = Background.run(() -> putting.put(queue, "second")).awaitWaiting();
                assertThat(waiting.isDone()).isFalse();
                assertThat(queue).containsExactly("first");

                assertThat(taking.take(queue)).isEqualTo("first");

                assertThat(waiting.get()).isTrue();
                assertThat(queue.poll()).isEqualTo("second");
            }
        }
    }

    @Test
    default void everyWayOfTaking_emptyQueue_waitsForAPut() throws Exception {
        var queue = this.<String>newQueue();
        for (var putting : QueueSource.waysOfPutting()) {
            for (var taking : QueueSource.waysOfTaking()) {
                var waiting = Background.run(() -> taking.take(queue)).awaitWaiting();
                assertThat(waiting.isDone()).isFalse();

                assertThat(putting.put(queue, "item")).isTrue();

                assertThat(waiting.get()).isEqualTo("item");
                assertThat(queue.isEmpty()).isTrue();
            }
        }
    }

    @Test
    default void put_fullQueue_waitsForEveryWayOfMakingRoom() throws Exception {
        var queue = this.<String>newQueue(2);
        for (var removing : List.<Callable<?>>of(
                queue::remove,
                () -> queue.remove("b"),
                () -> queue.drainTo(new ArrayList<>()),
                () -> queue.drainTo(new ArrayList<>(), 1),
                () -> removeByIterator(queue))) {
            letsAPutterGoOn(queue, removing);
        }
    }

    @Test
    default void put_fullQueue_waitsForBulkRemoval() throws Exception {
        var queue = this.<String>newQueue(2);
        for (var removing : List.<Callable<?>>of(
                () -> queue.removeIf("b"::equals),
                () -> queue.removeAll(List.of("a")),
                () -> queue.retainAll(List.of("b", "c")))) { // it may come across what is put meanwhile
            letsAPutterGoOn(queue, removing);
        }
    }

    private static void letsAPutterGoOn(BlockingQueue<String> queue, Callable<?> removing) throws Exception {
        queue.put("a");
        queue.put("b");
        var waiting = Background.run(() -> {
                    queue.put("c");
                    return "put";
                })
                .awaitWaiting();
        assertThat(waiting.isDone()).isFalse();

        assertThat(removing.call()).isNotEqualTo(false);

        assertThat(waiting.get()).isEqualTo("put");
        assertThat(queue).last().isEqualTo("c");
        queue.clear();
    }

    private static Object removeByIterator(BlockingQueue<String> queue) {
        var iterator = queue.iterator();
        iterator.next();
        iterator.remove();
        return iterator;
    }

    @Test
    default void clear_severalPuttersWait_allOfThemGoOnInTime() throws Exception {
        var queue = this.<Integer>newQueue(2);
        queue.put(1);
        queue.put(2);
        var waiting = new ArrayList<Background<Boolean>>();
        for (int i = 3; i < 7; i++) {
            int item = i;
            waiting.add(Background.run(() -> {
                        queue.put(item);
                        return true;
                    })
                    .awaitWaiting());
        }

        queue.clear();
        assertThat(List.of(queue.take(), queue.take(), queue.take(), queue.take()))
                .containsExactlyInAnyOrder(3, 4, 5, 6);

        for (var one : waiting) {
            assertThat(one.get()).isTrue();
        }
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    default void addAll_severalTakersWait_eachGetsOne() throws Exception {
        var queue = this.<Integer>newQueue();
        var waiting = new ArrayList<Background<Integer>>();
        for (int i = 0; i < 4; i++) {
            waiting.add(Background.run(queue::take).awaitWaiting());
        }

        assertThat(queue.addAll(List.of(1, 2, 3, 4))).isTrue();

        var taken = new ArrayList<Integer>();
        for (var one : waiting) {
            taken.add(one.get());
        }
        assertThat(taken).containsExactlyInAnyOrder(1, 2, 3, 4);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    default void offer_timeout_isFalseAndNotEarly() throws Exception {
        var queue = this.<String>newQueue(1);
        queue.put("a");

        long start = System.nanoTime();
        assertThat(queue.offer("b", BRIEFLY_MILLIS, TimeUnit.MILLISECONDS)).isFalse();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(BRIEFLY_MILLIS));
        assertThat(queue).containsExactly("a");
        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.offer("b", BRIEFLY_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(queue).containsExactly("b");
    }

    @Test
    default void poll_timeout_isNullAndNotEarly() throws Exception {
        var queue = this.<String>newQueue();

        long start = System.nanoTime();
        assertThat(queue.poll(BRIEFLY_MILLIS, TimeUnit.MILLISECONDS)).isNull();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(BRIEFLY_MILLIS));
        queue.put("a");
        assertThat(queue.poll(BRIEFLY_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("a");
    }
}
