package io.multijvm.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.ProcessParties;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Queues whose consumers and producers end, or stop. */
@ForkTest
final class QueueDeathTest extends ProcessParties {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    QueueDeathTest() {
        super(StartMethod.FORKSERVER);
    }

    @ParameterizedTest
    @EnumSource(
            value = StartMethod.class,
            names = {"SPAWN", "FORKSERVER"})
    void consumerKilled_whatItHadNotDoneComesBackFirst(StartMethod method) throws Exception {
        try (var chosen = MultiJvm.getContext(method)) {
            var queue = queueOf(1, 2, 3, 4, 5);
            var consumer = after(chosen, () -> {
                assertThat(queue.get()).isEqualTo(1);
                assertThat(queue.get()).isEqualTo(2);
                assertThat(queue.get()).isEqualTo(3);
                queue.taskDone(); // of 1
            });
            assertThat(queue.size()).isEqualTo(2);
            assertThat(queue.unfinished()).isEqualTo(4);

            consumer.kill();
            notice(queue);

            assertDelivered(queue, 2, true);
            assertDelivered(queue, 3, true);
            assertDelivered(queue, 4, false);
            assertDelivered(queue, 5, false);
            assertThat(queue.isEmpty()).isTrue();
            queue.join();
        }
    }

    @Test
    void consumerEnded_whatItHadNotDoneComesBack() throws Exception {
        var queue = queueOf(1, 2, 3);
        var consumer = started(() -> {
            queue.getDelivery(null).done();
            queue.getDelivery(null);
        });
        consumer.joinOrThrow();
        notice(queue);

        assertDelivered(queue, 2, true);
        assertDelivered(queue, 3, false);
        queue.join();
    }

