package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.multijvm.queue.QueueEmptyException;
import io.multijvm.queue.QueueFullException;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What holds for every queue of ours beyond {@link BlockingQueueContract}: Python's verbs, as threads of one JVM see them. */
public interface ProcessQueueContract extends BlockingQueueContract {
    /** Durations for which nobody waits. */
    List<Duration> NO_TIME = List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE));
    /** How long to wait for what comes: null waits for ever. */
    List<Duration> LONG = Arrays.asList(Duration.ofHours(1), Duration.ofSeconds(Long.MAX_VALUE), null);

    Duration BRIEFLY = Duration.ofMillis(BRIEFLY_MILLIS);

    /** A new, empty queue; unbounded unless {@code maxsize} is positive. */
    @Override
    <E> QueueVerbs<E> newQueue(int maxsize);

    @Override
    default <E> QueueVerbs<E> newQueue() {
        return newQueue(0);
    }

    @Test
    default void maxsize_fullAndEmpty_sayWhatFits() throws Exception {
        var queue = this.<String>newQueue(2);
        assertThat(queue.maxsize()).isEqualTo(2);
        assertThat(queue.empty()).isTrue();
        assertThat(queue.full()).isFalse();
        queue.put("a");
        assertThat(queue.qsize()).isEqualTo(1);
        assertThat(queue.empty()).isFalse();
        assertThat(queue.full()).isFalse();
        queue.put("b");
        assertThat(queue.qsize()).isEqualTo(2);
        assertThat(queue.full()).isTrue();
        assertThat(queue.get()).isEqualTo("a");
        assertThat(queue.full()).isFalse();
        assertThat(queue.get()).isEqualTo("b");
        assertThat(queue.qsize()).isZero();
        assertThat(queue.empty()).isTrue();
    }

    @Test
    default void drainTo_whileMoreIsPut_endsWithWhatWasThereBefore() {
        var queue = this.<String>newQueue();
        assertThat(queue.addAll(List.of("a", "b"))).isTrue();
        var target = new ArrayList<String>() {
            @Override
            public boolean add(String item) {
                return queue.add("after " + item) && super.add(item);
            }
        };

        assertThat(queue.drainTo(target)).isEqualTo(2);

        assertThat(target).containsExactly("a", "b");
        assertThat(queue).containsExactly("after a", "after b");
    }

    @Test
    default void maxsize_zeroOrLess_isUnbounded() throws Exception {
        for (int maxsize : new int[] {0, -1, Integer.MIN_VALUE}) {
            var queue = this.<Integer>newQueue(maxsize);
            for (int i = 0; i < 1_000; i++) {
                queue.putNowait(i);
            }
            assertThat(queue.maxsize()).isZero();
            assertThat(queue.full()).isFalse();
            assertThat(queue.qsize()).isEqualTo(1_000);
            assertThat(queue.remainingCapacity()).isEqualTo(Integer.MAX_VALUE);
            for (int i = 0; i < 1_000; i++) {
                assertThat(queue.getNowait()).isEqualTo(i);
            }
        }
    }

    @Test
    default void put_anyTime_putsWhereThereIsRoom() throws Exception {
        var queue = this.<Integer>newQueue();
        int puts = 0;
        for (var time : LONG) {
            queue.put(puts++, time);
        }
        for (var time : NO_TIME) {
            queue.put(puts++, time);
        }
        queue.putNowait(puts++);
        for (int i = 0; i < puts; i++) {
            assertThat(queue.getNowait()).isEqualTo(i);
        }
    }

    @Test
    default void put_fullQueueAndNoTime_isAFullException() throws Exception {
        var queue = this.<String>newQueue(1);
        queue.put("a");
        for (var time : NO_TIME) {
            assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> queue.put("b", time));
        }
        assertThatExceptionOfType(QueueFullException.class)
                .isThrownBy(() -> queue.putNowait("b"))
                .isInstanceOf(IllegalStateException.class);
        assertThat(queue).containsExactly("a");
    }

    @Test
    default void put_timeIsUp_isAFullExceptionAndNotEarly() throws Exception {
        var queue = this.<String>newQueue(1);
        queue.put("a");

        long start = System.nanoTime();
        assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> queue.put("b", BRIEFLY));

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BRIEFLY.toNanos());
        assertThat(queue).containsExactly("a");
    }

    @Test
    default void put_fullQueue_waitsForAGet() throws Exception {
        var queue = this.<String>newQueue(1);
        for (var time : LONG) {
            queue.put("a");
            var waiting = Background.run(() -> {
                        queue.put("b", time);
                        return "put";
                    })
                    .awaitWaiting();
            assertThat(waiting.isDone()).isFalse();

            assertThat(queue.get()).isEqualTo("a");

            assertThat(waiting.get()).isEqualTo("put");
            assertThat(queue.get()).isEqualTo("b");
        }
    }

    @Test
    default void get_anyTime_getsWhatIsThere() throws Exception {
        var queue = queueOf(0, 1, 2, 3, 4, 5, 6, 7);
        var process = (QueueVerbs<Integer>) queue;
        int gets = 0;
        for (var time : LONG) {
            assertThat(process.get(time)).isEqualTo(gets++);
        }
        for (var time : NO_TIME) {
            assertThat(process.get(time)).isEqualTo(gets++);
        }
        assertThat(process.get()).isEqualTo(gets++);
        assertThat(process.getNowait()).isEqualTo(gets);
        assertThat(process.empty()).isTrue();
    }

    @Test
    default void get_emptyQueueAndNoTime_isAnEmptyException() {
        var queue = this.<String>newQueue();
        for (var time : NO_TIME) {
            assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(() -> queue.get(time));
        }
        assertThatExceptionOfType(QueueEmptyException.class)
                .isThrownBy(queue::getNowait)
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    @Conforms("_TestQueue.test_timeout")
    default void get_timeIsUp_isAnEmptyExceptionAndNotEarly() {
        var queue = this.<String>newQueue();
        var time = Duration.ofMillis(200);

        long start = System.nanoTime();
        assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(() -> queue.get(time));

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(time.toNanos());
    }

    @Test
    default void get_emptyQueue_waitsForAPut() throws Exception {
        var queue = this.<String>newQueue();
        for (var time : LONG) {
            var waiting = Background.run(() -> queue.get(time)).awaitWaiting();
            assertThat(waiting.isDone()).isFalse();

            queue.putNowait("a");

            assertThat(waiting.get()).isEqualTo("a");
        }
        var waiting = Background.run(() -> queue.get()).awaitWaiting();
        queue.putNowait("b");
        assertThat(waiting.get()).isEqualTo("b");
    }

    @Test
    default void putAndGet_null_areRefused() throws Exception {
        var queue = this.<String>newQueue(1);
        for (int i = 0; i < 2; i++) {
            assertThatNullPointerException().isThrownBy(() -> queue.put(null, null));
            assertThatNullPointerException().isThrownBy(() -> queue.put(null, Duration.ZERO));
            assertThatNullPointerException().isThrownBy(() -> queue.putNowait(null));
            assertThat(queue.qsize()).isEqualTo(i);
            queue.offer("a"); // and once more when it is full
        }
    }

    @Test
    default void everyWait_interrupted_throwsAndChangesNothing() throws Exception {
        var full = this.<String>newQueue(1);
        full.put("a");
        var empty = this.<String>newQueue();
        for (var call : List.<Callable<?>>of(
                () -> putting(full, Duration.ofHours(1)),
                () -> putting(full, null),
                empty::get,
                () -> empty.get(Duration.ofHours(1)),
                () -> empty.get(null))) {
            assertThat(Background.run(() -> {
                                Thread.currentThread().interrupt();
                                return statusAfterInterrupt(call);
                            })
                            .get())
                    .isFalse();
            assertThat(Background.run(() -> statusAfterInterrupt(call))
                            .awaitWaiting()
                            .interrupt()
                            .get())
                    .isFalse();
            assertThat(full).containsExactly("a");
            assertThat(empty).isEmpty();
        }
        assertThat(full.get()).isEqualTo("a");
        assertThat(full.remainingCapacity()).isEqualTo(1);
        empty.put("b");
        assertThat(empty.get()).isEqualTo("b");
    }

    private static Object putting(QueueVerbs<String> queue, Duration time) throws InterruptedException {
        queue.put("b", time);
        return "put";
    }

    private static boolean statusAfterInterrupt(Callable<?> call) {
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(call::call);
        return Thread.currentThread().isInterrupted();
    }

    @Test
    default void poll_waiting_costsLittleProcessorTime() throws Exception {
        var queue = this.<String>newQueue();
        assertThat(queue.poll(BRIEFLY_MILLIS, TimeUnit.MILLISECONDS)).isNull();

        long spent = Background.run(() -> {
                    var threads = ManagementFactory.getThreadMXBean();
                    long begin = threads.getCurrentThreadCpuTime();
                    assertThat(queue.poll(1, TimeUnit.SECONDS)).isNull();
                    return threads.getCurrentThreadCpuTime() - begin;
                })
                .get();

        assertThat(TimeUnit.NANOSECONDS.toMillis(spent)).isLessThan(100);
    }

    @Test
    default void sentCopy_isTheSameQueue() throws Exception {
        var queue = this.<String>newQueue(2);
        var copy = Copies.sent(queue);

        assertThat(copy.equals(queue)).isTrue();
        assertThat(copy.hashCode()).isEqualTo(queue.hashCode());
        assertThat(newQueue(2).equals(queue)).isFalse();
        queue.put("a");
        copy.put("b");
        assertThat(copy.maxsize()).isEqualTo(2);
        assertThat(queue.full()).isTrue();
        assertThat(copy.get()).isEqualTo("a");
        assertThat(queue.get()).isEqualTo("b");
        assertThat(copy.empty()).isTrue();
    }
}
