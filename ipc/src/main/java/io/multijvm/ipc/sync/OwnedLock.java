package io.multijvm.ipc.sync;

import static io.multijvm.ipc.sync.LockLayout.DEPTH;
import static io.multijvm.ipc.sync.LockLayout.HOLDER;
import static io.multijvm.ipc.sync.LockLayout.INHERITED;
import static io.multijvm.ipc.sync.LockLayout.SIZE;
import static io.multijvm.ipc.sync.LockLayout.TAG;
import static io.multijvm.ipc.sync.LockLayout.THREAD;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;

/**
 * Mutual exclusion between threads of all processes; the word says which process holds it, so that it is never lost.
 *
 * <p>The holder is the number of a process, 0 for none. Numbers are never given twice, so a word that names a dead process
 * can only change by being taken over, and by one compare-and-set exactly one thread takes it.
 *
 * <pre>
 *   free            0                -> me                   acquire
 *   held by p       p                -> p|SLEEPERS           somebody is about to sleep
 *                   p, p|SLEEPERS    -> 0                    release; wakes one if SLEEPERS
 *                   p|SLEEPERS       -> me|SLEEPERS|INHERITED   p is dead
 *   free            0                -> me|SLEEPERS          by one who has slept: others may still
 * </pre>
 *
 * <p>Depth and thread are the holder's own, written while it holds the lock.
 */
public final class OwnedLock {
    private static final long SHORTEST_PAUSE_NANOS = 50_000; // what waking up costs anyway
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    private final Domain domain;
    private final Block block;
    private final int offset;
    private final Word word;
    private final int me;
    private int suspect; // who held it when tryAcquire last failed, and since when; guesses, racy on purpose
    private long suspectedSince;

    /** The lock in the first bytes of {@code block}. */
    public OwnedLock(Domain domain, Block block) {
        this(domain, block, 0);
    }

    /** The lock {@code offset} bytes into {@code block}, where it takes 16 bytes. */
    public OwnedLock(Domain domain, Block block, int offset) {
        this.domain = domain;
        this.block = block;
        this.offset = offset;
        this.word = new Word(domain, block, offset);
        this.me = domain.number();
    }

    /** A new lock, in a block of its own. */
    public static Block allocate(Domain domain) {
        return domain.allocate(SIZE);
    }

    /** Takes the lock if it is free, or if its holder has been dead for some time. */
    public boolean tryAcquire() {
        return block.compareAndSetInt(offset, 0, me) || tryTakeOver();
    }

    /** Takes the lock, waiting for it. */
    public void acquire() {
        if (!block.compareAndSetInt(offset, 0, me)) {
            try {
                acquireSlowly(Deadline.never(), false);
            } catch (InterruptedException e) {
                throw new AssertionError("not interruptible", e);
            }
        }
    }

    /**
     * Takes the lock, waiting until the deadline; returns whether it was had.
     *
     * @throws InterruptedException when interrupted before or while waiting
     */
    public boolean acquireInterruptibly(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return block.compareAndSetInt(offset, 0, me) || acquireSlowly(deadline, true);
    }

    boolean acquireSlowly(Deadline deadline, boolean interruptibly) throws InterruptedException {
        int mine = me;
        while (true) {
            int seen = word.get();
            if (seen == 0) {
                if (word.compareAndSet(0, mine)) {
                    return true;
                }
                continue;
            }
            if (word.spin(seen)) {
                continue;
            }
            if (seen > 0) {
                if (!word.compareAndSet(seen, seen | Word.SLEEPERS)) {
                    continue;
                }
                seen |= Word.SLEEPERS;
            }
            mine = me | Word.SLEEPERS;
            if (deadline.isOver()) {
                return takeOver(seen);
            }
            if (!word.sleep(seen, deadline, interruptibly) && takeOver(seen)) {
                return true;
            }
        }
    }

