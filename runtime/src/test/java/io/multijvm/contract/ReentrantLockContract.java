package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.sync.Guard;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** What more holds for a lock that belongs to the thread that holds it. */
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
public interface ReentrantLockContract extends LockContract {
    @Override
    LockVerbs.Reentrant newLock();

    /** How often this thread holds it. */
    private static int holds(Lock lock) {
        var reentrant = (LockVerbs.Reentrant) lock;
        int holds = reentrant.holdCount();
        assertThat(reentrant.isHeldByCurrentThread()).isEqualTo(holds > 0);
        return holds;
    }

    @Test
    @Conforms("_TestLock.test_rlock")
    default void lock_heldByThisThread_needsAsManyUnlocks() throws Exception {
        var lock = newLock();
        lock.lock();
        assertThat(lock.tryLock()).isTrue();
        lock.lockInterruptibly();
        assertThat(lock.tryLock(1, TimeUnit.HOURS)).isTrue();

        for (int holds = 4; holds > 0; holds--) {
            assertThat(holds(lock)).isEqualTo(holds);
            assertThat(locked(lock)).isTrue();
            assertThat(LockContract.tryLockElsewhere(lock)).isFalse();
            lock.unlock();
        }

        assertThat(holds(lock)).isZero();
        assertThat(locked(lock)).isFalse();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);
        assertThat(LockContract.tryLockElsewhere(lock)).isTrue();
    }

    @Test
    @Conforms("_TestLock.test_rlock_context")
    default void guard_heldLock_nests() {
        var lock = newLock();

        try (Guard outer = guard(lock);
                Guard inner = guard(lock)) {
            assertThat(outer).isNotSameAs(inner);
            assertThat(holds(lock)).isEqualTo(2);
        }

        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void unlock_byAnotherThread_isRefusedAndChangesNothing() throws Exception {
        var lock = newLock();
        lock.lock();
        lock.lock();

        var other = Background.run(() -> {
            assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);
            return holds(lock);
        });

        assertThat(other.get()).isZero();
        assertThat(holds(lock)).isEqualTo(2);
        lock.unlock();
        lock.unlock();
        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void lockInterruptibly_heldAndInterrupted_throwsAndKeepsTheHolds() throws Exception {
        var lock = newLock();

        var holds = Background.run(() -> {
            lock.lock();
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(lock::lockInterruptibly);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS));
            int left = holds(lock);
            lock.unlock();
            return left;
        });

        assertThat(holds.get()).isEqualTo(1);
        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void sentCopy_heldLock_countsTheSameHolds() {
        var lock = newLock();
        var copy = Copies.sent(lock);
        lock.lock();
        copy.lock();

        assertThat(holds(lock)).isEqualTo(2);
        assertThat(holds(copy)).isEqualTo(2);
        lock.unlock();
        lock.unlock();
        assertThat(locked(copy)).isFalse();
    }
}