    @Test
    void consumerKilled_allSeeWhatComesBack() throws Exception {
        var queue = queueOf(1, 2, 3);
        var consumer = after(() -> {
            queue.get();
            queue.get();
        });
        assertThat(queue.size()).isEqualTo(1);

        consumer.kill();
        notice(queue);

        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.unfinished()).isEqualTo(3);
        assertThat(queue).containsExactly(1, 2, 3);
        assertThat(queue.peek()).isEqualTo(1);
    }

    @Test
    void consumerKilled_whoWaitsGetsItsItem() throws Exception {
        var queue = queueOf(1);
        var consumer = after(queue::get);
        var waiting = Background.run(() -> queue.getDelivery(PATIENCE)).awaitWaiting();

        consumer.kill();

        assertThat(waiting.get().item()).isEqualTo(1);
        assertThat(waiting.get().isRedelivered()).isTrue();
    }

    @Test
    void consumersKilled_oneAfterTheOther_itemIsRedeliveredAgain() throws Exception {
        var queue = queueOf(1, 2);
        for (int i = 0; i < 3; i++) {
            boolean again = i > 0;
            after(() -> {
                        var delivery = queue.getDelivery(PATIENCE);
                        assertThat(delivery.item()).isEqualTo(1);
                        assertThat(delivery.isRedelivered()).isEqualTo(again);
                    })
                    .kill();
        }

        assertDelivered(queue, 1, true);
        assertDelivered(queue, 2, false);
        queue.join();
    }

    @Test
    void consumerKilled_whoJoinsWaitsUntilItsItemIsDone() throws Exception {
        var queue = queueOf(1);
        var consumer = after(queue::get);
        var joining = Background.run(() -> {
                    queue.join();
                    return "joined";
                })
                .awaitWaiting();

        consumer.kill();
        var delivery = queue.getDelivery(PATIENCE);
        assertThat(joining.isDone()).isFalse();
        delivery.done();

        assertThat(joining.get()).isEqualTo("joined");
    }

    @Test
    void consumerKilled_fullQueue_staysFullUntilThereIsRoom() throws Exception {
        var queue = JoinableQueue.<Integer>create(2);
        queue.put(1);
        queue.put(2);
        var consumer = after(() -> {
            queue.get();
            queue.get();
        });
        queue.put(3);
        queue.put(4);

        consumer.kill();
        notice(queue);

        assertThat(queue.size()).isEqualTo(4);
        assertThat(queue.remainingCapacity()).isZero();
        for (int i = 1; i <= 2; i++) {
            assertDelivered(queue, i, true);
            assertThat(queue.offer(5)).isFalse();
        }
        assertDelivered(queue, 3, false);
        assertThat(queue.remainingCapacity()).isEqualTo(1);
        assertThat(queue.offer(5)).isTrue();
        assertThat(queue.offer(6)).isFalse();
        assertDelivered(queue, 4, false);
        assertDelivered(queue, 5, false);
        queue.join();
    }

    @Test
    void consumerPaused_keepsWhatItHas() throws Exception {
        var queue = queueOf(1);
        var consumer = after(queue::get);
        consumer.pause();

        assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(() -> queue.get(Duration.ofMillis(600)));
        assertThat(queue.unfinished()).isEqualTo(1);
        consumer.resume();
        consumer.kill();

        assertDelivered(queue, 1, true);
    }

    @Test
    void consumerThreadEnds_itemDoesNotComeBack() throws Exception {
        var queue = queueOf(1);
        assertThat(Background.run(() -> queue.get()).get()).isEqualTo(1);

        assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(() -> queue.get(Duration.ofMillis(300)));
        queue.taskDone();
        queue.join();
    }

    @Test
    void plainQueue_consumerKilled_itemIsGoneAndTheQueueAsBefore() throws Exception {
        var queue = ProcessQueue.<Integer>create(2);
        queue.put(1);
        queue.put(2);

        after(() -> assertThat(queue.take()).isEqualTo(1)).kill();

        assertThat(queue.remainingCapacity()).isEqualTo(1);
        assertThat(queue.offer(3)).isTrue();
        assertThat(queue.offer(4)).isFalse();
        assertThat(queue.take()).isEqualTo(2);
        assertThat(queue.take()).isEqualTo(3);
        assertThat(queue.poll()).isNull();
    }

    @Test
    void waitingConsumersKilled_itemsGoToTheLiving() throws Exception {
        for (var queue : List.of(ProcessQueue.<Integer>create(0), JoinableQueue.<Integer>create(0))) {
            var killed = List.of(waitingIn(queue::take), waitingIn(queue::take));
            var living = waitingIn(() -> {
                assertThat(queue.take()).isEqualTo(1);
                if (queue instanceof JoinableQueue<?> joinable) {
                    joinable.taskDone();
                }
            });
            killed.forEach(JvmProcess::kill);

            queue.put(1);

            living.joinOrThrow();
            queue.put(2);
            assertThat(queue.take()).isEqualTo(2);
        }
    }

    @Test
    void waitingProducersKilled_roomGoesToTheLiving() throws Exception {
        for (var queue : List.of(ProcessQueue.<Integer>create(1), JoinableQueue.<Integer>create(1))) {
            queue.put(0);
            var killed = List.of(waitingIn(() -> queue.put(-1)), waitingIn(() -> queue.put(-2)));
            var living = waitingIn(() -> queue.put(1));
            killed.forEach(JvmProcess::kill);

            assertThat(queue.take()).isZero();

            living.joinOrThrow();
            assertThat(queue.take()).isEqualTo(1);
            assertThat(queue.poll()).isNull();
            assertThat(queue.remainingCapacity()).isEqualTo(1);
        }
    }

    /** Who waits notices deaths within 200 ms. */
    private static void notice(JoinableQueue<Integer> queue) throws InterruptedException {
        assertThat(queue.join(Duration.ofMillis(500))).isFalse();
    }

    private static JoinableQueue<Integer> queueOf(int... items) {
        var queue = JoinableQueue.<Integer>create(0);
        for (int item : items) {
            queue.putNowait(item);
        }
        return queue;
    }

    private static void assertDelivered(JoinableQueue<Integer> queue, int item, boolean redelivered)
            throws InterruptedException {
        var delivery = queue.getDelivery(PATIENCE);
        assertThat(delivery.item()).isEqualTo(item);
        assertThat(delivery.isRedelivered()).as("redelivered: %d", item).isEqualTo(redelivered);
        delivery.done();
    }
}
