package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A condition in the server; who waits gives up the lock, and has it again when the wait ends, in whichever way. */
final class ConditionObject extends ServedObject {
    /** What can be asked of it. */
    enum Verb {
        /** Its lock. */
        LOCK,
        /** Thread, nanoseconds: waits to be told; whether it was. */
        AWAIT,
        /** Thread, number: tells so many of those who wait. */
        SIGNAL,
        /** Thread: how many wait. */
        WAITING
    }

    private static final Verb[] VERBS = Verb.values();

    private final AbstractManagedLock proxy; // keeps the lock
    private final LockObject lock;
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>(); // those who were not told

    ConditionObject(AbstractManagedLock proxy) {
        this.proxy = proxy;
        Entry entry = proxy.remote().entry();
        if (entry == null) {
            throw new IllegalArgumentException("the condition's lock is of another manager: " + proxy);
        }
        this.lock = (LockObject) entry.object();
    }

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case LOCK -> proxy;
            case AWAIT -> {
                Deadline deadline = Caller.deadline(call, 1);
                yield call.waiting(() -> await(call, Caller.of(call, 0), deadline));
            }
            case SIGNAL -> {
                signal(Caller.of(call, 0), call.<Integer>argument(1));
                yield null;
            }
            case WAITING -> waiting(Caller.of(call, 0));
        };
    }

    /** One who waits. */
    private static final class Waiter {
        final Condition wake;
        boolean told;

        Waiter(Condition wake) {
            this.wake = wake;
        }
    }

    /** One who is interrupted when it was told already returns as told, with the interrupt still to be seen. */
    private boolean await(Call call, Caller caller, Deadline deadline) throws InterruptedException {
        lock.mutex.lock();
        try {
            lock.requireUsable(caller);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            var waiter = new Waiter(lock.mutex.newCondition());
            waiters.add(waiter);
            int holds = lock.releaseFully();
            try {
                sleep(waiter, deadline);
            } finally {
                waiters.remove(waiter);
                restore(call, caller, waiter, holds);
            }
            return waiter.told;
        } finally {
            lock.mutex.unlock();
        }
    }

    private static void sleep(Waiter waiter, Deadline deadline) throws InterruptedException {
        try {
            while (!waiter.told && LockObject.sleep(waiter.wake, deadline)) {
                // looks again
            }
        } catch (InterruptedException e) {
            if (!waiter.told) {
                throw e;
            }
            Thread.currentThread().interrupt();
        }
    }

    private void restore(Call call, Caller caller, Waiter waiter, int holds) throws InterruptedException {
        boolean done = false;
        try {
            lock.restore(call, caller, holds);
            done = true;
        } finally {
            if (!done && waiter.told) {
                tell(1); // the dead had it in the place of another
            }
        }
    }

    private void signal(Caller caller, int count) {
        lock.mutex.lock();
        try {
            lock.requireUsable(caller);
            tell(count);
        } finally {
            lock.mutex.unlock();
        }
    }

    private void tell(int count) {
        for (int i = 0; i < count && !waiters.isEmpty(); i++) {
            Waiter next = waiters.remove();
            next.told = true;
            next.wake.signal();
        }
    }

    private int waiting(Caller caller) {
        lock.mutex.lock();
        try {
            lock.requireUsable(caller);
            return waiters.size();
        } finally {
            lock.mutex.unlock();
        }
    }
}
