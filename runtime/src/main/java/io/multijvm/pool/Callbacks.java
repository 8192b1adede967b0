package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The thread on which the program's own actions run, one after the other, so that none holds up a result. */
final class Callbacks {
    private static final long IDLE_SECONDS = 1;

    private final AtomicLong open = new AtomicLong();
    private final ThreadPoolExecutor thread;
    private volatile @Nullable Thread runner;

    Callbacks(String pool) {
        String name = "multijvm-" + pool + "-callbacks";
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), action -> {
            var made = new Thread(action, name);
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Runs {@code action} after those before; what it throws is logged. */
    void run(Runnable action) {
        open.incrementAndGet();
        thread.execute(() -> {
            runner = Thread.currentThread();
            try {
                action.run();
            } catch (RuntimeException | Error e) {
                System.getLogger("io.multijvm").log(System.Logger.Level.ERROR, "a callback threw", e);
            } finally {
                synchronized (this) {
                    if (open.decrementAndGet() == 0) {
                        notifyAll();
                    }
                }
            }
        });
    }

    /** Waits until everything has run, at once on the thread itself; returns whether that was before the deadline. */
    synchronized boolean await(Deadline deadline) throws InterruptedException {
        while (open.get() > 0 && Thread.currentThread() != runner) {
            if (deadline.isOver()) {
                return false;
            }
            wait(deadline.joinMillis());
        }
        return true;
    }
}
