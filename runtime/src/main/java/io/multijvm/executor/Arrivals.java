package io.multijvm.executor;

import io.multijvm.ipc.Deadline;
import io.multijvm.pool.Workers;
import java.util.IdentityHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Futures in the order in which they are done, whatever the actions that depend on them take. For one thread. */
final class Arrivals<F extends CompletableFuture<?>> implements AutoCloseable {
    private final LinkedBlockingDeque<F> done = new LinkedBlockingDeque<>();
    private final IdentityHashMap<F, Runnable> withdrawals = new IdentityHashMap<>(); // of those that have not come

    /** Adds a future; one that is done comes at once. */
    void add(F future) {
        if (future.isDone()) {
            done.add(future);
        } else {
            withdrawals.put(future, Workers.whenDone(future, () -> done.add(future)));
        }
    }

    /** The next future that is done; null when there is none before {@code deadline}. */
    @SuppressWarnings("CollectionUndefinedEquality") // the very same future
    @Nullable
    F next(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        F next = done.poll();
        if (next == null) {
            boolean unused = Workers.whileWaiting(() -> isThereBefore(deadline));
            next = done.poll();
        }
        if (next != null) {
            withdrawals.remove(next);
        }
        return next;
    }

    private boolean isThereBefore(Deadline deadline) throws InterruptedException {
        F first = done.pollFirst(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
            done.addFirst(first);
        }
        return first != null;
    }

    /** Leaves nothing behind with futures that are not done. */
    @Override
    public void close() {
        withdrawals.values().forEach(Runnable::run);
    }
}
