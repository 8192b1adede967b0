package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.sync.EventCount;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for results: one thread at a time, the pool's own or one that wants a result itself. The latter saves the way from
 * thread to thread, which takes longer than a small task does.
 */
final class Collector implements Runnable {
    private final Workers workers;
    private final EventCount bell;
    private final String name;
    private final ReentrantLock role = new ReentrantLock();
    private volatile @Nullable Thread own;
    private volatile boolean ended;

    Collector(Workers workers, EventCount bell, String name) {
        this.workers = workers;
        this.bell = bell;
        this.name = name;
    }

    /** Sees to it that somebody waits for results, if there are any to come. */
    void ensure() {
        if (!role.isLocked()) {
            LockSupport.unpark(own());
        }
    }

    private Thread own() {
        Thread thread = own;
        if (thread == null) {
            synchronized (this) {
                thread = own;
                if (thread == null) {
                    thread = new Thread(this, "multijvm-" + name);
                    thread.setDaemon(true);
                    own = thread;
                    thread.start();
                }
            }
        }
        return thread;
    }

    /** Has whoever waits look again: something happened that is no result. */
    void look() {
        bell.signalAll();
        ensure();
    }

    /** Nothing will come any more. */
    void end() {
        ended = true;
        bell.signalAll();
        Thread thread = own;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        var results = new Results(null);
        while (!ended) {
            if (workers.expectsResults() && role.tryLock()) {
                try {
                    while (workers.expectsResults()) {
                        if (bell.await(results, Deadline.never())) {
                            workers.collect();
                        }
                    }
                } catch (InterruptedException e) {
                    // by nobody of ours
                } finally {
                    role.unlock();
                }
            } else {
                LockSupport.park(this);
            }
        }
    }

    /**
     * Waits for results until {@code wanted} is there, or the deadline; returns false, and has done nothing, when somebody else
     * does so.
     */
    boolean help(AsyncResult<?> wanted, Deadline deadline) throws InterruptedException {
        if (role.isHeldByCurrentThread() || !role.tryLock()) {
            return false;
        }
        try {
            var results = new Results(wanted);
            while (!wanted.isDone() && bell.await(results, deadline)) {
                workers.collect();
            }
            return true;
        } finally {
            role.unlock();
            if (workers.expectsResults()) {
                LockSupport.unpark(own());
            }
        }
    }

    private final class Results implements EventCount.Awaited {
        private final @Nullable AsyncResult<?> wanted;

        Results(@Nullable AsyncResult<?> wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean isThere() {
            return workers.hasResults() || ended || (wanted != null && wanted.isDone());
        }

        @Override
        public void lookForDead() {
            // the end of a worker is watched, and rung
        }
    }
}
