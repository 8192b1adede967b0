package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.sync.Guard;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** What the two locks have in common: everything but who may release, which the server knows. */
abstract sealed class AbstractManagedLock extends AbstractProxy<LockObject.Verb> implements Lock
        permits ManagedLock, ManagedReentrantLock {
    private static final long serialVersionUID = 1;

    AbstractManagedLock(Remote remote) {
        super(remote);
    }

    /** As {@link #lockInterruptibly()}. Python: {@code acquire()}. */
    public void acquire() throws InterruptedException {
        lockInterruptibly();
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
        return callInterruptibly(
                LockObject.Verb.ACQUIRE, thread(), Deadline.after(timeout).remainingNanos());
    }

    /** As {@link #unlock()}. Python: {@code release()}. */
    public void release() {
        unlock();
    }

    @Override
    public void lock() {
        boolean ignored = call(LockObject.Verb.ACQUIRE, thread(), Long.MAX_VALUE);
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        boolean ignored = callInterruptibly(LockObject.Verb.ACQUIRE, thread(), Long.MAX_VALUE);
    }

    @Override
    public boolean tryLock() {
        return call(LockObject.Verb.ACQUIRE, thread(), 0L);
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return acquire(Duration.ofNanos(unit.toNanos(time)));
    }

    @Override
    public void unlock() {
        Object ignored = call(LockObject.Verb.RELEASE, thread());
    }

    /** Takes the lock, for a {@code try} statement that gives it back: {@code try (Guard held = lock.guard()) …}. */
    public Guard guard() {
        lock();
        return this::unlock;
    }

    /** A new condition on this lock, in the same server. */
    @Override
    public ManagedCondition newCondition() {
        return (ManagedCondition)
                Objects.requireNonNull(remote().server().ask(ServerVerb.CREATE, Kind.CONDITION.ordinal(), this));
    }

    /** Whether anybody holds the lock, a dead process that nobody has inherited it from included. */
    public boolean locked() {
        return call(LockObject.Verb.LOCKED);
    }

    /**
     * Whether the lock was taken over from a process that ended while it held it, so that what it guards may be half done. For
     * the holder; true until the lock is free again.
     */
    public boolean isInherited() {
        return call(LockObject.Verb.INHERITED);
    }

    static long thread() {
        return Thread.currentThread().getId();
    }

    /** Two of these are equal when they are the same lock of the same server. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof AbstractManagedLock lock && lock.remote().equals(remote());
    }

    @Override
    public final int hashCode() {
        return remote().hashCode();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + remote() + "]";
    }
}
