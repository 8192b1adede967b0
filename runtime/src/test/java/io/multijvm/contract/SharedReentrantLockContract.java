package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

/** What more holds, between its parties, for a lock that belongs to the thread that holds it. */
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
public interface SharedReentrantLockContract extends SharedLockContract {
    @Test
    default void unlock_byAnotherParty_isRefusedAndChangesNothing() throws Exception {
        var lock = newLock();
        lock.lock();
        lock.lock();

        workers()
                .start(() -> {
                    assertThatExceptionOfType(IllegalMonitorStateException.class)
                            .isThrownBy(lock::unlock);
                    assertThat(lock.tryLock()).isFalse();
                })
                .join();

        assertThat(locked(lock)).isTrue();
        lock.unlock();
        assertThat(locked(lock)).isTrue();
        lock.unlock();
        assertThat(locked(lock)).isFalse();
        workers()
                .start(() -> {
                    lock.lock();
                    lock.lock();
                    lock.unlock();
                    lock.unlock();
                })
                .join();
        assertThat(locked(lock)).isFalse();
    }
}
