package io.multijvm.pool;

import org.jspecify.annotations.Nullable;

/** Is told of what happens in a pool, in order, on the thread of its callbacks. */
public interface PoolListener {
    /** A worker has begun to wait for tasks. */
    default void workerStarted(String worker, long pid) {}

    /** A worker has ended; {@code reason} says why, if the pool wanted it, and null that it did not. */
    default void workerEnded(String worker, long pid, int exitCode, @Nullable String reason) {}

    /** A task waits for a worker, or has gone to one. A chunk of arguments is one task. */
    default void taskSubmitted(long task) {}

    /** A task has ended, with {@code failure} if it failed. */
    default void taskDone(long task, @Nullable Throwable failure) {}

    /** A task that has failed waits for another attempt. */
    default void taskRetried(long task, int attempt, Throwable failure) {}

    /** The pool is broken. */
    default void broken(BrokenProcessPoolException failure) {}
}
