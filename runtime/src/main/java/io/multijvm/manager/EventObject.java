package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A flag in the server; who waits when it is set is released, even if it is cleared at once. */
final class EventObject extends ServedObject {
    /** What can be asked of it. */
    enum Verb {
        SET,
        CLEAR,
        IS_SET,
        /** Nanoseconds: waits until it is set; whether it was. */
        AWAIT,
        /** How many wait. */
        WAITING
    }

    private static final Verb[] VERBS = Verb.values();

    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition set = mutex.newCondition();
    private volatile boolean flag; // written with the mutex, as is the next
    private long times; // it was set
    private int waiting; // guarded by the mutex

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case SET -> {
                set();
                yield null;
            }
            case CLEAR -> {
                clear();
                yield null;
            }
            case IS_SET -> flag;
            case AWAIT -> {
                Deadline deadline = Caller.deadline(call, 0);
                yield flag || (!deadline.isOver() && call.waiting(() -> await(deadline)));
            }
            case WAITING -> waiting();
        };
    }

    private void set() {
        mutex.lock();
        try {
            flag = true;
            times++;
            set.signalAll();
        } finally {
            mutex.unlock();
        }
    }

    private void clear() {
        mutex.lock();
        try {
            flag = false;
        } finally {
            mutex.unlock();
        }
    }

    private boolean await(Deadline deadline) throws InterruptedException {
        mutex.lockInterruptibly();
        try {
            long before = times;
            waiting++;
            try {
                while (!flag && times == before) {
                    if (!LockObject.sleep(set, deadline)) {
                        return false;
                    }
                }
                return true;
            } finally {
                waiting--;
            }
        } finally {
            mutex.unlock();
        }
    }

    private int waiting() {
        mutex.lock();
        try {
            return waiting;
        } finally {
            mutex.unlock();
        }
    }
}
