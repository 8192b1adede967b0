package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The threads that wait for one event. Nothing is left of one that has waited, so that who asks again and again costs nothing. */
final class Parked {
    private volatile @Nullable Queue<Thread> threads; // made by the first, as most events have none

    /** Waits until {@code isThere}, which {@link #wake} is called after, or the deadline. */
    void await(BooleanSupplier isThere, Deadline deadline) throws InterruptedException {
        Queue<Thread> all = threads();
        Thread self = Thread.currentThread();
        all.add(self);
        try {
            while (!isThere.getAsBoolean() && !deadline.isOver()) {
                if (deadline == Deadline.never()) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, deadline.remainingNanos());
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            all.remove(self);
        }
    }

    private Queue<Thread> threads() {
        Queue<Thread> known = threads;
        if (known == null) {
            synchronized (this) {
                known = threads;
                if (known == null) {
                    known = new ConcurrentLinkedQueue<>();
                    threads = known;
                }
            }
        }
        return known;
    }

    /** Wakes them all; what they wait for is there. */
    void wake() {
        Queue<Thread> all = threads;
        if (all != null) {
            all.forEach(LockSupport::unpark);
        }
    }

    int count() {
        Queue<Thread> all = threads;
        return all == null ? 0 : all.size();
    }
}
