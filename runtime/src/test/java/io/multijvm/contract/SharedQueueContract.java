package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.queue.QueueEmptyException;
import io.multijvm.queue.QueueFullException;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every queue of ours between its parties, wherever they run. */
public interface SharedQueueContract {
    Duration BRIEFLY = Duration.ofMillis(100);

    Workers workers();

    /** Parties that are gone when they are done. */
    default Workers mortalWorkers() {
        return workers();
    }

    /** A new, empty queue; unbounded unless {@code maxsize} is positive. */
    <E> QueueVerbs<E> newQueue(int maxsize);

    /** Acknowledges what this process has taken, if the queue wants that, so that it does not come back. */
    static void done(QueueVerbs<?> queue, int items) {
        if (queue instanceof QueueVerbs.Joinable<?> joinable) {
            for (int i = 0; i < items; i++) {
                joinable.taskDone();
            }
        }
    }

    @Test
    @Conforms("_TestQueue.test_put")
    default void put_fullQueue_isRefusedUntilAnotherPartyHasTaken(@TempDir Path directory) throws Exception {
        var queue = this.<Integer>newQueue(6);
        var mayTake = Tally.in(directory, "may take");
        var taker = workers().start(() -> {
            mayTake.await(1);
            for (int i = 1; i <= 6; i++) {
                assertThat(queue.get()).isEqualTo(i);
            }
            done(queue, 6);
        });
        assertThat(queue.empty()).isTrue();
        assertThat(queue.full()).isFalse();
        queue.put(1);
        queue.put(2, null);
        queue.put(3, Duration.ofHours(1));
        queue.put(4, Duration.ZERO);
        queue.putNowait(5);
        assertThat(queue.offer(6)).isTrue();
        assertThat(queue.empty()).isFalse();
        assertThat(queue.full()).isTrue();

        assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> queue.putNowait(7));
        assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> queue.put(7, Duration.ZERO));
        assertThat(queue.offer(7)).isFalse();
        long start = System.nanoTime();
        assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> queue.put(7, BRIEFLY));
        assertThat(queue.offer(7, BRIEFLY.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2 * BRIEFLY.toNanos());
        assertThat(queue.remainingCapacity()).isZero();

        mayTake.add();
        taker.join();
        assertThat(queue.empty()).isTrue();
        assertThat(queue.full()).isFalse();
        assertThat(queue.remainingCapacity()).isEqualTo(6);
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestQueue.test_get")
    default void get_whatAnotherPartyHasPut_comesInOrder() throws Exception {
        var queue = this.<Integer>newQueue(0);
        assertThat(queue.empty()).isTrue();
        workers()
                .start(() -> {
                    for (int i = 1; i <= 7; i++) {
                        queue.put(i);
                    }
                })
                .join();
        assertThat(queue.empty()).isFalse();

        assertThat(queue.get()).isEqualTo(1);
        assertThat(queue.get(null)).isEqualTo(2);
        assertThat(queue.get(Duration.ofHours(1))).isEqualTo(3);
        assertThat(queue.get(Duration.ZERO)).isEqualTo(4);
        assertThat(queue.getNowait()).isEqualTo(5);
        assertThat(queue.poll()).isEqualTo(6);
        assertThat(queue.take()).isEqualTo(7);

        assertThat(queue.empty()).isTrue();
        assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(queue::getNowait);
        assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(() -> queue.get(Duration.ZERO));
        assertThat(queue.poll()).isNull();
        long start = System.nanoTime();
        assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(() -> queue.get(BRIEFLY));
        assertThat(queue.poll(BRIEFLY.toMillis(), TimeUnit.MILLISECONDS)).isNull();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2 * BRIEFLY.toNanos());
    }

    @Test
    @Conforms("_TestQueue.test_fork")
    default void put_byTheCreatorAndAnotherParty_comesInOrderAfterThatOneHasEnded() throws Exception {
        var queue = this.<Integer>newQueue(0);
        for (int i = 0; i < 10; i++) {
            queue.put(i);
        }
        mortalWorkers()
                .start(() -> {
                    for (int i = 10; i < 20; i++) {
                        queue.put(i);
                    }
                })
                .join();

        for (int i = 0; i < 20; i++) {
            assertThat(queue.get()).isEqualTo(i);
        }
        assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(queue::getNowait);
    }

    @Test
    @Conforms("_TestQueue.test_qsize")
    default void qsize_followsEveryPutAndGetOfEveryParty() throws Exception {
        var queue = this.<Integer>newQueue(0);
        assertThat(queue.qsize()).isZero();
        queue.put(1);
        assertThat(queue.qsize()).isEqualTo(1);
        workers()
                .start(() -> {
                    assertThat(queue.qsize()).isEqualTo(1);
                    queue.put(5);
                    assertThat(queue.qsize()).isEqualTo(2);
                })
                .join();
        assertThat(queue.qsize()).isEqualTo(2);
        workers()
                .start(() -> {
                    assertThat(queue.get()).isEqualTo(1);
                    assertThat(queue.qsize()).isEqualTo(1);
                    done(queue, 1);
                })
                .join();
        assertThat(queue.qsize()).isEqualTo(1);
        assertThat(queue.get()).isEqualTo(5);
        assertThat(queue.qsize()).isZero();
    }

    @Test
    @Conforms("_TestQueue.test_timeout")
    default void get_inAnotherParty_timesOutThere() throws Exception {
        var queue = this.<Integer>newQueue(0);

        workers()
                .start(() -> {
                    long start = System.nanoTime();
                    assertThatExceptionOfType(QueueEmptyException.class)
                            .isThrownBy(() -> queue.get(Duration.ofMillis(200)));
                    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000);
                })
                .join();
    }

    @Test
    @Conforms({"_TestQueue.test_queue_feeder_donot_stop_onexc", "_TestQueue.test_queue_feeder_on_queue_feeder_error"})
    default void put_notSendable_failsInThePutterAndTheNextArrives() throws Exception {
        var queue = newQueue(1);
        workers()
                .start(() -> {
                    assertThatExceptionOfType(NotSendableException.class)
                            .isThrownBy(() -> queue.put(List.of(new Thread("not sendable"))))
                            .withMessageContaining("Thread");
                    queue.put("next");
                })
                .join();

        assertThat(queue.qsize()).isEqualTo(1);
        assertThat(queue.get(Duration.ofSeconds(30))).isEqualTo("next");
        assertThat(queue.empty()).isTrue();
    }

    @Test
    default void waiting_inSeveralParties_endsOnePerItemAndOnePerRoom(@TempDir Path directory) throws Exception {
        var queue = this.<Integer>newQueue(2);
        var had = Tally.in(directory, "had");
        var takers = workers().start(3, () -> {
            queue.take();
            done(queue, 1);
            had.add();
        });
        queue.put(1);
        had.await(1);
        queue.put(2);
        queue.put(3);
        Workers.joinAll(takers);
        assertThat(had.count()).isEqualTo(3);
        assertThat(queue.qsize()).isZero();

        queue.put(0);
        queue.put(0);
        var put = Tally.in(directory, "put");
        var putters = workers().startEach(3, index -> () -> {
            queue.put(index + 1);
            put.add();
        });
        assertThat(put.count()).isZero();
        assertThat(queue.take()).isZero();
        put.await(1);
        assertThat(queue.take()).isZero();
        var rest = new ArrayList<Integer>();
        while (rest.size() < 3) {
            rest.add(queue.take());
        }
        Workers.joinAll(putters);
        assertThat(rest).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(queue.qsize()).isZero();
    }

    @Test
    default void severalPartiesOnBothSides_eachItemToOneInOrderOfItsProducer(@TempDir Path directory) throws Exception {
        int producers = 3;
        int consumers = 2;
        int items = 500;
        // All are put before the first consumer comes to the second queue.
        var queues = List.of(this.<Integer>newQueue(5), this.<Integer>newQueue(0));
        String files = directory.toString();
        var consuming = workers().startEach(consumers, index -> () -> {
            for (int i = 0; i < 2; i++) {
                consume(queues.get(i), Path.of(files, "got " + index + " of " + i));
            }
        });
        var producing = workers().startEach(producers, index -> () -> {
            for (var queue : queues) {
                for (int i = 0; i < items; i++) {
                    queue.put(index * items + i);
                }
            }
        });
        Workers.joinAll(producing);
        for (var queue : queues) {
            for (int i = 0; i < consumers; i++) {
                queue.put(-1);
            }
        }
        Workers.joinAll(consuming);
        for (int queue = 0; queue < 2; queue++) {
            var all = new ArrayList<Integer>();
            for (int i = 0; i < consumers; i++) {
                var got = read(directory.resolve("got " + i + " of " + queue));
                for (int j = 0; j < producers; j++) {
                    int producer = j;
                    assertThat(got.stream().filter(item -> item / items == producer))
                            .isSorted();
                }
                all.addAll(got);
            }
            assertThat(all)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, producers * items).boxed().toList());
            assertThat(queues.get(queue).poll()).isNull();
            assertThat(queues.get(queue).qsize()).isZero();
        }
    }

    private static List<Integer> read(Path journal) throws IOException {
        return Files.readAllLines(journal).stream().map(Integer::valueOf).toList();
    }

    private static void consume(QueueVerbs<Integer> queue, Path journal) throws IOException, InterruptedException {
        try (var out = Files.newBufferedWriter(journal, StandardOpenOption.CREATE_NEW)) {
            for (int item = queue.take(); item != -1; item = queue.take()) {
                out.write(item + "\n");
                done(queue, 1);
            }
            done(queue, 1);
        }
    }

    @Test
    default void size_whileOtherPartiesPutAndTake_staysWithinBounds(@TempDir Path directory) throws Exception {
        var queue = this.<Integer>newQueue(3);
        var over = Tally.in(directory, "over");
        var parties = workers().startEach(2, index -> () -> {
            for (int i = 0; i < 500; i++) {
                if (index == 0) {
                    queue.put(i);
                } else {
                    assertThat(queue.take()).isEqualTo(i);
                    done(queue, 1);
                }
            }
            over.add();
        });

        while (over.count() < 2) {
            assertThat(queue.size()).isBetween(0, 3);
            assertThat(queue.remainingCapacity()).isBetween(0, 3);
            assertThat(new ArrayList<>(queue)).isSorted().doesNotHaveDuplicates();
        }

        Workers.joinAll(parties);
        assertThat(queue.size()).isZero();
        assertThat(queue.remainingCapacity()).isEqualTo(3);
    }

    @Test
    default void items_bigAndSmall_passBetweenPartiesWhole() throws Exception {
        var there = this.<byte[]>newQueue(2);
        var back = this.<byte[]>newQueue(0);
        var sizes = List.of(0, 10, 1024 * 1024, 1, 20 * 1024 * 1024, 3);
        int count = sizes.size();
        var echo = workers().start(() -> {
            for (int i = 0; i < count; i++) {
                back.put(there.take());
                done(there, 1);
            }
        });
        for (int size : sizes) {
            there.put(filled(size));
        }
        for (int size : sizes) {
            assertThat(Arrays.equals(back.take(), filled(size)))
                    .as("%d bytes", size)
                    .isTrue();
        }
        echo.join();
    }

    private static byte[] filled(int size) {
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + i / 4096);
        }
        return bytes;
    }

    @Test
    default void collectionMethods_ofAnotherParty_changeTheSameQueue() throws Exception {
        var queue = this.<Integer>newQueue(6);
        assertThat(queue.addAll(List.of(1, 2, 3, 4, 5, 6))).isTrue();
        workers()
                .start(() -> {
                    assertThat(queue).containsExactly(1, 2, 3, 4, 5, 6);
                    assertThat(queue.contains(3)).isTrue();
                    assertThat(queue.remove(3)).isTrue();
                    assertThat(queue.removeIf(number -> number > 5)).isTrue();
                    var drained = new ArrayList<Integer>();
                    assertThat(queue.drainTo(drained, 2)).isEqualTo(2);
                    assertThat(drained).containsExactly(1, 2);
                    done(queue, 2);
                })
                .join();

        assertThat(queue).containsExactly(4, 5);
        assertThat(queue.remainingCapacity()).isEqualTo(4);
        workers().start(queue::clear).join();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.remainingCapacity()).isEqualTo(6);
    }
}
