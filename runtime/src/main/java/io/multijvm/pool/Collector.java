package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.sync.EventCount;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for results: one thread at a time, the pool's own or one that wants a result itself. The latter saves the way from
 * thread to thread, which takes longer than a small task does.
 */
final class Collector implements Runnable {
    private final Results results;
    private final Ledger ledger;
    private final EventCount bell;
    private final String name;
    private final ReentrantLock role = new ReentrantLock();
    private volatile @Nullable Thread own;
    private volatile boolean ended;

    Collector(Results results, Ledger ledger, EventCount bell, String name) {
        this.results = results;
        this.ledger = ledger;
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
        if (thread == null || !thread.isAlive()) {
            synchronized (this) {
                thread = own;
                if (thread == null || !thread.isAlive()) { // ended for want of memory
                    thread = new Thread(this, "multijvm-" + name);
                    thread.setDaemon(true);
                    thread.start(); // when there is no thread to be had, who comes next tries again
                    own = thread;
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
        while (!ended) {
            try {
                FaultPoint.reach("pool.results");
                if (ledger.isExpecting() && role.tryLock()) {
                    collect();
                } else {
                    LockSupport.park(this);
                }
            } catch (InterruptedException e) {
                // by nobody of ours
            } catch (Throwable e) {
                Survival.of(e); // results stay in the lanes until memory is back
            }
        }
    }

    private void collect() throws InterruptedException {
        try {
            var news = new News(() -> false);
            while (ledger.isExpecting()) {
                if (bell.await(news, Deadline.never())) {
                    results.collect();
                }
            }
        } finally {
            role.unlock();
        }
    }

    /**
     * Waits for results until the wanted one {@code isThere}, or the deadline; returns false, and has done nothing, when
     * somebody else does so.
     */
    boolean help(BooleanSupplier isThere, Deadline deadline) throws InterruptedException {
        if (role.isHeldByCurrentThread() || !role.tryLock()) {
            return false;
        }
        try {
            var news = new News(isThere);
            while (!isThere.getAsBoolean() && bell.await(news, deadline)) {
                results.collect();
            }
            return true;
        } catch (OutOfMemoryError e) {
            return false; // the pool's own thread goes on when there is memory again
        } finally {
            role.unlock();
            if (ledger.isExpecting()) {
                LockSupport.unpark(own());
            }
        }
    }

    private final class News implements EventCount.Awaited {
        private final BooleanSupplier wanted;

        News(BooleanSupplier wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean isThere() {
            return results.areThere() || ended || wanted.getAsBoolean();
        }

        @Override
        public void lookForDead() {
            // the end of a worker is watched, and rung
        }
    }
}
