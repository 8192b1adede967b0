package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.testkit.Background;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** What holds for every blocking queue when threads that use it are interrupted. */
public interface QueueInterruptionContract extends QueueSource {
    @Test
    default void everyWayOfPutting_interruptedBefore_throwsAndPutsNothing() throws Exception {
        var free = this.<String>newQueue(2);
        var full = this.<String>newQueue(1);
        full.put("a");
        for (var way : QueueSource.waysOfPutting()) {
            assertThat(interruptedBefore(() -> way.put(free, "b"))).isFalse();
            assertThat(interruptedBefore(() -> way.put(full, "b"))).isFalse();
        }
        assertThat(free.isEmpty()).isTrue();
        assertThat(full).containsExactly("a");
        assertThat(free.offer("c")).isTrue();
        assertThat(full.take()).isEqualTo("a");
    }

    @Test
    default void everyWayOfTaking_interruptedBefore_throwsAndTakesNothing() throws Exception {
        var empty = this.<String>newQueue();
        var queue = queueOf("a");
        for (var way : QueueSource.waysOfTaking()) {
            assertThat(interruptedBefore(() -> way.take(empty))).isFalse();
            assertThat(interruptedBefore(() -> way.take(queue))).isFalse();
        }
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.take()).isEqualTo("a");
        assertThat(empty.isEmpty()).isTrue();
    }

    /** Whether the interrupt is still there after {@code call} has thrown because of it. */
    private static boolean interruptedBefore(Callable<?> call) throws Exception {
        return Background.run(() -> {
                    Thread.currentThread().interrupt();
                    assertThatExceptionOfType(InterruptedException.class).isThrownBy(call::call);
                    return Thread.currentThread().isInterrupted();
                })
                .get();
    }

    @Test
    default void everyWayOfPutting_interruptedWhileWaiting_throwsAndLeavesTheOthersWaiting() throws Exception {
        var queue = this.<String>newQueue(1);
        for (var way : QueueSource.waysOfPutting()) {
            queue.put("a");
            var waiting = interruptible(() -> way.put(queue, "never"));
            var patient = Background.run(() -> way.put(queue, "b")).awaitWaiting();

            waiting.awaitWaiting().interrupt();

            assertThat(waiting.get()).isFalse();
            assertThat(patient.isDone()).isFalse();
            assertThat(queue).containsExactly("a");
            assertThat(queue.take()).isEqualTo("a");
            assertThat(patient.get()).isTrue();
            assertThat(queue.take()).isEqualTo("b");
            assertThat(queue.poll()).isNull();
            assertThat(queue.remainingCapacity()).isEqualTo(1);
        }
    }

    @Test
    default void everyWayOfTaking_interruptedWhileWaiting_throwsAndLeavesTheOthersWaiting() throws Exception {
        var queue = this.<String>newQueue(5);
        for (var way : QueueSource.waysOfTaking()) {
            var waiting = interruptible(() -> way.take(queue));
            var patient = Background.run(() -> way.take(queue)).awaitWaiting();

            waiting.awaitWaiting().interrupt();

            assertThat(waiting.get()).isFalse();
            assertThat(patient.isDone()).isFalse();
            queue.put("a");
            assertThat(patient.get()).isEqualTo("a");
            assertThat(queue.isEmpty()).isTrue();
            queue.put("b");
            assertThat(queue.take()).isEqualTo("b");
        }
    }

    /** A call that is to end by an interrupt; gives whether that is still there afterwards. */
    private static Background<Boolean> interruptible(Callable<?> call) {
        return Background.run(() -> {
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(call::call);
            return Thread.currentThread().isInterrupted();
        });
    }

    @Test
    default void everyOtherMethod_interrupted_worksAndKeepsTheStatus() throws Exception {
        var queue = this.<String>newQueue(3);

        assertThat(Background.run(() -> {
                            Thread.currentThread().interrupt();
                            assertThat(queue.offer("a")).isTrue();
                            assertThat(queue.add("b")).isTrue();
                            assertThat(queue.addAll(List.of("c"))).isTrue();
                            assertThat(queue.offer("d")).isFalse();
                            assertThat(queue.peek()).isEqualTo("a");
                            assertThat(queue.element()).isEqualTo("a");
                            assertThat(queue.size()).isEqualTo(3);
                            assertThat(queue.remainingCapacity()).isZero();
                            assertThat(queue.contains("b")).isTrue();
                            assertThat(queue.toArray()).hasSize(3);
                            assertThat(queue.iterator().next()).isEqualTo("a");
                            assertThat(queue.remove("b")).isTrue();
                            assertThat(queue.poll()).isEqualTo("a");
                            assertThat(queue.drainTo(new ArrayList<>())).isEqualTo(1);
                            queue.clear();
                            assertThat(queue.poll()).isNull();
                            return Thread.currentThread().isInterrupted();
                        })
                        .get())
                .isTrue();
        assertThat(queue.isEmpty()).isTrue();
        queue.put("usable");
        assertThat(queue.take()).isEqualTo("usable");
    }

    @Test
    default void take_interruptedAtAnyMoment_losesNothing() throws Exception {
        var queue = this.<Integer>newQueue();
        int received = 0;
        for (int i = 0; i < 300; i++) {
            var started = new CountDownLatch(1);
            var taking = Background.run(() -> {
                started.countDown();
                try {
                    return queue.take();
                } catch (InterruptedException e) {
                    return null;
                }
            });
            started.await();
            spin(ThreadLocalRandom.current().nextInt(2_000));
            queue.put(i);
            spin(ThreadLocalRandom.current().nextInt(500));
            taking.interrupt();
            var taken = taking.get();
            var left = queue.poll();

            assertThat(taken == null ? left : taken).as("round %d", i).isEqualTo(i);
            assertThat(taken == null || left == null).as("only once").isTrue();
            received += taken == null ? 0 : 1;
        }
        assertThat(received).isBetween(0, 300);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    default void put_interruptedAtAnyMoment_putsItOrSaysSo() throws Exception {
        var queue = this.<Integer>newQueue(1);
        for (int i = 0; i < 300; i++) {
            int item = i;
            queue.put(-1);
            var putting = putting(queue, item);
            spin(ThreadLocalRandom.current().nextInt(2_000));
            assertThat(queue.take()).isEqualTo(-1);
            spin(ThreadLocalRandom.current().nextInt(500));
            putting.interrupt();

            assertThat(putting.get() ? List.of(item) : List.of()).isEqualTo(new ArrayList<>(queue));
            queue.clear();
            assertThat(queue.remainingCapacity()).isEqualTo(1);
        }
    }

    /** A large item takes other ways than a small one; the JDK closes channels under interrupted threads. */
    @Test
    default void offerAndPoll_largeItemInterrupted_workAndKeepTheStatus() throws Exception {
        var queue = this.<byte[]>newQueue();

        assertThat(Background.run(() -> {
                            Thread.currentThread().interrupt();
                            assertThat(queue.offer(large(1))).isTrue();
                            assertThat(queue.add(large(2))).isTrue();
                            assertThat(queue.peek()).isEqualTo(large(1));
                            assertThat(queue.poll()).isEqualTo(large(1));
                            assertThat(queue.iterator().next()).isEqualTo(large(2));
                            return Thread.currentThread().isInterrupted();
                        })
                        .get())
                .isTrue();
        assertThat(queue.take()).isEqualTo(large(2));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    default void put_largeItemInterruptedAtAnyMoment_putsItOrSaysSo() throws Exception {
        var queue = this.<byte[]>newQueue();
        for (int i = 0; i < 100; i++) {
            byte[] item = large(i);
            var putting = putting(queue, item);
            spin(ThreadLocalRandom.current().nextInt(50_000));
            putting.interrupt();

            boolean put = putting.get();
            var taken = queue.poll();
            assertThat(taken != null).as("round %d", i).isEqualTo(put);
            assertThat(taken == null || Arrays.equals(taken, item)).isTrue();
            assertThat(queue.isEmpty()).isTrue();
        }
    }

    /** A put that has begun, or is about to; gives whether it was done when an interrupt came. */
    private static <E> Background<Boolean> putting(BlockingQueue<E> queue, E item) throws InterruptedException {
        var started = new CountDownLatch(1);
        var putting = Background.run(() -> {
            started.countDown();
            try {
                queue.put(item);
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        });
        started.await();
        return putting;
    }

    private static byte[] large(int content) {
        var item = new byte[300_000];
        Arrays.fill(item, (byte) content);
        return item;
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}
