package io.multijvm.sync;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.OwnedLock;
import io.multijvm.process.ProcessContext;
import java.io.Serial;

/**
 * A lock between threads of all processes that belongs to the thread that holds it: that one may take it again, and only
 * that one may release it, as often as it took it.
 *
 * <p>A process that dies holding the lock, however it dies, loses it to the next one that wants it, within 200 ms;
 * {@link #isInherited()} tells that one. A process that is stopped or slow never does. The lock may be captured by a
 * process's target or sent in any way, and stays one lock. It is not fair.
 *
 * <p>Python: {@code multiprocessing.RLock}.
 */
public final class ReentrantProcessLock extends AbstractProcessLock {
    private static final long serialVersionUID = 1;

    ReentrantProcessLock(Block block) {
        super(block);
    }

    /** A new lock, free. */
    public static ReentrantProcessLock create() {
        return new ReentrantProcessLock(OwnedLock.allocate(ProcessContext.domain()));
    }

    @Override
    public void lock() {
        if (!takeAgain()) {
            word.acquire();
            taken(1);
        }
    }

    @Override
    public boolean tryLock() {
        if (takeAgain()) {
            return true;
        }
        boolean had = word.tryAcquire();
        if (had) {
            taken(1);
        }
        return had;
    }

    /**
     * Gives back one hold of this thread.
     *
     * @throws IllegalMonitorStateException when this thread does not hold the lock
     */
    @Override
    public void unlock() {
        requireHeld();
        int depth = word.depth() - 1;
        word.depth(depth);
        if (depth == 0) {
            free();
        }
    }

    /** How often this thread holds the lock. */
    public int holdCount() {
        return isHeldByCurrentThread() ? word.depth() : 0;
    }

    /** Whether the calling thread holds it. */
    public boolean isHeldByCurrentThread() {
        return word.thread() == Thread.currentThread().getId() && word.isHeldHere();
    }

    @Override
    boolean take(Deadline deadline) throws InterruptedException {
        if (isHeldByCurrentThread()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return takeAgain();
        }
        boolean had = word.acquireInterruptibly(deadline);
        if (had) {
            taken(1);
        }
        return had;
    }

    @Override
    boolean isHeldForCondition() {
        return isHeldByCurrentThread();
    }

    @Override
    int releaseFully() {
        requireHeld();
        int holds = word.depth();
        word.depth(0);
        free();
        return holds;
    }

    @Override
    void restore(int holds) {
        word.acquire();
        taken(holds);
    }

    private boolean takeAgain() {
        if (!isHeldByCurrentThread()) {
            return false;
        }
        word.depth(Math.incrementExact(word.depth()));
        return true;
    }

    private void taken(int holds) {
        word.depth(holds);
        word.thread(Thread.currentThread().getId());
    }

    /*
     * The thread id goes first: found together with this process's number in the word, it must be that of the holder. The
     * exchange in release is a full fence, so no later holder's id can be overwritten.
     */
    private void free() {
        word.thread(0);
        word.release();
    }

    private void requireHeld() {
        if (!isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException(
                    "release by thread '" + Thread.currentThread().getName() + "', which does not hold " + this);
        }
    }

    @Override
    public String toString() {
        String holder = holder();
        boolean others = holder.startsWith("SomeOther");
        return "ReentrantProcessLock[owner=" + holder + ", holds=" + (others ? "nonzero" : holdCount()) + "]";
    }

    @Serial
    private Object writeReplace() {
        return Passed.of(Passed.Kind.REENTRANT_LOCK, block);
    }
}
