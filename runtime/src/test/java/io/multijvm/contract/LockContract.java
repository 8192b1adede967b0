package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.multijvm.sync.Guard;
import io.multijvm.testkit.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** What holds for every lock, as threads of one JVM see it. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // a test that fails needs its lock no more
public interface LockContract {
    /** How long a wait lasts that is to be in vain. */
    long BRIEFLY_MILLIS = 60;

    /** A new lock, free. */
    Lock newLock();

    /** Whether anybody holds it. */
    boolean locked(Lock lock);

    /** Takes it, until the guard is closed. */
    Guard guard(Lock lock);

    @Test
    default void lock_freeLock_isHeldUntilUnlock() {
        var lock = newLock();
        assertThat(locked(lock)).isFalse();

        lock.lock();

        assertThat(locked(lock)).isTrue();
        lock.unlock();
        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void everyWayOfTaking_freeLock_takesItFromTheOthers() throws Exception {
        var lock = newLock();
        for (var way : waysOfTaking()) {
            way.take(lock);
            assertThat(tryLockElsewhere(lock)).isFalse();
            lock.unlock();
            assertThat(tryLockElsewhere(lock)).isTrue();
        }
    }

    /** How to take a lock, waiting for it. */
    @FunctionalInterface
    interface Taking {
        void take(Lock lock) throws InterruptedException;
    }

    private static List<Taking> waysOfTaking() {
        var ways = new ArrayList<Taking>(interruptibleWaysOfTaking());
        ways.add(Lock::lock);
        return ways;
    }

    private static List<Taking> interruptibleWaysOfTaking() {
        return List.of(
                Lock::lockInterruptibly,
                lock -> assertThat(lock.tryLock(1, TimeUnit.HOURS)).isTrue(),
                lock -> assertThat(lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue());
    }

    /** Whether another thread gets the lock, which it gives back. */
    static boolean tryLockElsewhere(Lock lock) throws Exception {
        return Background.run(() -> {
                    boolean had = lock.tryLock();
                    if (had) {
                        lock.unlock();
                    }
                    return had;
                })
                .get();
    }

    @Test
    default void everyWayOfTaking_heldLock_waitsForUnlock() throws Exception {
        var lock = newLock();
        for (var way : waysOfTaking()) {
            lock.lock();
            var waiting = Background.run(() -> {
                way.take(lock);
                boolean held = locked(lock);
                lock.unlock();
                return held;
            });
            waiting.awaitWaiting();
            assertThat(waiting.isDone()).isFalse();

            lock.unlock();

            assertThat(waiting.get()).isTrue();
            assertThat(locked(lock)).isFalse();
        }
    }

    @Test
    default void tryLock_heldLock_isFalseAndChangesNothing() throws Exception {
        var lock = newLock();
        lock.lock();

        assertThat(tryLockElsewhere(lock)).isFalse();
        assertThat(locked(lock)).isTrue();
        lock.unlock();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    default void tryLock_timeout_isFalseAndNotEarly() throws Exception {
        var lock = newLock();
        lock.lock();

        long waited = Background.run(() -> {
                    long start = System.nanoTime();
                    assertThat(lock.tryLock(BRIEFLY_MILLIS, TimeUnit.MILLISECONDS))
                            .isFalse();
                    return System.nanoTime() - start;
                })
                .get();

        assertThat(waited).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(BRIEFLY_MILLIS));
        assertThat(locked(lock)).isTrue();
        lock.unlock();
        assertThat(tryLockElsewhere(lock)).isTrue();
    }

    @Test
    default void tryLock_noTime_onlyTries() throws Exception {
        var lock = newLock();
        for (long time : new long[] {0, -1, Long.MIN_VALUE}) {
            assertThat(lock.tryLock(time, TimeUnit.SECONDS)).isTrue();
            assertThat(Background.run(() -> lock.tryLock(time, TimeUnit.SECONDS))
                            .get())
                    .isFalse();
            lock.unlock();
        }
    }

    @Test
    default void tryLock_noUnit_isRefused() {
        var lock = newLock();

        assertThatNullPointerException().isThrownBy(() -> lock.tryLock(1, null));
        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void unlock_freeLock_isRefused() {
        var lock = newLock();

        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);
        lock.lock();
        lock.unlock();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);
        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void interruptibly_interruptedBefore_throwsAndLeavesItFree() throws Exception {
        var lock = newLock();
        for (var way : interruptibleWaysOfTaking()) {
            var interrupted = Background.run(() -> {
                Thread.currentThread().interrupt();
                assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> way.take(lock));
                return Thread.currentThread().isInterrupted();
            });

            assertThat(interrupted.get()).isFalse();
            assertThat(tryLockElsewhere(lock)).isTrue();
        }
    }

    @Test
    default void interruptibly_interruptedWhileWaiting_throwsAndLeavesItUsable() throws Exception {
        var lock = newLock();
        for (var way : interruptibleWaysOfTaking()) {
            lock.lock();
            var waiting = Background.run(() -> {
                assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> way.take(lock));
                return Thread.currentThread().isInterrupted();
            });
            var patient = Background.run(() -> {
                lock.lock();
                lock.unlock();
                return "had it";
            });
            patient.awaitWaiting();
            waiting.awaitWaiting().interrupt();

            assertThat(waiting.get()).isFalse();
            assertThat(locked(lock)).isTrue();
            assertThat(patient.isDone()).isFalse();
            lock.unlock();
            assertThat(patient.get()).isEqualTo("had it");
            assertThat(tryLockElsewhere(lock)).isTrue();
        }
    }

