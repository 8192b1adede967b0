package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.queue.QueueEmptyException;
import io.multijvm.testkit.Background;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What holds for every joinable queue beyond {@link ProcessQueueContract}, as threads of one JVM see it. */
public interface JoinableQueueContract extends ProcessQueueContract {
    @Override
    <E> QueueVerbs.Joinable<E> newQueue(int maxsize);

    @Override
    default <E> QueueVerbs.Joinable<E> newQueue() {
        return newQueue(0);
    }

    @Test
    default void join_newQueue_returnsAtOnce() throws Exception {
        var queue = newQueue();

        queue.join();
        assertThat(queue.join(Duration.ZERO)).isTrue();
        assertThat(queue.join(null)).isTrue();
        assertThat(queue.unfinished()).isZero();
    }

    @Test
    default void join_itemsThatAreNotDone_waitsForEachTaskDone() throws Exception {
        var queue = this.<Integer>newQueue(5);
        assertThat(queue.addAll(List.of(1, 2, 3))).isTrue();
        var joining = List.of(
                joining(queue::join), joining(() -> queue.join(null)), joining(() -> queue.join(Duration.ofHours(1))));
        for (int i = 3; i > 0; i--) {
            assertThat(queue.unfinished()).isEqualTo(i);
            assertThat(queue.get()).isEqualTo(4 - i);
            assertThat(queue.unfinished()).isEqualTo(i);
            assertThat(joining).noneMatch(Background::isDone);
            queue.taskDone();
        }

        for (var one : joining) {
            assertThat(one.get()).isEqualTo("joined");
        }
        assertThat(queue.unfinished()).isZero();
        queue.join();
    }

    /** What may be interrupted. */
    @FunctionalInterface
    interface Joining {
        void join() throws InterruptedException;
    }

    private static Background<String> joining(Joining way) throws Exception {
        return Background.run(() -> {
                    way.join();
                    return "joined";
                })
                .awaitWaiting();
    }

    @Test
    default void join_everyWayOfTaking_needsATaskDoneEach() throws Exception {
        var queue = this.<Integer>newQueue();
        for (var way : QueueSource.waysOfTaking()) {
            queue.put(1);
            assertThat(way.take(queue)).isEqualTo(1);
            assertThat(queue.join(Duration.ZERO)).isFalse();
            queue.taskDone();
            assertThat(queue.join(Duration.ZERO)).isTrue();
        }
        assertThat(queue.addAll(List.of(1, 2, 3, 4))).isTrue();
        assertThat(queue.remove()).isEqualTo(1);
        assertThat(queue.drainTo(new ArrayList<>())).isEqualTo(3);
        for (int i = 4; i > 0; i--) {
            assertThat(queue.unfinished()).isEqualTo(i);
            queue.taskDone();
        }
        queue.join();
    }

    @Test
    default void join_itemsPutMeanwhile_waitsForThemAsWell() throws Exception {
        var queue = this.<Integer>newQueue();
        queue.put(1);
        var joining = joining(queue::join);
        queue.put(2);

        queue.get();
        queue.taskDone();
        queue.get();
        assertThat(queue.unfinished()).isEqualTo(1);
        assertThat(joining.isDone()).isFalse();
        queue.taskDone();

        assertThat(joining.get()).isEqualTo("joined");
    }

