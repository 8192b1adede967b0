package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What more holds, between its parties, for a lock that anybody may release. */
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
public interface SharedOwnerlessLockContract extends SharedLockContract {
    @Test
    default void unlock_byAnotherParty_freesIt() throws Exception {
        var lock = newLock();
        lock.lock();
        var waiting = workers().start(lock::lock);
        var releasing = workers().start(lock::unlock);

        Workers.joinAll(List.of(releasing, waiting));

        // Where the one that took it has ended with its process, it is free to be taken over.
        lock.unlock();
        assertThat(locked(lock)).isFalse();
    }
}
