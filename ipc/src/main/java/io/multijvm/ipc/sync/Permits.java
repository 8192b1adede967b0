package io.multijvm.ipc.sync;

import static io.multijvm.ipc.sync.PermitsLayout.FREE;
import static io.multijvm.ipc.sync.PermitsLayout.HELD;
import static io.multijvm.ipc.sync.PermitsLayout.LIMIT;
import static io.multijvm.ipc.sync.PermitsLayout.MODE;
import static io.multijvm.ipc.sync.PermitsLayout.RECOVERED;
import static io.multijvm.ipc.sync.PermitsLayout.ROLL;
import static io.multijvm.ipc.sync.PermitsLayout.SIGNAL;
import static io.multijvm.ipc.sync.PermitsLayout.START;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import java.time.Duration;

/**
 * A number of permits that processes take and give back; what a dead process held comes back.
 *
 * <p><b>Two modes.</b> A semaphore begins in mode HELD, where permits belong to the process that took them. The first
 * release by a process that holds too few shows that it is used as a signal, one process taking what another gives; from
 * then on it is in mode SIGNAL, where nobody holds anything and nothing comes back.
 *
 * <p><b>Death inside.</b> Everything here is changed under the lock, which is taken over from a dead holder. Each change is
 * decided by one store: in mode HELD that of the roll's entry, from which the number of free permits follows and is
 * computed anew by whoever took the lock over; in mode SIGNAL that of the free permits themselves.
 */
public final class Permits {
    /** How long one who does not wait for permits waits for a process that is about to change their number. */
    private static final Duration INSIDE = Duration.ofNanos(Word.PATIENCE_NANOS);

    private final Block block;
    private final OwnedLock lock;
    private final Word free;
    private final Roll roll;
    private final int start;
    private final int limit;
    private long lookedForDead; // by those who only try; a guess, racy on purpose

    public Permits(Domain domain, Block block) {
        this.block = block;
        this.lock = new OwnedLock(domain, block);
        this.free = new Word(domain, block, FREE);
        this.roll = new Roll(domain, block, ROLL);
        this.start = block.getInt(START);
        this.limit = block.getInt(LIMIT);
    }

    /** The memory of {@code start} permits, of which there may never be more than {@code limit}. */
    public static Block allocate(Domain domain, int start, int limit) {
        int processes = Math.min(start, Roll.MOST);
        Block block = domain.allocate(ROLL + Roll.size(processes));
        new Roll(domain, block, ROLL).format(processes);
        block.setInt(START, start);
        block.setInt(LIMIT, limit);
        block.setIntVolatile(FREE, start);
        return block;
    }

    /** Takes a permit if one is free, or if its holder has been dead for some time. */
    public boolean tryAcquire() {
        try {
            if (available() > 0 && takeOrAnnounce(Deadline.after(INSIDE), false, true, false) > 0) {
                return true;
            }
            long now = System.nanoTime();
            long before = lookedForDead;
            if (before == 0 || now - before < Word.PATIENCE_NANOS) {
                lookedForDead = before == 0 ? now : before;
                return false;
            }
            lookedForDead = now;
            return takeFromDead(Deadline.after(INSIDE), false);
        } catch (InterruptedException e) {
            throw new AssertionError("not interruptible", e);
        }
    }

    /** Takes a permit, waiting for it. */
    public void acquire() {
        try {
            acquire(Deadline.never(), false);
        } catch (InterruptedException e) {
            throw new AssertionError("not interruptible", e);
        }
    }

    /**
     * Takes a permit, waiting until the deadline; returns whether one was had.
     *
     * @throws InterruptedException when interrupted before or while waiting
     */
    public boolean acquireInterruptibly(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return acquire(deadline, true);
    }

