package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.sync.Guard;
import io.multijvm.testkit.Background;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** What every lock of ours has beside what every {@link Lock} has. */
public interface AcquireContract extends LockContract {
    @Override
    LockVerbs newLock();

    @Override
    default boolean locked(Lock lock) {
        return ((LockVerbs) lock).locked();
    }

    @Override
    default Guard guard(Lock lock) {
        return ((LockVerbs) lock).guard();
    }

    @Test
    default void acquire_freeLock_isHeldUntilRelease() throws InterruptedException {
        var lock = newLock();

        lock.acquire();
        assertThat(lock.locked()).isTrue();
        assertThat(lock.isInherited()).isFalse();
        lock.release();
        assertThat(lock.locked()).isFalse();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::release);
    }

    @Test
    default void acquire_noTime_onlyTries() throws Exception {
        var lock = newLock();
        for (Duration time :
                new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE)}) {
            assertThat(lock.acquire(time)).isTrue();
            assertThat(Background.run(() -> lock.acquire(time)).get()).isFalse();
            lock.release();
        }
    }

    @Test
    default void acquire_someTime_isFalseAndNotEarly() throws Exception {
        var lock = newLock();
        lock.acquire();

        var waited = Background.run(() -> {
            long start = System.nanoTime();
            assertThat(lock.acquire(Duration.ofMillis(BRIEFLY_MILLIS))).isFalse();
            return Duration.ofNanos(System.nanoTime() - start);
        });

        assertThat(waited.get()).isGreaterThanOrEqualTo(Duration.ofMillis(BRIEFLY_MILLIS));
        lock.release();
    }

    @Test
    default void acquire_noOrEndlessTimeout_waitsForRelease() throws Exception {
        var lock = newLock();
        for (Duration time : new Duration[] {null, Duration.ofSeconds(Long.MAX_VALUE)}) {
            lock.acquire();
            var waiting = Background.run(() -> {
                        boolean had = lock.acquire(time);
                        lock.release();
                        return had;
                    })
                    .awaitWaiting();

            lock.release();

            assertThat(waiting.get()).isTrue();
        }
    }

    @Test
    default void acquire_interrupted_throwsAndLeavesItUsable() throws Exception {
        var lock = newLock();
        lock.acquire();
        var waiting = Background.run(() -> {
                    assertThatExceptionOfType(InterruptedException.class).isThrownBy(lock::acquire);
                    Thread.currentThread().interrupt();
                    assertThatExceptionOfType(InterruptedException.class)
                            .isThrownBy(() -> lock.acquire(Duration.ofHours(1)));
                    return lock.acquire(Duration.ZERO);
                })
                .awaitWaiting();

        waiting.interrupt();

        assertThat(waiting.get()).isFalse();
        lock.release();
        assertThat(lock.locked()).isFalse();
    }
}
