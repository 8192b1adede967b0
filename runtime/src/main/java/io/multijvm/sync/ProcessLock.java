package io.multijvm.sync;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.OwnedLock;
import io.multijvm.process.ProcessContext;
import java.io.Serial;

/**
 * A lock between threads of all processes; one that holds it waits for itself when it takes it again, and any thread of
 * any process may release it.
 *
 * <p>A process that dies holding the lock, however it dies, loses it to the next one that wants it, within 200 ms;
 * {@link #isInherited()} tells that one. A process that is stopped or slow never does. The lock may be captured by a
 * process's target or sent in any way, and stays one lock. Threads of one process may use it among themselves as well,
 * virtual ones included. It is not fair: who comes at the right moment may overtake those who wait.
 *
 * <p>Python: {@code multiprocessing.Lock}.
 */
public final class ProcessLock extends AbstractProcessLock {
    private static final long serialVersionUID = 1;

    ProcessLock(Block block) {
        super(block);
    }

    /** A new lock, free. */
    public static ProcessLock create() {
        return new ProcessLock(OwnedLock.allocate(ProcessContext.domain()));
    }

    @Override
    public void lock() {
        word.acquire();
        word.thread(Thread.currentThread().getId());
    }

    @Override
    public boolean tryLock() {
        boolean taken = word.tryAcquire();
        if (taken) {
            word.thread(Thread.currentThread().getId());
        }
        return taken;
    }

    /**
     * Releases the lock, whoever holds it.
     *
     * @throws IllegalMonitorStateException when it is free
     */
    @Override
    public void unlock() {
        if (!word.release()) {
            throw new IllegalMonitorStateException("release of a lock that is free: " + this);
        }
    }

    @Override
    boolean take(Deadline deadline) throws InterruptedException {
        boolean taken = word.acquireInterruptibly(deadline);
        if (taken) {
            word.thread(Thread.currentThread().getId());
        }
        return taken;
    }

    @Override
    boolean isHeldForCondition() {
        return word.isHeldHere();
    }

    @Override
    int releaseFully() {
        unlock();
        return 1;
    }

    @Override
    void restore(int holds) {
        lock();
    }

    @Override
    public String toString() {
        return "ProcessLock[owner=" + holder() + "]";
    }

    @Serial
    private Object writeReplace() {
        return Passed.of(Passed.Kind.LOCK, block);
    }
}
