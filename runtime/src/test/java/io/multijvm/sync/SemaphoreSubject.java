package io.multijvm.sync;

import io.multijvm.contract.SemaphoreContract;
import java.time.Duration;

/** A semaphore of this package as the contract sees it. */
record SemaphoreSubject(ProcessSemaphore semaphore) implements SemaphoreContract.Subject {
    @Override
    public void acquire() throws InterruptedException {
        semaphore.acquire();
    }

    @Override
    public boolean acquire(Duration timeout) throws InterruptedException {
        return semaphore.acquire(timeout);
    }

    @Override
    public void acquireUninterruptibly() {
        semaphore.acquireUninterruptibly();
    }

    @Override
    public boolean tryAcquire() {
        return semaphore.tryAcquire();
    }

    @Override
    public void release(int permits) {
        semaphore.release(permits);
    }

    @Override
    public int availablePermits() {
        return semaphore.availablePermits();
    }
}
