package io.multijvm.pool;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells the program's listener, if it has one, what happens, in order, on the thread of its callbacks. */
final class Events {
    private final @Nullable PoolListener listener;
    private final Callbacks callbacks;

    Events(@Nullable PoolListener listener, Callbacks callbacks) {
        this.listener = listener;
        this.callbacks = callbacks;
    }

    void workerStarted(PoolWorker worker) {
        PoolListener told = listener;
        if (told != null) {
            callbacks.run(() -> told.workerStarted(worker.name, worker.pid));
        }
    }

    void workerEnded(PoolWorker worker, int exitCode) {
        PoolListener told = listener;
        if (told != null) {
            String reason = worker.reason;
            callbacks.run(() -> told.workerEnded(worker.name, worker.pid, exitCode, reason));
        }
    }

    void taskSubmitted(Work work) {
        PoolListener told = listener;
        if (told != null) {
            callbacks.run(() -> told.taskSubmitted(work.number));
        }
    }

    void taskDone(Work work, @Nullable Throwable failure) {
        PoolListener told = listener;
        if (told != null) {
            callbacks.run(() -> told.taskDone(work.number, failure));
        }
    }

    /** The failure is rebuilt where code of the program may run. */
    void taskRetried(Work work, int attempt, Supplier<Throwable> failure) {
        PoolListener told = listener;
        if (told != null) {
            callbacks.run(() -> told.taskRetried(work.number, attempt, failure.get()));
        }
    }

    void broken(BrokenProcessPoolException failure) {
        PoolListener told = listener;
        if (told != null) {
            callbacks.run(() -> told.broken(failure));
        }
    }
}
