package io.multijvm.benchmarks;

import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedValue;
import io.multijvm.sync.ProcessBarrier;
import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ProcessSemaphore;
import io.multijvm.sync.ReentrantProcessLock;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.locks.Lock;

/** The tight loops that are timed. Each is a method of its own for the compiler, called again and again. */
@SuppressWarnings("LockNotBeforeTry") // nothing happens in between
final class Loops {
    private static final int BATCH = 1_000;
    private static final int WARM_UP = 2_000_000;

    private Loops() {}

    /** Nanoseconds for one of that many operations; the batch does {@link #BATCH} of them. */
    static double nanosEach(int operations, Runnable batch) {
        int batches = Math.max(1, operations / BATCH);
        long begin = System.nanoTime();
        for (int i = 0; i < batches; i++) {
            batch.run();
        }
        return (System.nanoTime() - begin) / ((double) batches * BATCH);
    }

    /** Has the batch compiled as far as it goes. */
    static void warm(Runnable batch) {
        nanosEach(WARM_UP, batch);
    }

    static void lock(ProcessLock lock) {
        lock(lock, BATCH);
    }

    static void lock(ProcessLock lock, int times) {
        for (int i = 0; i < times; i++) {
            lock.lock();
            lock.unlock();
        }
    }

    static void lock(ReentrantProcessLock lock) {
        for (int i = 0; i < BATCH; i++) {
            lock.lock();
            lock.unlock();
        }
    }

    static void acquire(ProcessSemaphore semaphore) {
        for (int i = 0; i < BATCH; i++) {
            semaphore.acquireUninterruptibly();
            semaphore.release();
        }
    }

    static void increment(SharedInt value) {
        Lock lock = value.getLock();
        for (int i = 0; i < BATCH; i++) {
            lock.lock();
            try {
                value.set(value.get() + 1);
            } finally {
                lock.unlock();
            }
        }
    }

    static void increment(SharedValue<Integer> value) {
        Lock lock = value.getLock();
        for (int i = 0; i < BATCH; i++) {
            lock.lock();
            try {
                value.set(value.get() + 1);
            } finally {
                lock.unlock();
            }
        }
    }

    static void getAndAdd(SharedInt value) {
        for (int i = 0; i < BATCH; i++) {
            value.getAndAdd(1);
        }
    }

    static void await(ProcessBarrier barrier, long times) throws InterruptedException, BrokenBarrierException {
        for (long i = 0; i < times; i++) {
            barrier.await();
        }
    }
}
