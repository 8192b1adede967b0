package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that the parent holds is held in a forked process, too: by its main thread.
 *
 * <p>Expect: ten threads come and wait, all of them, until the child's main thread, which never took the lock itself,
 * releases it; then each gets it. The parent's lock is another one, and still held.
 */
public final class StartForkLock {
    private static final ReentrantLock LOCK = new ReentrantLock();

    private StartForkLock() {}

    public static void main(String[] args) throws Exception {
        MultiJvm.setStartMethod(StartMethod.FORK);
        LOCK.lock();
        try {
            var child = MultiJvm.process(StartForkLock::task);
            child.start();
            child.join();
            System.out.println("parent holds its lock: " + LOCK.isHeldByCurrentThread());
        } finally {
            LOCK.unlock();
        }
    }

    private static void task() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            var thread = new Thread(StartForkLock::comeIn);
            thread.start();
            threads.add(thread);
        }
        while (LOCK.getQueueLength() < threads.size()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        System.out.println(
                "waiting: " + LOCK.getQueueLength() + ", held by the main thread: " + LOCK.isHeldByCurrentThread());
        LOCK.unlock();
        for (var thread : threads) {
            thread.join();
        }
    }

    private static void comeIn() {
        System.out.println("here");
        LOCK.lock();
        try {
            System.out.println("666");
        } finally {
            LOCK.unlock();
        }
    }
}
