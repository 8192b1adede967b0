package io.multijvm.manager;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time into an object of a manager. Code of the program that runs inside, a function or an
 * {@code equals}, may call other objects; of several that would wait for each other for ever, the last to come is refused.
 *
 * <p>A thread is registered as waiting before it waits, and the circle of those who wait is looked for under the same lock,
 * so that whichever closes a circle sees all of it.
 */
final class ObjectMonitor {
    private static final Map<Thread, ObjectMonitor> WAITING = new HashMap<>(); // guarded by itself

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Thread owner;

    /**
     * Enters, waiting for others to leave.
     *
     * @throws IllegalStateException when these wait, directly or by way of others, for the calling thread
     */
    void enter() {
        if (!lock.tryLock()) {
            enterAfterOthers();
        }
        owner = Thread.currentThread();
    }

    private void enterAfterOthers() {
        Thread current = Thread.currentThread();
        synchronized (WAITING) {
            requireNoCircle(current);
            WAITING.put(current, this);
        }
        try {
            lock.lock();
        } finally {
            synchronized (WAITING) {
                WAITING.remove(current);
            }
        }
    }

    private void requireNoCircle(Thread current) {
        Set<ObjectMonitor> seen = new HashSet<>();
        for (ObjectMonitor each = this; each != null && seen.add(each); ) {
            Thread holder = each.owner;
            if (holder == current) {
                throw new IllegalStateException(
                        "deadlock: calls inside objects of a manager wait for each other's object; this one is given up");
            }
            each = holder == null ? null : WAITING.get(holder);
        }
    }

    void leave() {
        if (lock.getHoldCount() == 1) {
            owner = null;
        }
        lock.unlock();
    }
}
