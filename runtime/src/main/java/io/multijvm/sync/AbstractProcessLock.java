package io.multijvm.sync;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.OwnedLock;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** What the two locks have in common: everything but who may release. */
abstract sealed class AbstractProcessLock implements Lock, Handle permits ProcessLock, ReentrantProcessLock {
    private static final long serialVersionUID = 1;

    final transient Block block;
    final transient OwnedLock word;

    AbstractProcessLock(Block block) {
        this.block = block;
        this.word = new OwnedLock(ProcessContext.domain(), block);
    }

    /**
     * As {@link #lockInterruptibly()}. Python: {@code acquire()}.
     *
     * @throws InterruptedException when the thread is interrupted before or while waiting; the lock stays as it was
     */
    public void acquire() throws InterruptedException {
        take(Deadline.never());
    }

    /**
     * Takes the lock, waiting up to {@code timeout}; null waits for ever, and zero or less only tries. Returns whether it was
     * had. Python: {@code acquire(timeout=…)}.
     *
     * @throws InterruptedException when the thread is interrupted before or while waiting; the lock stays as it was
     */
    public boolean acquire(@Nullable Duration timeout) throws InterruptedException {
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            return tryLock();
        }
        return take(Deadline.after(timeout));
    }

    /** As {@link #unlock()}. Python: {@code release()}. */
    public void release() {
        unlock();
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        take(Deadline.never());
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return acquire(Duration.ofNanos(unit.toNanos(time)));
    }

    /** Takes the lock, for a {@code try} statement that gives it back: {@code try (Guard held = lock.guard()) …}. */
    public Guard guard() {
        lock();
        return this::unlock;
    }

    /** A new condition on this lock. */
    @Override
    public ProcessCondition newCondition() {
        return ProcessCondition.create(this);
    }

    /** Whether anybody holds the lock, in whichever process, a dead one that nobody has inherited it from included. */
    public boolean locked() {
        return word.isHeld();
    }

    /**
     * Whether the lock was taken over from a process that died while it held it, so that what it guards may be half done.
     * For the holder; true until the lock is free again.
     */
    public boolean isInherited() {
        return word.isInherited();
    }

    abstract boolean take(Deadline deadline) throws InterruptedException;

    /** Whether this thread may use a condition of this lock. */
    abstract boolean isHeldForCondition();

    /** Releases the lock however often it is held; returns how often that was. */
    abstract int releaseFully();

    /** Takes the lock again as often as it was held. */
    abstract void restore(int holds);

    /** Who holds the lock, as far as this process knows, in the words of Python's text form. */
    final String holder() {
        if (!word.isHeld()) {
            return "None";
        }
        if (!word.isHeldHere()) {
            return "SomeOtherProcess";
        }
        Thread current = Thread.currentThread();
        if (word.thread() != current.getId()) {
            return "SomeOtherThread";
        }
        String process = JvmProcess.currentProcess().name();
        return current.getName().equals("main") ? process : process + "|" + current.getName();
    }

    /** Two of these are equal when they are the same lock, in whichever process each was received. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof AbstractProcessLock lock && lock.block.equals(block);
    }

    @Override
    public final int hashCode() {
        return block.hashCode();
    }
}