    private boolean acquire(Deadline deadline, boolean interruptibly) throws InterruptedException {
        if (takeOrAnnounce(deadline, interruptibly, true, false) > 0) {
            return true;
        }
        boolean slept = false;
        while (true) {
            free.spin(slept ? Word.SLEEPERS : 0);
            int found = takeOrAnnounce(deadline, interruptibly, false, slept);
            if (found > 0) {
                if (slept && found > 1) {
                    free.wakeOne(); // one release may have been for several sleepers
                }
                return true;
            }
            if (deadline.isOver()) {
                return found == 0 && takeFromDead(deadline, interruptibly);
            }
            slept = true;
            if (!free.sleep(Word.SLEEPERS, deadline, interruptibly) && takeFromDead(deadline, interruptibly)) {
                return true;
            }
        }
    }

    /**
     * Takes a permit, or else says that somebody is about to sleep unless {@code onlyTrying}; returns how many were free,
     * -1 if it was not to be seen before the deadline. One who has slept leaves word of it, since others may still.
     */
    private int takeOrAnnounce(Deadline deadline, boolean interruptibly, boolean onlyTrying, boolean slept)
            throws InterruptedException {
        if (!enter(deadline, interruptibly)) {
            return -1;
        }
        int word = block.getInt(FREE);
        int found = word & ~Word.SLEEPERS;
        if (found > 0) {
            take(slept ? word | Word.SLEEPERS : word);
        } else if (!onlyTrying) {
            block.setIntRelease(FREE, Word.SLEEPERS);
        }
        lock.leave();
        return found;
    }

    private void take(int word) {
        if (block.getInt(MODE) == HELD && !roll.add(1)) {
            block.setIntRelease(MODE, SIGNAL); // more processes than the roll can name
        }
        block.setIntRelease(FREE, word - 1);
    }

    /** Has the dead give back what they held, and takes one of it. */
    private boolean takeFromDead(Deadline deadline, boolean interruptibly) throws InterruptedException {
        if (!enter(deadline, interruptibly)) {
            return false;
        }
        int back = 0;
        try {
            if (block.getInt(MODE) == HELD) {
                int before = free();
                roll.removeDead();
                back = free() - before;
            }
            if (back > 0) {
                block.setInt(RECOVERED, block.getInt(RECOVERED) + back);
                take(free() | Word.SLEEPERS);
            }
        } finally { // the look at the living may throw, for want of memory for instance
            settle();
            lock.leave();
        }
        if (back > 1) {
            free.wake(back - 1);
        }
        return back > 0;
    }

    /** Gives permits back, or more than were ever taken; returns false when there would be more than the limit. */
    public boolean release(int permits) {
        enter();
        int word = block.getInt(FREE);
        int found = word & ~Word.SLEEPERS;
        boolean allowed = found <= limit - permits;
        if (allowed) {
            if (block.getInt(MODE) == HELD) {
                giveBack(permits);
            }
            block.setIntRelease(FREE, found + permits);
        }
        lock.leave();
        if (allowed && word < 0) {
            free.wake(permits);
        }
        return allowed;
    }

    private void giveBack(int permits) {
        if (!roll.take(permits)) {
            block.setIntRelease(MODE, SIGNAL);
        }
    }

    /** How many permits are free. */
    public int available() {
        return free.get() & ~Word.SLEEPERS;
    }

    /** How many permits have come back from dead processes. */
    public int recovered() {
        return block.getInt(RECOVERED);
    }

    private void enter() {
        if (lock.enter() == OwnedLock.Entry.INHERITED) {
            settle();
        }
    }

    /** A process stopped inside keeps everybody out; this gives up then. */
    private boolean enter(Deadline deadline, boolean interruptibly) throws InterruptedException {
        OwnedLock.Entry entry = lock.enter(deadline, interruptibly);
        if (entry == OwnedLock.Entry.INHERITED) {
            settle();
        }
        return entry != OwnedLock.Entry.GIVEN_UP;
    }

    private void settle() {
        if (block.getInt(MODE) == HELD) {
            block.setIntRelease(FREE, free() | Word.SLEEPERS);
        }
    }

    /** What is free in mode HELD, by the roll. */
    private int free() {
        return start - roll.sum(0, -1);
    }
}
