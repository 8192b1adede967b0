package io.multijvm.sync;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Rendezvous;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.Target;
import java.io.Serial;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A point at which threads of several processes wait until all of them have come, again and again.
 *
 * <p>When one of them times out or is interrupted, or the action throws, the barrier breaks: all who wait, and all who
 * come later until it is {@link #reset()}, get {@link BrokenBarrierException}. It also breaks within 200 ms when a process
 * dies that might be waited for: one that has received the barrier and whose target has not returned. It may be captured by
 * a process's target or sent in any way, with its action, and stays one.
 *
 * <p>Python: {@code multiprocessing.Barrier}.
 */
public final class ProcessBarrier implements Handle {
    private static final long serialVersionUID = 1;

    private final transient Block block;
    private final transient Rendezvous rendezvous;
    private final @Nullable Target action;
    private final @Nullable Duration timeout;

    private ProcessBarrier(Block block, @Nullable Target action, @Nullable Duration timeout) {
        this.block = block;
        this.rendezvous = new Rendezvous(ProcessContext.domain(), block);
        this.action = action;
        this.timeout = timeout;
    }

    /** A new barrier for {@code parties} threads, at least 1. */
    public static ProcessBarrier create(int parties) {
        return create(parties, null, null);
    }

    /** As {@link #create(int)}; the last to arrive runs {@code action} before anybody is released. */
    public static ProcessBarrier create(int parties, @Nullable Target action) {
        return create(parties, action, null);
    }

    /** As {@link #create(int, Target)}, with a timeout for waits that are given none; null for none. */
    public static ProcessBarrier create(int parties, @Nullable Target action, @Nullable Duration timeout) {
        if (parties < 1) {
            throw new IllegalArgumentException("parties: " + parties + ", at least 1 expected");
        }
        return new ProcessBarrier(Rendezvous.allocate(ProcessContext.domain(), parties), action, timeout);
    }

    static ProcessBarrier received(Block block, @Nullable Target action, @Nullable Duration timeout) {
        var barrier = new ProcessBarrier(block, action, timeout);
        Membership.begin(barrier);
        return barrier;
    }

    /**
     * Waits until all parties have come, for as long as the barrier's own timeout; returns how many were still missing when
     * this one came, so that exactly one gets 0.
     *
     * @throws BrokenBarrierException when the barrier is broken, or breaks meanwhile; the timeout breaks it, too
     * @throws InterruptedException when the thread is interrupted before or while waiting, which breaks it for the others
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        return await(timeout);
    }

    /** As {@link #await()}, waiting up to {@code limit}; null for ever. */
    public int await(@Nullable Duration limit) throws InterruptedException, BrokenBarrierException {
        Rendezvous.Arrival arrival = arrive(limit);
        return switch (arrival.outcome()) {
            case PASSED -> arrival.index();
            case TIMED_OUT -> throw new BrokenBarrierException("timed out after " + limit + ": " + this);
            case BROKEN -> throw new BrokenBarrierException(toString());
        };
    }

    /** As {@link #await(Duration)}, but one whose own time is up gets {@link TimeoutException}, the others the other. */
    public int await(long limit, TimeUnit unit) throws InterruptedException, BrokenBarrierException, TimeoutException {
        Rendezvous.Arrival arrival = arrive(Duration.ofNanos(unit.toNanos(limit)));
        return switch (arrival.outcome()) {
            case PASSED -> arrival.index();
            case TIMED_OUT -> throw new TimeoutException("after " + limit + " " + unit + ": " + this);
            case BROKEN -> throw new BrokenBarrierException(toString());
        };
    }

    private Rendezvous.Arrival arrive(@Nullable Duration limit) throws InterruptedException {
        return rendezvous.await(action == null ? null : this::act, Deadline.after(limit));
    }

    private void act() {
        try {
            if (action != null) {
                action.run();
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new UndeclaredThrowableException(e, "the barrier's action failed");
        }
    }

    /** Breaks the barrier for those who wait, and makes it as new for those who come. */
    public void reset() {
        rendezvous.reset();
    }

    /** Breaks the barrier. */
    public void abort() {
        rendezvous.abort();
    }

    /** How many threads it takes. */
    public int parties() {
        return rendezvous.parties();
    }

    /** As {@link #parties()}, by the name of {@link java.util.concurrent.CyclicBarrier}. */
    public int getParties() {
        return parties();
    }

    /** How many threads wait at this moment. */
    public int numberWaiting() {
        return rendezvous.waiting();
    }

    /** As {@link #numberWaiting()}, by the name of {@link java.util.concurrent.CyclicBarrier}. */
    public int getNumberWaiting() {
        return numberWaiting();
    }

    /** Whether waiting here fails until {@code reset()} is called. */
    public boolean isBroken() {
        return rendezvous.isBroken();
    }

    /** Two of these are equal when they are the same barrier, in whichever process each was received. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProcessBarrier barrier && barrier.block.equals(block);
    }

    @Override
    public int hashCode() {
        return block.hashCode();
    }

    @Override
    public String toString() {
        return "ProcessBarrier[parties=" + parties() + ", waiting=" + numberWaiting() + (isBroken() ? ", broken" : "")
                + "]";
    }

    @Serial
    private Object writeReplace() {
        Membership.begin(this);
        return Passed.barrier(block, action, timeout);
    }

    /** The barriers that this process shares with others, which it leaves when its target has returned. */
    private static final class Membership {
        private static final Set<ProcessBarrier> SHARED = ConcurrentHashMap.newKeySet();

        static {
            ProcessContext.whenCompleted(() -> SHARED.forEach(barrier -> barrier.rendezvous.leave()));
        }

        static void begin(ProcessBarrier barrier) {
            if (SHARED.add(barrier)) {
                barrier.rendezvous.join();
            }
        }
    }
}
