package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.sync.ReentrantProcessLock;
import java.time.Duration;
import java.util.concurrent.locks.Lock;

/**
 * A reentrant lock can be taken again by the thread that has it, and is free after as many releases.
 *
 * <p>Expect: taken three times, it is another process's only after the third release, and another process cannot
 * release it. A plain lock cannot be taken twice: without a timeout its holder would wait for itself for ever.
 */
public final class SyncRlock {
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    private SyncRlock() {}

    public static void main(String[] args) throws Exception {
        var reentrant = MultiJvm.rlock();
        for (int i = 0; i < 3; i++) {
            reentrant.acquire();
            System.out.println("acquired, held " + reentrant.holdCount() + " times");
        }
        var child = MultiJvm.process(() -> releaseAnothers(reentrant));
        child.start();
        child.join();
        for (int i = 0; i < 3; i++) {
            tellWhetherFree(reentrant);
            reentrant.release();
            System.out.println("released, held " + reentrant.holdCount() + " times");
        }
        tellWhetherFree(reentrant);

        var plain = MultiJvm.lock();
        System.out.println("plain lock, first time: " + plain.acquire(TIMEOUT));
        System.out.println("plain lock, second time: " + plain.acquire(TIMEOUT));
        plain.release();
    }

    private static void tellWhetherFree(Lock lock) throws InterruptedException {
        var free = MultiJvm.event();
        var child = MultiJvm.process(() -> {
            if (lock.tryLock()) {
                free.set();
                lock.unlock();
            }
        });
        child.start();
        child.join();
        System.out.println("another process gets it: " + free.isSet());
    }

    private static void releaseAnothers(ReentrantProcessLock lock) {
        try {
            lock.release();
            System.out.println("another process has released it");
        } catch (IllegalMonitorStateException e) {
            System.out.println("another process cannot release it: " + e.getMessage());
        }
    }
}
