package io.multijvm.sync;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.WaitQueue;
import io.multijvm.process.ProcessContext;
import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads of all processes that hold a lock wait here, without it, for others who hold it to tell them.
 *
 * <p>A signal wakes exactly as many as it says, or all who wait if these are fewer; none is kept for later comers, none is
 * lost to a waiter that timed out, was interrupted or died, and nobody wakes without one. A wait gives up all holds of the
 * lock, and has them again when it returns, in whichever way. Everything here throws {@link IllegalMonitorStateException}
 * unless the lock is held: by this thread if it is reentrant, by this process if it is not.
 *
 * <p>Java has taken the names {@code wait()} and {@code notifyAll()} for something else, which must not be called here:
 * the condition's are {@code await} and {@code signalAll}. Python: {@code multiprocessing.Condition}.
 */
@SuppressWarnings({"WaitNotInLoop", "JavaUtilDate"}) // no wake-up is spurious; the interface has a Date
public final class ProcessCondition implements Condition, Handle {
    private static final long serialVersionUID = 1;

    private final transient Block block;
    private final transient WaitQueue queue;
    private final transient AbstractProcessLock lock;

    ProcessCondition(Block block, AbstractProcessLock lock) {
        this.block = block;
        this.queue = new WaitQueue(ProcessContext.domain(), block);
        this.lock = lock;
    }

    /** A new condition on a new {@link ReentrantProcessLock}. */
    public static ProcessCondition create() {
        return create(ReentrantProcessLock.create());
    }

    /** A new condition on {@code lock}, which is a {@link ProcessLock} or a {@link ReentrantProcessLock}. */
    public static ProcessCondition create(Lock lock) {
        if (!(lock instanceof AbstractProcessLock ours)) {
            throw new IllegalArgumentException("a condition needs a ProcessLock or a ReentrantProcessLock, not a "
                    + lock.getClass().getName());
        }
        return new ProcessCondition(WaitQueue.allocate(ProcessContext.domain()), ours);
    }

    /** The lock it stands on. */
    public Lock lock() {
        return lock;
    }

    /** Takes the lock. */
    public void acquire() throws InterruptedException {
        lock.acquire();
    }

    /** As {@link ProcessLock#acquire(Duration)}. */
    public boolean acquire(@Nullable Duration timeout) throws InterruptedException {
        return lock.acquire(timeout);
    }

    /** Releases the lock. */
    public void release() {
        lock.release();
    }

    /** Takes the lock, for a {@code try} statement that gives it back. */
    public Guard guard() {
        return lock.guard();
    }

    @Override
    public void await() throws InterruptedException {
        waitUntil(Deadline.never(), true);
    }

    /** Waits up to {@code timeout}, null for ever; returns whether it was told, false when the time was up. */
    public boolean await(@Nullable Duration timeout) throws InterruptedException {
        return waitUntil(Deadline.after(timeout), true);
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return await(Duration.ofNanos(unit.toNanos(time)));
    }

    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        long begin = System.nanoTime();
        await(Duration.ofNanos(nanosTimeout));
        long left = nanosTimeout - (System.nanoTime() - begin);
        return left > nanosTimeout ? Long.MIN_VALUE : left; // it was less than a long can say
    }

    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        return await(Duration.between(Instant.now(), Instant.ofEpochMilli(deadline.getTime())));
    }

    @Override
    public void awaitUninterruptibly() {
        try {
            waitUntil(Deadline.never(), false);
        } catch (InterruptedException e) {
            throw new AssertionError("not interruptible", e);
        }
    }

    /** Waits until {@code predicate}, looked at with the lock held, is true; returns true. */
    public boolean waitFor(BooleanSupplier predicate) throws InterruptedException {
        return waitFor(predicate, null);
    }

    /** As {@link #waitFor(BooleanSupplier)}, for {@code timeout} in all, null for ever; returns the predicate's last value. */
    public boolean waitFor(BooleanSupplier predicate, @Nullable Duration timeout) throws InterruptedException {
        requireHeld();
        Deadline deadline = Deadline.after(timeout);
        while (!predicate.getAsBoolean()) {
            if (!waitUntil(deadline, true)) {
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
        requireHeld();
        if (count < 0) {
            throw new IllegalArgumentException("count: " + count + ", at least 0 expected");
        }
        queue.signal(count);
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
        requireHeld();
        return queue.waitingAlive();
    }

    /** How many of those have been told, and do not know it yet. */
    int signalled() {
        return queue.signalled();
    }

    private boolean waitUntil(Deadline deadline, boolean interruptibly) throws InterruptedException {
        requireHeld();
        if (interruptibly && Thread.interrupted()) {
            throw new InterruptedException();
        }
        int ticket = queue.enter();
        while (true) {
            int seen = queue.sequence();
            int holds = lock.releaseFully();
            boolean inTime;
            try {
                inTime = queue.await(seen, deadline, interruptibly);
            } catch (InterruptedException e) {
                lock.restore(holds);
                return interrupted(ticket, e);
            }
            lock.restore(holds);
            if (queue.take(ticket)) {
                return true;
            }
            if (!inTime) {
                queue.leave(ticket);
                return false;
            }
        }
    }

    /** One who was told as well returns as told, with the interrupt still to be seen. */
    private boolean interrupted(int ticket, InterruptedException interrupt) throws InterruptedException {
        if (queue.take(ticket)) {
            Thread.currentThread().interrupt();
            return true;
        }
        queue.leave(ticket);
        throw interrupt;
    }

    private void requireHeld() {
        if (!lock.isHeldForCondition()) {
            throw new IllegalMonitorStateException("the condition's lock is not held here: " + lock);
        }
    }

    /** Two of these are equal when they are the same condition, in whichever process each was received. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProcessCondition condition && condition.block.equals(block);
    }

    @Override
    public int hashCode() {
        return block.hashCode();
    }

    @Override
    public String toString() {
        return "ProcessCondition[" + lock + ", waiting=" + queue.waiting() + ", signalled=" + signalled() + "]";
    }

    @Serial
    private Object writeReplace() {
        return Passed.condition(block, lock);
    }
}
