package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.testkit.Background;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every event, as threads of one JVM see it. */
public interface EventContract {
    /** How long a wait lasts that is to be in vain. */
    Duration BRIEFLY = Duration.ofMillis(60);

    /** A new event, not set. */
    Subject newEvent();

    /** An event, of whichever class. */
    interface Subject extends Serializable {
        void set();

        void clear();

        boolean isSet();

        void await() throws InterruptedException;

        boolean await(Duration timeout) throws InterruptedException;
    }

    /** Whether {@code count} wait for {@code event}, as far as it can be asked. */
    default boolean isAwaitedBy(Subject event, int count) {
        return true;
    }

    @Test
    default void await_unsetEvent_isFalseNotBeforeTheTimeout() throws InterruptedException {
        var event = newEvent();

        assertThat(event.isSet()).isFalse();
        assertThat(event.await(Duration.ZERO)).isFalse();
        assertThat(event.await(Duration.ofDays(-1))).isFalse();
        long start = System.nanoTime();
        assertThat(event.await(BRIEFLY)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BRIEFLY.toNanos());
    }

    @Test
    default void await_setEvent_returnsAtOnce() throws InterruptedException {
        var event = newEvent();
        event.set();
        event.set();

        assertThat(event.isSet()).isTrue();
        event.await();
        assertThat(event.await(Duration.ZERO)).isTrue();
        assertThat(event.await(Duration.ofHours(1))).isTrue();
        assertThat(event.await((Duration) null)).isTrue();
        event.clear();
        event.clear();
        assertThat(event.isSet()).isFalse();
        assertThat(event.await(Duration.ZERO)).isFalse();
    }

    @Test
    default void set_severalWait_releasesAll() throws Exception {
        var event = newEvent();
        for (int round = 0; round < 3; round++) {
            var waiting = waiting(event);

            event.set();

            for (var one : waiting) {
                assertThat(one.get()).isTrue();
            }
            event.clear();
        }
    }

    @Test
    default void set_clearedAtOnce_releasesAllWhoWaited() throws Exception {
        var event = newEvent();
        for (int round = 0; round < 30; round++) {
            var waiting = waiting(event);

            event.set();
            event.clear();

            for (var one : waiting) {
                assertThat(one.get()).isTrue();
            }
            assertThat(event.isSet()).isFalse();
            assertThat(event.await(Duration.ZERO)).isFalse();
        }
    }

    private List<Background<Boolean>> waiting(Subject event) {
        var waiting = new ArrayList<Background<Boolean>>();
        waiting.add(Background.run(() -> event.await((Duration) null)));
        waiting.add(Background.run(() -> event.await(Duration.ofHours(1))));
        waiting.add(Background.run(() -> {
            event.await();
            return true;
        }));
        waiting.forEach(Background::awaitWaiting);
        Waits.until(() -> isAwaitedBy(event, 3));
        return waiting;
    }

    @Test
    default void await_interruptedBefore_throws() throws Exception {
        var event = newEvent();

        var interrupted = Background.run(() -> {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(event::await);
            boolean after = Thread.currentThread().isInterrupted();
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> event.await(Duration.ofHours(1)));
            return after || Thread.currentThread().isInterrupted();
        });

        assertThat(interrupted.get()).isFalse();
    }

    @Test
    default void await_interruptedWhileWaiting_throwsAndLeavesTheOthersWaiting() throws Exception {
        var event = newEvent();
        var patient = waiting(event);
        var waiting = Background.run(() -> {
                    assertThatExceptionOfType(InterruptedException.class).isThrownBy(event::await);
                    return Thread.currentThread().isInterrupted();
                })
                .awaitWaiting();

        waiting.interrupt();

        assertThat(waiting.get()).isFalse();
        assertThat(patient).noneMatch(Background::isDone);
        event.set();
        for (var one : patient) {
            assertThat(one.get()).isTrue();
        }
    }

    @Test
    default void sentCopy_isTheSameEvent() throws Exception {
        var event = newEvent();
        var copy = Copies.sent(event);

        assertThat(copy).isEqualTo(event).hasSameHashCodeAs(event);
        assertThat(newEvent()).isNotEqualTo(event);
        var waiting = waiting(event);
        copy.set();
        for (var one : waiting) {
            assertThat(one.get()).isTrue();
        }
        assertThat(event.isSet()).isTrue();
        event.clear();
        assertThat(copy.isSet()).isFalse();
    }
}
