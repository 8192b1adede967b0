package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.sync.Guard;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits in a manager's server; there may become more than it began with.
 *
 * <p>Permits that a process holds when it ends, however it ends, come back when somebody needs one;
 * {@link #recoveredPermits()} counts them. A process holds what it has taken and not given back. Semaphores are also used as
 * signals, one process taking what another gives: the first release by a process of more than it holds, and more than the dead
 * have held, shows that, and from then on nothing comes back. It is not fair. Python: {@code manager.Semaphore(n)}.
 */
public sealed class ManagedSemaphore extends AbstractProxy<SemaphoreObject.Verb> permits ManagedBoundedSemaphore {
    private static final long serialVersionUID = 1;

    ManagedSemaphore(Remote remote) {
        super(remote);
    }

    /**
     * Takes a permit, waiting for it.
     *
     * @throws InterruptedException when the thread is interrupted before or while waiting; nothing is taken then
     */
    public final void acquire() throws InterruptedException {
        boolean ignored = callInterruptibly(SemaphoreObject.Verb.ACQUIRE, Long.MAX_VALUE);
    }

    /** As {@link #acquire()}, waiting up to {@code timeout}; null waits for ever, zero or less only tries. Returns whether. */
    public final boolean acquire(@Nullable Duration timeout) throws InterruptedException {
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            return tryAcquire();
        }
        return callInterruptibly(
                SemaphoreObject.Verb.ACQUIRE, Deadline.after(timeout).remainingNanos());
    }

    /** Takes a permit, waiting for it whatever happens. */
    public final void acquireUninterruptibly() {
        boolean ignored = call(SemaphoreObject.Verb.ACQUIRE, Long.MAX_VALUE);
    }

    /** Takes a permit if one is free; returns whether. */
    public final boolean tryAcquire() {
        return call(SemaphoreObject.Verb.ACQUIRE, 0L);
    }

    /** As {@link #acquire(Duration)}. */
    public final boolean tryAcquire(Duration timeout) throws InterruptedException {
        return acquire(timeout);
    }

    /** As {@link #acquire(Duration)}. */
    public final boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException {
        return acquire(Duration.ofNanos(unit.toNanos(timeout)));
    }

    /** Gives a permit back, or adds one. */
    public final void release() {
        release(1);
    }

    /**
     * Gives permits back, or adds some, at least 1.
     *
     * @throws IllegalStateException when there would be more than there may be; none is added then
     */
    public final void release(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("permits: " + count + ", at least 1 expected");
        }
        Object ignored = call(SemaphoreObject.Verb.RELEASE, count);
    }

    /** How many permits are free at this moment. Python: {@code get_value()}. */
    public final int availablePermits() {
        return call(SemaphoreObject.Verb.AVAILABLE);
    }

    /** Whether no permit is free at this moment. */
    public final boolean locked() {
        return availablePermits() == 0;
    }

    /** How many permits have come back from processes that ended holding them. */
    public final int recoveredPermits() {
        return call(SemaphoreObject.Verb.RECOVERED);
    }

    /** Takes a permit, for a {@code try} statement that gives it back. */
    public final Guard guard() {
        acquireUninterruptibly();
        return this::release;
    }

    /** Two of these are equal when they are the same semaphore of the same server. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ManagedSemaphore semaphore && semaphore.remote().equals(remote());
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
