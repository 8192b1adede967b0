package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What holds for every semaphore, as threads of one JVM see it. */
public interface SemaphoreContract {
    /** How long a wait lasts that is to be in vain. */
    Duration BRIEFLY = Duration.ofMillis(60);

    /** A new semaphore of {@code permits}. */
    Subject newSemaphore(int permits);

    /** A semaphore, of whichever class. */
    interface Subject extends Serializable {
        void acquire() throws InterruptedException;

        boolean acquire(Duration timeout) throws InterruptedException;

        void acquireUninterruptibly();

        boolean tryAcquire();

        void release(int permits);

        int availablePermits();

        default void release() {
            release(1);
        }
    }

    @Test
    @Conforms({"_TestSemaphore.test_semaphore", "_TestSemaphore.test_bounded_semaphore"})
    default void acquireAndRelease_twoPermits_areCounted() throws InterruptedException {
        var semaphore = newSemaphore(2);
        assertThat(semaphore.availablePermits()).isEqualTo(2);
        semaphore.acquire();
        assertThat(semaphore.availablePermits()).isEqualTo(1);
        semaphore.acquireUninterruptibly();
        assertThat(semaphore.availablePermits()).isZero();
        assertThat(semaphore.tryAcquire()).isFalse();
        assertThat(semaphore.availablePermits()).isZero();

        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(1);
        assertThat(semaphore.tryAcquire()).isTrue();
        semaphore.release(2);
        assertThat(semaphore.availablePermits()).isEqualTo(2);
        assertThat(semaphore.acquire(BRIEFLY)).isTrue();
        assertThat(semaphore.acquire((Duration) null)).isTrue();
        assertThat(semaphore.availablePermits()).isZero();
    }

    @Test
    @Conforms("_TestSemaphore.test_timeout")
    default void acquire_noPermit_isFalseNotBeforeTheTimeout() throws InterruptedException {
        var semaphore = newSemaphore(0);

        assertThat(semaphore.tryAcquire()).isFalse();
        assertThat(semaphore.acquire(Duration.ZERO)).isFalse();
        assertThat(semaphore.acquire(Duration.ofDays(-1))).isFalse();
        long start = System.nanoTime();
        assertThat(semaphore.acquire(BRIEFLY)).isFalse();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BRIEFLY.toNanos());
        assertThat(semaphore.availablePermits()).isZero();
    }

    @Test
    default void newSemaphore_negativeNumber_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> newSemaphore(-1));
    }

    @Test
    default void release_fewerThanOne_isRefused() {
        var semaphore = newSemaphore(1);

        assertThatIllegalArgumentException().isThrownBy(() -> semaphore.release(0));
        assertThatIllegalArgumentException().isThrownBy(() -> semaphore.release(-1));
        assertThat(semaphore.availablePermits()).isEqualTo(1);
    }

    /** How to take a permit, waiting for it. */
    @FunctionalInterface
    interface Taking {
        void take(Subject semaphore) throws InterruptedException;
    }

    private static Taking[] interruptibleWaysOfTaking() {
        return new Taking[] {
            Subject::acquire,
            semaphore -> assertThat(semaphore.acquire(Duration.ofHours(1))).isTrue()
        };
    }

    @Test
    default void release_severalWait_wakesAsManyAsItSays() throws Exception {
        var semaphore = newSemaphore(5);
        for (int i = 0; i < 5; i++) {
            semaphore.acquire();
        }
        var woken = new AtomicInteger();
        var waiting = new ArrayList<Background<Integer>>();
        for (int i = 0; i < 5; i++) {
            waiting.add(Background.run(() -> {
                        semaphore.acquire();
                        return woken.incrementAndGet();
                    })
                    .awaitWaiting());
        }

        semaphore.release(2);
        Waits.until(() -> woken.get() == 2);
        assertThat(semaphore.availablePermits()).isZero();
        assertThat(waiting.stream().filter(one -> !one.isDone())).hasSizeBetween(3, 5);
        semaphore.release(1);
        Waits.until(() -> woken.get() == 3);
        semaphore.release(2);

        for (var one : waiting) {
            one.get();
        }
        assertThat(woken).hasValue(5);
        assertThat(semaphore.availablePermits()).isZero();
    }

    @Test
    default void acquire_interruptedBefore_throwsAndTakesNothing() throws Exception {
        var semaphore = newSemaphore(1);
        for (var way : interruptibleWaysOfTaking()) {
            var interrupted = Background.run(() -> {
                Thread.currentThread().interrupt();
                assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> way.take(semaphore));
                return Thread.currentThread().isInterrupted();
            });

            assertThat(interrupted.get()).isFalse();
            assertThat(semaphore.availablePermits()).isEqualTo(1);
        }
    }

    @Test
    default void acquire_interruptedWhileWaiting_throwsAndTakesNothing() throws Exception {
        var semaphore = newSemaphore(1);
        for (var way : interruptibleWaysOfTaking()) {
            semaphore.acquire();
            var waiting = Background.run(() -> {
                assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> way.take(semaphore));
                return Thread.currentThread().isInterrupted();
            });
            var patient = Background.run(() -> {
                        semaphore.acquire();
                        return "had it";
                    })
                    .awaitWaiting();

            waiting.awaitWaiting().interrupt();

            assertThat(waiting.get()).isFalse();
            assertThat(patient.isDone()).isFalse();
            semaphore.release();
            assertThat(patient.get()).isEqualTo("had it");
            assertThat(semaphore.availablePermits()).isZero();
            semaphore.release();
        }
    }

    @Test
    default void acquireUninterruptibly_interruptedWhileWaiting_waitsOnAndKeepsTheStatus() throws Exception {
        var semaphore = newSemaphore(1);
        semaphore.acquire();
        var waiting = Background.run(() -> {
                    semaphore.acquireUninterruptibly();
                    return Thread.currentThread().isInterrupted();
                })
                .awaitWaiting();

        waiting.interrupt();
        assertThat(semaphore.tryAcquire()).isFalse();
        waiting.awaitWaiting();
        semaphore.release();

        assertThat(waiting.get()).isTrue();
        assertThat(semaphore.availablePermits()).isZero();
    }

    @Test
    default void sentCopy_isTheSameSemaphore() {
        var semaphore = newSemaphore(3);
        var copy = Copies.sent(semaphore);

        assertThat(copy).isEqualTo(semaphore).hasSameHashCodeAs(semaphore);
        assertThat(newSemaphore(3)).isNotEqualTo(semaphore);
        assertThat(copy.tryAcquire()).isTrue();
        assertThat(semaphore.availablePermits()).isEqualTo(2);
        semaphore.release();
        assertThat(copy.availablePermits()).isEqualTo(3);
    }

    @Test
    default void acquire_manyThreads_neverMoreThanPermits() throws Exception {
        int rounds = 2_000;
        var semaphore = newSemaphore(3);
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var threads = new ArrayList<Background<Void>>();
        for (int i = 0; i < 6; i++) {
            threads.add(Background.run(() -> {
                for (int j = 0; j < rounds; j++) {
                    semaphore.acquire();
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                    semaphore.release();
                }
                return null;
            }));
        }

        for (var thread : threads) {
            thread.get();
        }

        assertThat(most.get()).isBetween(1, 3);
        assertThat(semaphore.availablePermits()).isEqualTo(3);
    }
}
