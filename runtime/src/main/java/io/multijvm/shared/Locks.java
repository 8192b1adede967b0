package io.multijvm.shared;

import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ReentrantProcessLock;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The locks that go with shared values and arrays.
 *
 * <p>A lock is made with its value, not when it is first asked for: two processes might ask at the same time.
 */
final class Locks {
    private Locks() {}

    /** A lock as values and arrays have it unless they are given one. */
    static ReentrantProcessLock fresh() {
        return ReentrantProcessLock.create();
    }

    /**
     * A lock that a program wants to go with a value or an array.
     *
     * @throws IllegalArgumentException when it locks nothing outside its own JVM
     */
    static Lock accepted(Lock lock) {
        if (!(lock instanceof ProcessLock) && !(lock instanceof ReentrantProcessLock)) {
            throw new IllegalArgumentException("a ProcessLock or a ReentrantProcessLock expected, not a "
                    + lock.getClass().getName());
        }
        return lock;
    }

    /** The lock of {@code owner}, which may have been made without. */
    static Lock of(@Nullable Lock lock, String owner) {
        if (lock == null) {
            throw new IllegalStateException("a raw " + owner + " has no lock");
        }
        return lock;
    }

    /** As {@link #of}, for those that only ever have a lock of their own. */
    static ReentrantProcessLock ownOf(@Nullable Lock lock, String owner) {
        return (ReentrantProcessLock) of(lock, owner);
    }
}
