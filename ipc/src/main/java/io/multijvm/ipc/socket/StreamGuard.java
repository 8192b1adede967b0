package io.multijvm.ipc.socket;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.OwnedLock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time use one direction of a stream; of all processes that have it, once it is shared.
 *
 * <pre>
 * block    0                    32
 *          | lock for sending   | lock for receiving |
 *            depth 1: within a frame
 * </pre>
 *
 * <p>{@code inFrame} goes up before the first byte of a frame is moved and down after its last. Who finds it up has the
 * lock from a process that was killed, or closed its copy, in between.
 */
final class StreamGuard {
    static final int SIZE = 32;
    static final int PAIR = 2 * SIZE;

    private final ReentrantLock threads = new ReentrantLock();
    private volatile @Nullable OwnedLock processes;
    private boolean entered; // by this thread, the lock of the processes, too; guarded by threads

    /** To be called before other processes have the stream, by a thread that is inside or alone. */
    void share(Domain domain, Block block, int offset) {
        processes = new OwnedLock(domain, block, offset);
    }

    boolean isShared() {
        return processes != null;
    }

    /**
     * Waits for its turn and is inside then, without a look at the interrupt status if it need not wait; returns false when the stream is in the middle of somebody's frame.
     */
    boolean enter() throws InterruptedException {
        if (!threads.tryLock()) {
            threads.lockInterruptibly();
        }
        OwnedLock lock = processes;
        if (lock == null) {
            return true;
        }
        try {
            entered = lock.tryAcquire() || lock.acquireInterruptibly(Deadline.never());
        } finally {
            if (!entered) {
                threads.unlock();
            }
        }
        return lock.depth() == 0;
    }

    void enterUninterruptibly() {
        threads.lock();
        OwnedLock lock = processes;
        if (lock != null) {
            lock.acquire();
            entered = true;
        }
    }

    void inFrame(boolean now) {
        OwnedLock lock = processes;
        if (lock != null) {
            lock.depth(now ? 1 : 0);
        }
    }

    /** Gives the turn back; one who has made the guard shared meanwhile has the threads' part only. */
    void leave() {
        OwnedLock lock = processes;
        if (lock != null && entered) {
            entered = false;
            boolean released = lock.release();
            assert released : "held here";
        }
        threads.unlock();
    }
}
