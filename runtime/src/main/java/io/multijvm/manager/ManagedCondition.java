package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.sync.Guard;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads of all processes that hold a lock of a manager wait here, without it, for others who hold it to tell them.
 *
 * <p>A signal wakes exactly as many as it says, or all who wait if these are fewer; none is kept for later comers, none is
 * lost to a waiter that timed out, was interrupted or died, and nobody wakes without one. A wait gives up all holds of the
 * lock, and has them again when it returns, in whichever way. Everything here throws {@link IllegalMonitorStateException}
 * unless the lock is held: by this thread if it is reentrant, by this process if it is not.
 *
 * <p>Python: {@code manager.Condition(lock)}; as with {@link io.multijvm.sync.ProcessCondition}, its {@code wait} and
 * {@code notify_all} are {@code await} and {@code signalAll} here.
 */
@SuppressWarnings({"WaitNotInLoop", "JavaUtilDate"}) // no wake-up is spurious; the interface has a Date
public final class ManagedCondition extends AbstractProxy<ConditionObject.Verb> implements Condition {
    private static final long serialVersionUID = 1;

    private transient volatile @Nullable AbstractManagedLock lock; // asked for when needed

    ManagedCondition(Remote remote) {
        super(remote);
    }

    /** The lock it stands on. */
    public Lock lock() {
        return ours();
    }

    private AbstractManagedLock ours() {
        AbstractManagedLock known = lock;
        if (known == null) {
            known = call(ConditionObject.Verb.LOCK);
            lock = known;
        }
        return known;
    }

    /** Takes the lock. */
    public void acquire() throws InterruptedException {
        ours().acquire();
    }

    /** As {@link ManagedLock#acquire(Duration)}. */
    public boolean acquire(@Nullable Duration timeout) throws InterruptedException {
        return ours().acquire(timeout);
    }

    /** Releases the lock. */
    public void release() {
        ours().release();
    }

    /** Takes the lock, for a {@code try} statement that gives it back. */
    public Guard guard() {
        return ours().guard();
    }

    @Override
    public void await() throws InterruptedException {
        boolean ignored = await((Duration) null);
    }

    /** Waits up to {@code timeout}, null for ever; returns whether it was told, false when the time was up. */
    public boolean await(@Nullable Duration timeout) throws InterruptedException {
        return callInterruptibly(
                ConditionObject.Verb.AWAIT, thread(), Deadline.after(timeout).remainingNanos());
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return await(Duration.ofNanos(unit.toNanos(time)));
    }

    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        long begin = System.nanoTime();
        boolean ignored = await(Duration.ofNanos(nanosTimeout));
        long left = nanosTimeout - (System.nanoTime() - begin);
        return left > nanosTimeout ? Long.MIN_VALUE : left; // it was less than a long can say
    }

    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        return await(Duration.between(Instant.now(), Instant.ofEpochMilli(deadline.getTime())));
    }

    @Override
    public void awaitUninterruptibly() {
        boolean ignored = call(ConditionObject.Verb.AWAIT, thread(), Long.MAX_VALUE);
    }

    /** Waits until {@code predicate}, looked at here with the lock held, is true; returns true. */
    public boolean waitFor(BooleanSupplier predicate) throws InterruptedException {
        return waitFor(predicate, null);
    }

    /** As {@link #waitFor(BooleanSupplier)}, for {@code timeout} in all, null for ever; returns the predicate's last value. */
    public boolean waitFor(BooleanSupplier predicate, @Nullable Duration timeout) throws InterruptedException {
        signal(0); // refused unless the lock is held
        Deadline deadline = Deadline.after(timeout);
        while (!predicate.getAsBoolean()) {
            boolean told = callInterruptibly(ConditionObject.Verb.AWAIT, thread(), deadline.remainingNanos());
            if (!told) {
                return predicate.getAsBoolean();
            }
        }
        return true;
    }

    @Override
    public void signal() {
        signal(1);
    }

    /** Wakes {@code count} of those who wait, or all if these are fewer. */
    public void signal(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count: " + count + ", at least 0 expected");
        }
        Object ignored = call(ConditionObject.Verb.SIGNAL, thread(), count);
    }

    @Override
    public void signalAll() {
        signal(Integer.MAX_VALUE);
    }

    /** As {@link #signal(int)}, by Python's name. */
    public void notify(int count) {
        signal(count);
    }

    /** How many threads wait, in all living processes. */
    public int waiting() {
        return call(ConditionObject.Verb.WAITING, thread());
    }

    private static long thread() {
        return AbstractManagedLock.thread();
    }

    /** Two of these are equal when they are the same condition of the same server. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ManagedCondition condition && condition.remote().equals(remote());
    }

    @Override
    public int hashCode() {
        return remote().hashCode();
    }

    @Override
    public String toString() {
        return "ManagedCondition[" + remote() + "]";
    }
}
