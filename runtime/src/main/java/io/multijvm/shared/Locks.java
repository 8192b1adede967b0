package io.multijvm.shared;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** The locks that go with shared values and arrays, and what is said when there is none. */
final class Locks {
    private Locks() {}

    /** A lock as values and arrays have it unless they are given one. */
    @SuppressWarnings("DoNotCallSuggester")
    static Lock fresh() {
        throw new UnsupportedOperationException("reentrant process locks are on their way; use raw values until then");
    }

    /**
     * A lock that a program wants to go with a value or an array.
     *
     * @throws IllegalArgumentException when it locks nothing outside its own JVM
     */
    static Lock accepted(Lock lock) {
        if (!(lock instanceof Serializable) || lock.getClass().getName().startsWith("java.")) {
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

    /** For a handle that has arrived where its object cannot be reached any more. */
    static InvalidObjectException unreachable(String what, IOException cause) {
        var failure = new InvalidObjectException("the " + what + " cannot be reached: " + cause);
        failure.initCause(cause);
        return failure;
    }
}