    @Test
    default void join_timeout_isFalseAndNotEarly() throws Exception {
        var queue = this.<Integer>newQueue();
        queue.put(1);

        long start = System.nanoTime();
        assertThat(queue.join(BRIEFLY)).isFalse();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BRIEFLY.toNanos());
        for (var time : NO_TIME) {
            assertThat(queue.join(time)).isFalse();
        }
        assertThat(queue.unfinished()).isEqualTo(1);
    }

    @Test
    default void join_interrupted_throwsAndChangesNothing() throws Exception {
        var queue = this.<Integer>newQueue();
        queue.put(1);
        for (var way : List.<Joining>of(queue::join, () -> queue.join(null), () -> queue.join(Duration.ofHours(1)))) {
            Callable<Boolean> call = () -> {
                assertThatExceptionOfType(InterruptedException.class).isThrownBy(way::join);
                return Thread.currentThread().isInterrupted();
            };
            assertThat(Background.run(call).awaitWaiting().interrupt().get()).isFalse();
            assertThat(Background.run(() -> {
                                Thread.currentThread().interrupt();
                                return call.call();
                            })
                            .get())
                    .isFalse();
        }
        assertThat(queue.get()).isEqualTo(1);
        queue.taskDone();
        queue.join();
    }

    @Test
    default void taskDone_moreOftenThanPut_isRefused() throws Exception {
        var queue = this.<Integer>newQueue();
        assertThatIllegalStateException().isThrownBy(queue::taskDone);
        for (int i = 0; i < 2; i++) {
            queue.put(i);
            queue.get();
        }
        queue.taskDone();
        queue.taskDone();

        assertThatIllegalStateException().isThrownBy(queue::taskDone);
        assertThat(queue.unfinished()).isZero();
        queue.put(3);
        assertThat(queue.unfinished()).isEqualTo(1);
    }

    @Test
    default void taskDone_byAnotherThread_counts() throws Exception {
        var queue = this.<Integer>newQueue();
        queue.put(1);
        queue.get();

        Background.run(() -> {
                    queue.taskDone();
                    return null;
                })
                .get();

        assertThat(queue.join(Duration.ZERO)).isTrue();
    }

    @Test
    default void getDelivery_firstTime_isNotRedelivered() throws Exception {
        var queue = this.<String>newQueue(2);
        queue.put("a");
        queue.put("b");

        var first = queue.getDelivery(null);
        var second = queue.getDelivery(Duration.ZERO);

        assertThat(first.item()).isEqualTo("a");
        assertThat(second.item()).isEqualTo("b");
        assertThat(first.isRedelivered()).isFalse();
        assertThat(second.isRedelivered()).isFalse();
        assertThat(queue.remainingCapacity()).isEqualTo(2);
        second.done();
        assertThat(queue.unfinished()).isEqualTo(1);
        assertThat(queue.join(Duration.ZERO)).isFalse();
        first.done();
        queue.join();
        assertThatIllegalStateException().isThrownBy(queue::taskDone);
    }

    @Test
    default void getDelivery_waits_asGetDoes() throws Exception {
        var queue = this.<String>newQueue(2);
        for (var time : NO_TIME) {
            assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(() -> queue.getDelivery(time));
        }
        long start = System.nanoTime();
        assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(() -> queue.getDelivery(BRIEFLY));
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BRIEFLY.toNanos());
        for (var time : LONG) {
            var waiting = Background.run(() -> queue.getDelivery(time).item()).awaitWaiting();
            queue.put("a");
            assertThat(waiting.get()).isEqualTo("a");
        }
        var interrupted =
                Background.run(() -> queue.getDelivery(null)).awaitWaiting().interrupt();
        assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
        assertThat(queue.unfinished()).isEqualTo(3);
    }

    @Test
    default void join_manyThreads_returnsWhenAllIsDone() throws Exception {
        int items = 600;
        var queue = this.<Integer>newQueue(10);
        var consuming = new ArrayList<Background<Integer>>();
        for (int i = 0; i < 3; i++) {
            boolean delivered = i == 0;
            consuming.add(Background.run(() -> consume(queue, delivered)));
        }
        for (int i = 0; i < items; i++) {
            queue.put(i);
        }

        queue.join();

        assertThat(queue.unfinished()).isZero();
        assertThat(queue.size()).isZero();
        for (int i = 0; i < consuming.size(); i++) {
            queue.put(-1);
        }
        int done = 0;
        for (var one : consuming) {
            done += one.get();
        }
        assertThat(done).isEqualTo(items);
        queue.join();
    }

    private static int consume(QueueVerbs.Joinable<Integer> queue, boolean delivered) throws InterruptedException {
        int done = 0;
        while (true) {
            if (delivered) {
                var delivery = queue.getDelivery(null);
                delivery.done();
                if (delivery.item() < 0) {
                    return done;
                }
            } else {
                int item = queue.get();
                queue.taskDone();
                if (item < 0) {
                    return done;
                }
            }
            done++;
        }
    }
}
