package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What more holds for a lock that anybody may release, and that its holder has to wait for as everybody else. */
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
public interface OwnerlessLockContract extends LockContract {
    @Test
    @Conforms("_TestLock.test_lock")
    default void tryLock_heldByThisThread_isFalse() throws InterruptedException {
        var lock = newLock();
        lock.lock();

        assertThat(lock.tryLock()).isFalse();
        assertThat(lock.tryLock(BRIEFLY_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(locked(lock)).isTrue();
        lock.unlock();
        assertThat(locked(lock)).isFalse();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);
    }

    @Test
    default void unlock_byAnotherThread_freesIt() throws Exception {
        var lock = newLock();
        lock.lock();

        var other = Background.run(() -> {
            lock.unlock();
            return null;
        });

        other.get();
        assertThat(locked(lock)).isFalse();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    default void lock_heldByThisThread_waitsForAnotherToUnlock() throws Exception {
        var lock = newLock();
        var twice = Background.run(() -> {
                    lock.lock();
                    lock.lock();
                    return null;
                })
                .awaitWaiting();

        Waits.until(() -> locked(lock));
        twice.awaitWaiting();
        lock.unlock();

        twice.get();
        assertThat(locked(lock)).isTrue();
        lock.unlock();
    }
}