    /** Who only ever tries, and never waits, gets a dead process's lock as well, if not at the first try. */
    private boolean tryTakeOver() {
        int seen = word.get();
        int holder = seen & HOLDER;
        if (holder == 0 || holder == me) {
            return false;
        }
        long now = System.nanoTime();
        if (suspect != holder) {
            suspect = holder;
            suspectedSince = now;
            return false;
        }
        if (now - suspectedSince < Word.PATIENCE_NANOS) {
            return false;
        }
        suspectedSince = now;
        return takeOver(seen);
    }

    private boolean takeOver(int seen) {
        return !domain.isAlive(seen & HOLDER) && word.compareAndSet(seen, me | Word.SLEEPERS | INHERITED);
    }

    /** Gives the lock back, whoever has it; returns false when nobody had. */
    public boolean release() {
        int before = block.getAndSetInt(offset, 0);
        if (before < 0) {
            word.wakeOne();
        }
        return before != 0;
    }

    /** How an attempt to enter has ended. */
    enum Entry {
        ENTERED,
        /** From a dead process, which may have left what the lock guards half done. */
        INHERITED,
        GIVEN_UP
    }

    /**
     * Takes the lock for a few instructions, to be given back by {@link #leave}. Nobody asks to be woken by that, which is
     * thereby a mere store: who finds the lock taken looks again, at growing intervals.
     */
    Entry enter() {
        try {
            return enter(Deadline.never(), false);
        } catch (InterruptedException e) {
            throw new AssertionError("not interruptible", e);
        }
    }

    /** As {@link #enter()}, until the deadline. A process that is stopped inside keeps all others out. */
    Entry enter(Deadline deadline, boolean interruptibly) throws InterruptedException {
        return block.compareAndSetInt(offset, 0, me) ? Entry.ENTERED : enterSlowly(deadline, interruptibly);
    }

    private Entry enterSlowly(Deadline deadline, boolean interruptibly) throws InterruptedException {
        long begin = System.nanoTime();
        long pause = SHORTEST_PAUSE_NANOS;
        while (true) {
            int seen = word.get();
            if (seen == 0) {
                if (word.compareAndSet(0, me)) {
                    return Entry.ENTERED;
                }
            } else if (!word.spin(seen)) {
                boolean over = deadline.isOver();
                if ((over || System.nanoTime() - begin > Word.PATIENCE_NANOS) && takeOver(seen)) {
                    return Entry.INHERITED;
                }
                if (over) {
                    return Entry.GIVEN_UP;
                }
                if (interruptibly && Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long nanos = Math.min(pause, deadline.remainingNanos());
                domain.backend().sleep(block, offset, seen, nanos, interruptibly);
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            }
        }
    }

    void leave() {
        block.setIntRelease(offset, 0);
    }

    /** Whether somebody holds it, a dead process included. */
    public boolean isHeld() {
        return word.get() != 0;
    }

    /** Whether a thread of this process holds it. */
    public boolean isHeldHere() {
        return (word.get() & HOLDER) == me;
    }

    /** Whether the present holder has taken it over from a dead one. */
    public boolean isInherited() {
        return (word.get() & INHERITED) != 0;
    }

    /**
     * What a thread of this process has noted by {@link #thread(long)} when it held the lock; of use only to one who asks for
     * himself.
     */
    public long thread() {
        return block.getLong(offset + THREAD) ^ tag();
    }

    public void thread(long id) {
        block.setLong(offset + THREAD, id ^ tag());
    }

    /*
     * Thread ids begin with 1 in every process. Who takes the lock over finds the dead holder's id there until he has written
     * his own, and must not be taken for the thread of that id in his own process.
     */
    private long tag() {
        return (long) me << TAG;
    }

    /** How often the holder holds it, by its own account. */
    public int depth() {
        return block.getInt(offset + DEPTH);
    }

    public void depth(int depth) {
        block.setInt(offset + DEPTH, depth);
    }
}
