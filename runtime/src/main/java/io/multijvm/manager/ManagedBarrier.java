package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.process.Target;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A point in a manager's server at which threads of several processes wait until all of them have come, again and again. The
 * last to come runs the barrier's action, in its own process, before anybody is released.
 *
 * <p>When one of them times out, is interrupted or dies while it waits, or the action throws, the barrier breaks: all who wait,
 * and all who come later until it is {@link #reset()}, get {@link BrokenBarrierException}. The process that made the barrier
 * has the action itself, others run a copy. Python: {@code manager.Barrier(n, action, timeout)}.
 */
public final class ManagedBarrier extends AbstractProxy<BarrierObject.Verb> {
    private static final long serialVersionUID = 1;
    private static final long ITS_OWN = -1; // in the place of nanoseconds

    private transient volatile @Nullable Target action; // asked for when needed

    ManagedBarrier(Remote remote) {
        super(remote);
    }

    /** It, with the action that its maker has. */
    ManagedBarrier with(@Nullable Target original) {
        action = original;
        return this;
    }

    /**
     * Waits until all parties have come, for as long as the barrier's own timeout; returns how many were still missing when
     * this one came, so that exactly one gets 0.
     *
     * @throws BrokenBarrierException when the barrier is broken, or breaks meanwhile; the timeout breaks it, too
     * @throws InterruptedException when the thread is interrupted before or while waiting, which breaks it for the others
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        return passed(arrive(ITS_OWN), "its own");
    }

    /** As {@link #await()}, waiting up to {@code limit}; null for ever. */
    public int await(@Nullable Duration limit) throws InterruptedException, BrokenBarrierException {
        return passed(arrive(Deadline.after(limit).remainingNanos()), String.valueOf(limit));
    }

    private int passed(int outcome, String limit) throws BrokenBarrierException {
        if (outcome == BarrierObject.TIMED_OUT) {
            throw new BrokenBarrierException("timed out, timeout: " + limit + ", " + this);
        }
        if (outcome == BarrierObject.BROKEN) {
            throw new BrokenBarrierException(toString());
        }
        return outcome;
    }

    /** As {@link #await(Duration)}, but one whose own time is up gets {@link TimeoutException}, the others the other. */
    public int await(long limit, TimeUnit unit) throws InterruptedException, BrokenBarrierException, TimeoutException {
        int outcome = arrive(Deadline.after(limit, unit).remainingNanos());
        if (outcome == BarrierObject.TIMED_OUT) {
            throw new TimeoutException("after " + limit + " " + unit + ": " + this);
        }
        return passed(outcome, "");
    }

    private int arrive(long nanos) throws InterruptedException {
        int outcome;
        try {
            outcome = callInterruptibly(BarrierObject.Verb.AWAIT, thread(), nanos);
        } catch (InterruptedException e) {
            Object ignored = call(BarrierObject.Verb.INTERRUPTED, thread());
            throw e;
        }
        return outcome == BarrierObject.ACT ? act() : outcome;
    }

    private int act() {
        boolean well = false;
        try {
            action().run();
            well = true;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new UndeclaredThrowableException(e, "the barrier's action failed");
        } finally {
            if (!well) {
                int ignored = call(BarrierObject.Verb.ACTED, thread(), false);
            }
        }
        return call(BarrierObject.Verb.ACTED, thread(), true);
    }

    private Target action() {
        Target known = action;
        if (known == null) {
            known = call(BarrierObject.Verb.ACTION);
            action = known;
        }
        return known;
    }

    /** Breaks the barrier for those who wait, and makes it as new for those who come. */
    public void reset() {
        Object ignored = call(BarrierObject.Verb.RESET);
    }

    /** Breaks the barrier. */
    public void abort() {
        Object ignored = call(BarrierObject.Verb.ABORT);
    }

    /** How many threads it takes. */
    public int parties() {
        return call(BarrierObject.Verb.PARTIES);
    }

    /** As {@link #parties()}, by the name of {@link java.util.concurrent.CyclicBarrier}. */
    public int getParties() {
        return parties();
    }

    /** How many threads wait at this moment. */
    public int numberWaiting() {
        return call(BarrierObject.Verb.WAITING);
    }

    /** As {@link #numberWaiting()}, by the name of {@link java.util.concurrent.CyclicBarrier}. */
    public int getNumberWaiting() {
        return numberWaiting();
    }

    /** Whether waiting here fails until {@code reset()} is called. */
    public boolean isBroken() {
        return call(BarrierObject.Verb.IS_BROKEN);
    }

    private static long thread() {
        return AbstractManagedLock.thread();
    }

    /** Two of these are equal when they are the same barrier of the same server. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ManagedBarrier barrier && barrier.remote().equals(remote());
    }

    @Override
    public int hashCode() {
        return remote().hashCode();
    }

    @Override
    public String toString() {
        return "ManagedBarrier[" + remote() + "]";
    }
}
