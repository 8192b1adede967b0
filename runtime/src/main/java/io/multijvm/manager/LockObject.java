package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lock in the server, of either kind. A client that ends holding it leaves it to whoever takes it next, who is told; until
 * then it counts as held, and a lock that anybody may release may still be released for the dead.
 */
final class LockObject extends ServedObject {
    /** What can be asked of it. */
    enum Verb {
        /** Thread, nanoseconds: takes it in time; whether it did. */
        ACQUIRE,
        /** Thread. */
        RELEASE,
        /** Whether anybody holds it. */
        LOCKED,
        /** Whether its holder had it from a dead one. */
        INHERITED,
        /** Thread: how often that holds it. */
        HOLDS
    }

    private static final Verb[] VERBS = Verb.values();

    /** Guards the lock's own state, and that of its conditions; held for moments only. */
    final ReentrantLock mutex = new ReentrantLock();

    private final Condition freed = mutex.newCondition();
    private final boolean reentrant;
    private @Nullable Caller holder;
    private int holds;
    private boolean orphaned; // the holder is dead
    private boolean inherited; // the holder had it from a dead one

    LockObject(boolean reentrant) {
        this.reentrant = reentrant;
    }

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case ACQUIRE -> {
                Caller caller = Caller.of(call, 0);
                Deadline deadline = Caller.deadline(call, 1);
                yield tryAcquire(caller) || (!deadline.isOver() && call.waiting(() -> acquire(caller, deadline)));
            }
            case RELEASE -> {
                release(Caller.of(call, 0));
                yield null;
            }
            case LOCKED -> isLocked();
            case INHERITED -> isInherited();
            case HOLDS -> holdCount(Caller.of(call, 0));
        };
    }

    private boolean tryAcquire(Caller caller) {
        mutex.lock();
        try {
            if (reentrant && holds(caller)) {
                holds = Math.incrementExact(holds);
                return true;
            }
            if (isFree()) {
                take(caller, 1);
                return true;
            }
            return false;
        } finally {
            mutex.unlock();
        }
    }

    private boolean acquire(Caller caller, Deadline deadline) throws InterruptedException {
        mutex.lockInterruptibly();
        try {
            while (!isFree()) {
                if (!sleep(freed, deadline)) {
                    return false;
                }
            }
            take(caller, 1);
            return true;
        } finally {
            mutex.unlock();
        }
    }

    /** Waits for {@code condition}, whose lock is held; returns false when the time is up. */
    @SuppressWarnings("WaitNotInLoop") // the callers look again
    static boolean sleep(Condition condition, Deadline deadline) throws InterruptedException {
        long nanos = deadline.remainingNanos();
        if (nanos == Long.MAX_VALUE) {
            condition.await();
            return true;
        }
        return nanos > 0 && (condition.await(nanos, TimeUnit.NANOSECONDS) || !deadline.isOver());
    }

    private void release(Caller caller) {
        mutex.lock();
        try {
            if (holder == null) {
                throw new IllegalMonitorStateException("release of a lock that is free");
            }
            if (reentrant && !holds(caller)) {
                throw new IllegalMonitorStateException("release by a thread that does not hold the lock");
            }
            holds--;
            if (holds == 0) {
                free();
            }
        } finally {
            mutex.unlock();
        }
    }

    private boolean isLocked() {
        mutex.lock();
        try {
            return holder != null;
        } finally {
            mutex.unlock();
        }
    }

    private boolean isInherited() {
        mutex.lock();
        try {
            return holder != null && !orphaned && inherited;
        } finally {
            mutex.unlock();
        }
    }

    private int holdCount(Caller caller) {
        mutex.lock();
        try {
            return holds(caller) ? holds : 0;
        } finally {
            mutex.unlock();
        }
    }

    /** Refuses who may not use a condition of this lock; the mutex is held. */
    void requireUsable(Caller caller) {
        Caller current = holder;
        if (current == null || orphaned || !(reentrant ? holds(caller) : current.client() == caller.client())) {
            throw new IllegalMonitorStateException("the condition's lock is not held here");
        }
    }

    /** Frees it however often it is held; returns how often that was. The mutex is held. */
    int releaseFully() {
        int all = holds;
        free();
        return all;
    }

    /**
     * Takes it again as often as it was held. The mutex is held. An interrupt waits until that is done, if it is the client's;
     * when it means that the client is dead, nobody is there any more who would free the lock.
     */
    void restore(Call call, Caller caller, int all) throws InterruptedException {
        boolean interrupted = false;
        try {
            while (!isFree()) {
                try {
                    freed.await();
                } catch (InterruptedException e) {
                    if (call.isCallerGone()) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
            take(caller, all);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isFree() {
        return holder == null || orphaned;
    }

    private boolean holds(Caller caller) {
        return !orphaned && caller.equals(holder);
    }

    private void take(Caller caller, int times) {
        caller.client().watch(this); // first, as there may be no memory for it
        inherited = orphaned;
        orphaned = false;
        holder = caller;
        holds = times;
    }

    private void free() {
        if (holder != null) {
            holder.client().unwatch(this);
        }
        holder = null;
        holds = 0;
        orphaned = false;
        freed.signal();
    }

    @Override
    void clientGone(Session client, boolean inOrder) {
        mutex.lock();
        try {
            if (holder != null && holder.client() == client) {
                orphaned = true;
                freed.signal();
            }
        } finally {
            mutex.unlock();
        }
    }
}