    @Test
    default void lock_interruptedBefore_takesItAndKeepsTheStatus() throws Exception {
        var lock = newLock();

        var interrupted = Background.run(() -> {
            Thread.currentThread().interrupt();
            lock.lock();
            lock.unlock();
            boolean afterLock = Thread.currentThread().isInterrupted();
            assertThat(lock.tryLock()).isTrue();
            lock.unlock();
            return afterLock && Thread.currentThread().isInterrupted();
        });

        assertThat(interrupted.get()).isTrue();
    }

    @Test
    default void lock_interruptedWhileWaiting_waitsOnAndKeepsTheStatus() throws Exception {
        var lock = newLock();
        lock.lock();
        var waiting = Background.run(() -> {
            lock.lock();
            boolean interrupted = Thread.currentThread().isInterrupted();
            lock.unlock();
            return interrupted;
        });

        waiting.awaitWaiting().interrupt();
        assertThat(tryLockElsewhere(lock)).isFalse();
        waiting.awaitWaiting();
        assertThat(waiting.isDone()).isFalse();
        lock.unlock();

        assertThat(waiting.get()).isTrue();
        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void unlock_severalWait_allGetItInTurn() throws Exception {
        var lock = newLock();
        lock.lock();
        var waiting = new ArrayList<Background<Boolean>>();
        for (int i = 0; i < 5; i++) {
            waiting.add(Background.run(() -> {
                        lock.lock();
                        boolean held = locked(lock);
                        lock.unlock();
                        return held;
                    })
                    .awaitWaiting());
        }

        lock.unlock();

        for (var one : waiting) {
            assertThat(one.get()).isTrue();
        }
        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void guard_endOfBlock_givesItBack() throws Exception {
        var lock = newLock();

        try (Guard held = guard(lock)) {
            assertThat(held).isNotNull();
            assertThat(locked(lock)).isTrue();
            assertThat(tryLockElsewhere(lock)).isFalse();
        }
        assertThat(locked(lock)).isFalse();

        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> {
            try (Guard held = guard(lock)) {
                throw new ArithmeticException("while " + held + " is held");
            }
        });
        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void newCondition_heldLock_isGivenUpWhileWaiting() throws Exception {
        var lock = newLock();
        Condition condition = lock.newCondition();
        var has = new CountDownLatch(1);
        var waiting = Background.run(() -> {
            lock.lock();
            has.countDown();
            condition.await();
            boolean held = locked(lock);
            lock.unlock();
            return held;
        });

        has.await();
        lock.lock();
        condition.signal();
        assertThat(waiting.isDone()).isFalse();
        lock.unlock();

        assertThat(waiting.get()).isTrue();
        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void newCondition_freeLock_isOfNoUse() {
        Condition condition = newLock().newCondition();

        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(condition::await);
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(condition::signal);
    }

    @Test
    default void sentCopy_isTheSameLock() throws Exception {
        var lock = newLock();
        var copy = Copies.sent(lock);

        assertThat(copy).isEqualTo(lock).hasSameHashCodeAs(lock);
        assertThat(newLock()).isNotEqualTo(lock);
        copy.lock();
        assertThat(locked(lock)).isTrue();
        assertThat(tryLockElsewhere(lock)).isFalse();
        lock.unlock();
        assertThat(locked(copy)).isFalse();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(copy::unlock);
    }

    @Test
    default void lock_manyThreads_excludesAllOthers() throws Exception {
        int rounds = 3_000;
        var lock = newLock();
        int[] counter = new int[1];
        var threads = new ArrayList<Background<Void>>();
        for (var way : List.<Taking>of(Lock::lock, Lock::lockInterruptibly, LockContract::pollFor, Lock::lock)) {
            threads.add(Background.run(() -> {
                for (int i = 0; i < rounds; i++) {
                    way.take(lock);
                    counter[0]++;
                    lock.unlock();
                }
                return null;
            }));
        }

        for (var thread : threads) {
            thread.get();
        }

        assertThat(counter[0]).isEqualTo(4 * rounds);
        assertThat(locked(lock)).isFalse();
    }

    private static void pollFor(Lock lock) {
        while (!lock.tryLock()) {
            Thread.onSpinWait();
        }
    }
}
