package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.queue.QueueClosedException;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What holds for every queue that a process may be done with. */
public interface ClosableQueueContract {
    /** A new, empty queue; unbounded unless {@code maxsize} is positive. */
    <E> QueueVerbs.Closable<E> newClosable(int maxsize);

    @Test
    @Conforms("_TestQueue.test_closed_queue_empty_exceptions")
    default void empty_closedQueue_saysSoUnlessItWasNeverUsed() throws Exception {
        var unused = this.<String>newClosable(0);
        unused.close();
        unused.joinThread();
        assertThat(unused.empty()).isTrue();

        var used = this.<String>newClosable(0);
        used.put("a");
        assertThat(used.get()).isEqualTo("a");
        used.close();
        used.joinThread();
        assertThatExceptionOfType(QueueClosedException.class)
                .isThrownBy(used::empty)
                .isInstanceOf(IllegalStateException.class)
                .withMessageContaining("closed");
    }

    @Test
    default void close_everyOtherMethod_isRefused() throws Exception {
        var queue = this.<String>newClosable(3);
        queue.put("a");
        queue.close();
        queue.close();

        assertThat(queue.isClosed()).isTrue();
        for (var call : List.<ThrowingCallable>of(
                () -> queue.put("b"),
                () -> queue.put("b", null),
                () -> queue.putNowait("b"),
                () -> queue.offer("b"),
                () -> queue.offer("b", 1, TimeUnit.SECONDS),
                () -> queue.add("b"),
                () -> queue.addAll(List.of("b")),
                queue::take,
                queue::get,
                () -> queue.get(Duration.ZERO),
                queue::getNowait,
                queue::poll,
                () -> queue.poll(1, TimeUnit.SECONDS),
                queue::remove,
                queue::peek,
                queue::element,
                () -> queue.drainTo(new ArrayList<>()),
                queue::size,
                queue::qsize,
                queue::isEmpty,
                queue::full,
                queue::remainingCapacity,
                () -> queue.contains("a"),
                () -> queue.remove("a"),
                queue::iterator,
                queue::toArray,
                queue::clear)) {
            assertThatExceptionOfType(QueueClosedException.class).isThrownBy(call);
        }
    }

    @Test
    default void close_othersWait_tellsThem() throws Exception {
        var full = this.<String>newClosable(1);
        full.put("a");
        var empty = this.<String>newClosable(1);
        var waiting = List.of(
                Background.run(() -> putting(full)).awaitWaiting(),
                Background.run(() -> full.offer("b", 1, TimeUnit.HOURS)).awaitWaiting(),
                Background.run(empty::take).awaitWaiting(),
                Background.run(() -> empty.poll(1, TimeUnit.HOURS)).awaitWaiting());

        full.close();
        empty.close();

        for (var one : waiting) {
            assertThat(one.failure()).isInstanceOf(QueueClosedException.class);
        }
    }

    @Test
    default void joinThread_openQueue_isRefused() {
        var queue = this.<String>newClosable(0);
        assertThat(queue.isClosed()).isFalse();
        assertThatIllegalStateException().isThrownBy(queue::joinThread);
        queue.cancelJoinThread();

        queue.close();

        queue.joinThread();
        queue.cancelJoinThread();
    }

    private static String putting(QueueVerbs<String> queue) throws InterruptedException {
        queue.put("b", null);
        return "put";
    }
}
