package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A semaphore in the server. Permits that a client holds when it ends come back when somebody needs one, until the first
 * release by a client of more than it holds shows that they are used as signals: from then on nobody holds any.
 */
final class SemaphoreObject extends ServedObject {
    /** What can be asked of it. */
    enum Verb {
        /** Nanoseconds: takes a permit in time; whether it did. */
        ACQUIRE,
        /** Number: gives so many back. */
        RELEASE,
        /** How many permits are free. */
        AVAILABLE,
        /** How many have come back from the dead. */
        RECOVERED
    }

    private static final Verb[] VERBS = Verb.values();

    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition more = mutex.newCondition();
    private final int limit;
    private final Map<Session, Integer> held = new HashMap<>();
    private boolean signals;
    private int permits;
    private int orphans; // permits of the dead
    private int recovered;

    SemaphoreObject(int permits, boolean bounded) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits: " + permits + ", at least 0 expected");
        }
        this.permits = permits;
        this.limit = bounded ? permits : Integer.MAX_VALUE;
    }

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case ACQUIRE -> {
                Session client = call.caller();
                Deadline deadline = Caller.deadline(call, 0);
                yield tryAcquire(client) || (!deadline.isOver() && call.waiting(() -> acquire(client, deadline)));
            }
            case RELEASE -> {
                release(call.caller(), call.<Integer>argument(0));
                yield null;
            }
            case AVAILABLE -> availablePermits();
            case RECOVERED -> recoveredPermits();
        };
    }

    private boolean tryAcquire(Session client) {
        mutex.lock();
        try {
            if (permits == 0 && !recover()) {
                return false;
            }
            take(client);
            return true;
        } finally {
            mutex.unlock();
        }
    }

    private boolean acquire(Session client, Deadline deadline) throws InterruptedException {
        mutex.lockInterruptibly();
        try {
            while (permits == 0 && !recover()) {
                if (!LockObject.sleep(more, deadline)) {
                    return false;
                }
            }
            take(client);
            return true;
        } finally {
            mutex.unlock();
        }
    }

    private boolean recover() {
        permits += orphans;
        recovered += orphans;
        orphans = 0;
        return permits > 0;
    }

    private void take(Session client) {
        if (!signals) {
            client.watch(this); // these first, as there may be no memory for them
            held.merge(client, 1, Integer::sum);
        }
        permits--;
        if (permits > 0) {
            more.signal(); // who waits is woken by one release, of however many
        }
    }

    private void release(Session client, int count) {
        mutex.lock();
        try {
            if (permits > limit - count) {
                throw new IllegalStateException(
                        "semaphore released too often: " + count + " permits, " + permits + " are free of " + limit);
            }
            settle(client, count);
            permits += count;
            more.signal();
        } finally {
            mutex.unlock();
        }
    }

    /** Finds out whose permits come back: the client's own, those of the dead, or nobody's. */
    private void settle(Session client, int count) {
        int own = held.getOrDefault(client, 0);
        int foreign = Math.max(0, count - own);
        if (foreign > orphans) {
            signals = true;
            orphans = 0;
            held.keySet().forEach(holder -> holder.unwatch(this));
            held.clear();
            return;
        }
        orphans -= foreign;
        if (own > count) {
            held.put(client, own - count);
        } else if (own > 0) {
            held.remove(client);
            client.unwatch(this);
        }
    }

    private int availablePermits() {
        mutex.lock();
        try {
            return permits;
        } finally {
            mutex.unlock();
        }
    }

    private int recoveredPermits() {
        mutex.lock();
        try {
            return recovered;
        } finally {
            mutex.unlock();
        }
    }

    @Override
    void clientGone(Session client, boolean inOrder) {
        mutex.lock();
        try {
            Integer had = held.remove(client);
            if (had != null) {
                orphans += had;
                more.signal();
            }
        } finally {
            mutex.unlock();
        }
    }
}
