package io.multijvm.sync;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Permits;
import io.multijvm.process.ProcessContext;
import java.io.Serial;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits that threads of all processes take and give back; there may become more than it began with.
 *
 * <p>Permits that a process holds when it dies, however it dies, come back within 200 ms of being waited for;
 * {@link #recoveredPermits()} counts them. A process holds what it has taken and not given back. Semaphores are also used
 * as signals, one process taking what another gives: the first release by a process of more than it holds shows that, and
 * from then on nobody is held to hold anything and nothing comes back. The same goes for a semaphore that more than
 * 248 processes hold permits of at once.
 *
 * <p>A semaphore may be captured by a process's target or sent in any way, and stays one. It is not fair.
 *
 * <p>Python: {@code multiprocessing.Semaphore}.
 */
public sealed class ProcessSemaphore implements Handle permits BoundedProcessSemaphore {
    private static final long serialVersionUID = 1;

    private final transient Block block;
    private final transient Permits permits;

    ProcessSemaphore(Block block) {
        this.block = block;
        this.permits = new Permits(ProcessContext.domain(), block);
    }

    /** A new semaphore of {@code permits}, at least 0. */
    public static ProcessSemaphore create(int permits) {
        return new ProcessSemaphore(allocate(permits, Integer.MAX_VALUE));
    }

    static Block allocate(int permits, int limit) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits: " + permits + ", at least 0 expected");
        }
        return Permits.allocate(ProcessContext.domain(), permits, limit);
    }

    /**
     * Takes a permit, waiting for it.
     *
     * @throws InterruptedException when the thread is interrupted before or while waiting; nothing is taken then
     */
    public final void acquire() throws InterruptedException {
        permits.acquireInterruptibly(Deadline.never());
    }

    /** As {@link #acquire()}, waiting up to {@code timeout}; null waits for ever, zero or less only tries. Returns whether. */
    public final boolean acquire(@Nullable Duration timeout) throws InterruptedException {
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            return tryAcquire();
        }
        return permits.acquireInterruptibly(Deadline.after(timeout));
    }

    /** Takes a permit, waiting for it whatever happens. */
    public final void acquireUninterruptibly() {
        permits.acquire();
    }

    /** Takes a permit if one is free; returns whether. */
    public final boolean tryAcquire() {
        return permits.tryAcquire();
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
        if (!permits.release(count)) {
            throw new IllegalStateException("semaphore released too often: " + this);
        }
    }

    /** How many permits are free at this moment. Python: {@code get_value()}. */
    public final int availablePermits() {
        return permits.available();
    }

    /** Whether no permit is free at this moment. */
    public final boolean locked() {
        return availablePermits() == 0;
    }

    /** How many permits have come back from processes that died holding them. */
    public final int recoveredPermits() {
        return permits.recovered();
    }

    /** Takes a permit, for a {@code try} statement that gives it back. */
    public final Guard guard() {
        acquireUninterruptibly();
        return this::release;
    }

    /** Two of these are equal when they are the same semaphore, in whichever process each was received. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ProcessSemaphore semaphore && semaphore.block.equals(block);
    }

    @Override
    public final int hashCode() {
        return block.hashCode();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[permits=" + availablePermits() + "]";
    }

    @Serial
    final Object writeReplace() { // not private: the subclass is to have it, too
        return Passed.of(
                this instanceof BoundedProcessSemaphore ? Passed.Kind.BOUNDED_SEMAPHORE : Passed.Kind.SEMAPHORE, block);
    }
}
