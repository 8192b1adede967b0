package io.multijvm.ipc.sync;

import static io.multijvm.ipc.sync.RendezvousLayout.ACTING;
import static io.multijvm.ipc.sync.RendezvousLayout.ARRIVED;
import static io.multijvm.ipc.sync.RendezvousLayout.BROKEN;
import static io.multijvm.ipc.sync.RendezvousLayout.GENERATION;
import static io.multijvm.ipc.sync.RendezvousLayout.LAST_RESETS;
import static io.multijvm.ipc.sync.RendezvousLayout.MEMBER;
import static io.multijvm.ipc.sync.RendezvousLayout.NO_RESET;
import static io.multijvm.ipc.sync.RendezvousLayout.PARTIES;
import static io.multijvm.ipc.sync.RendezvousLayout.REMEMBERED;
import static io.multijvm.ipc.sync.RendezvousLayout.RESETS;
import static io.multijvm.ipc.sync.RendezvousLayout.ROLL;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import org.jspecify.annotations.Nullable;

/**
 * A point at which a number of threads, of any processes, wait for each other, again and again.
 *
 * <p>The last party to arrive runs the action, without the lock and as the process named by <i>acting</i>, and then begins the
 * next generation, which releases the others. Generations also end by a reset, and those that did are remembered: a waiter
 * sees by the generation that its own is over, and by the list how.
 *
 * <p>Members are the processes that have the barrier and have not left it. When one of them dies the barrier breaks: it might
 * have been waited for. Who died inside the lock may have left anything half done, so that breaks it, too.
 */
public final class Rendezvous {
    private final Domain domain;
    private final Block block;
    private final OwnedLock lock;
    private final Word generation;
    private final Roll roll;

    public Rendezvous(Domain domain, Block block) {
        this.domain = domain;
        this.block = block;
        this.lock = new OwnedLock(domain, block);
        this.generation = new Word(domain, block, GENERATION);
        this.roll = new Roll(domain, block, ROLL);
    }

    /** The memory of a barrier for {@code parties}. */
    public static Block allocate(Domain domain, int parties) {
        Block block = domain.allocate(ROLL + Roll.size(Roll.MOST));
        new Roll(domain, block, ROLL).format(Roll.MOST);
        block.setInt(PARTIES, parties);
        for (int i = 0; i < REMEMBERED; i++) {
            block.setInt(LAST_RESETS + Integer.BYTES * i, NO_RESET);
        }
        return block;
    }

    /** How a wait ended for one party. */
    public enum Outcome {
        PASSED,
        BROKEN,
        TIMED_OUT
    }

    /** An arrival: how it ended, and how many parties were still missing then; of use when it passed. */
    public record Arrival(Outcome outcome, int index) {}

    /** This process may be waited for from now on; a barrier that cannot name it does without. */
    public void join() {
        enter();
        roll.mine(roll.mine() | MEMBER);
        lock.leave();
    }

    /** This process has done its part. */
    public void leave() {
        enter();
        roll.mine(roll.mine() & ~MEMBER);
        lock.leave();
    }

    /**
     * Waits for the others. An interrupt breaks the barrier, as does the deadline, and an action that throws.
     *
     * @param action for the last party to arrive
     */
    public Arrival await(@Nullable Runnable action, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            abort();
            throw new InterruptedException();
        }
        int mine = enterBetweenActions();
        if ((mine & BROKEN) != 0) {
            lock.leave();
            return new Arrival(Outcome.BROKEN, -1);
        }
        int arrived = block.getInt(ARRIVED) + 1;
        block.setInt(ARRIVED, arrived);
        roll.mine(roll.mine() + 1);
        int index = block.getInt(PARTIES) - arrived;
        if (index > 0) {
            lock.leave();
            return new Arrival(awaitEndOf(mine, deadline), index);
        }
        return new Arrival(action == null || act(action, mine) ? pass() : Outcome.BROKEN, 0);
    }

    /**
     * Enters the lock at a moment when no generation is being ended by its last party; returns the generation. An interrupt
     * meanwhile is one of the next generation, and breaks that.
     */
    private int enterBetweenActions() throws InterruptedException {
        InterruptedException interrupt = null;
        while (true) {
            enter();
            int seen = generation.get();
            if (block.getInt(ACTING) == 0) {
                if (interrupt == null) {
                    return seen;
                }
                breakNow();
                lock.leave();
                throw interrupt;
            }
            lock.leave();
            try {
                if (!generation.spin(seen) && !generation.sleep(seen, Deadline.never(), interrupt == null)) {
                    breakIfSomebodyDied();
                }
            } catch (InterruptedException e) {
                interrupt = e;
            }
        }
    }

    /** Runs the action outside the lock; returns, inside, whether this generation is still to be passed. */
    private boolean act(Runnable action, int mine) {
        block.setInt(ACTING, domain.number());
        lock.leave();
        boolean done = false;
        try {
            action.run();
            done = true;
        } finally {
            enter();
            if (!done) {
                if (generation.get() == mine) {
                    breakNow();
                }
                lock.leave();
            }
        }
        boolean valid = generation.get() == mine;
        if (!valid) {
            lock.leave();
        }
        return valid;
    }

    private Outcome pass() {
        beginNext();
        lock.leave();
        if (block.getInt(PARTIES) > 1) {
            generation.wakeAll();
        }
        return Outcome.PASSED;
    }

    /** When all have come it is too late to break anything: a deadline or an interrupt then waits for the action. */
    private Outcome awaitEndOf(int mine, Deadline deadline) throws InterruptedException {
        Deadline left = deadline;
        boolean interrupted = false;
        while (generation.get() == mine) {
            if (left.isOver()) {
                if (breakIfIncomplete(mine)) {
                    return Outcome.TIMED_OUT;
                }
                left = Deadline.never();
                continue;
            }
            try {
                if (!generation.spin(mine) && !generation.sleep(mine, left, !interrupted)) {
                    breakIfSomebodyDied();
                }
            } catch (InterruptedException e) {
                if (breakIfIncomplete(mine)) {
                    throw e;
                }
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return outcomeOf(mine);
    }

    private Outcome outcomeOf(int mine) {
        if ((generation.get() | BROKEN) == (mine | BROKEN)) {
            return Outcome.BROKEN;
        }
        int later = 0;
        for (int i = 0; i < REMEMBERED; i++) {
            int reset = block.getIntAcquire(LAST_RESETS + Integer.BYTES * i);
            if (reset == mine) {
                return Outcome.BROKEN;
            }
            if (reset != NO_RESET && reset - mine > 0) {
                later++;
            }
        }
        return later < REMEMBERED ? Outcome.PASSED : Outcome.BROKEN; // its own may be forgotten
    }

    private boolean breakIfIncomplete(int mine) {
        enter();
        boolean incomplete = generation.get() == mine && block.getInt(ACTING) == 0;
        if (incomplete) {
            breakNow();
        }
        lock.leave();
        return incomplete;
    }

    private void breakIfSomebodyDied() {
        enter();
        try {
            int acting = block.getInt(ACTING);
            if (roll.removeDead() || (acting != 0 && !domain.isAlive(acting))) {
                breakNow();
            }
        } finally { // the look at the living may throw, for want of memory for instance
            lock.leave();
        }
    }

    /** Breaks the barrier: those who wait, and those who come until it is reset, are told so. */
    public void abort() {
        enter();
        breakNow();
        lock.leave();
    }

    /** Fails those who wait, and begins anew. */
    public void reset() {
        enter();
        int resets = block.getInt(RESETS);
        block.setInt(LAST_RESETS + Integer.BYTES * Math.floorMod(resets, REMEMBERED), generation.get() & ~BROKEN);
        block.setInt(RESETS, resets + 1);
        roll.removeDead();
        beginNext();
        lock.leave();
        generation.wakeAll();
    }

    public int parties() {
        return block.getInt(PARTIES);
    }

    /** How many parties wait at this moment. */
    public int waiting() {
        return isBroken() || block.getIntAcquire(ACTING) != 0 ? 0 : block.getIntAcquire(ARRIVED);
    }

    public boolean isBroken() {
        return (generation.get() & BROKEN) != 0;
    }

    private void enter() {
        if (lock.enter() == OwnedLock.Entry.INHERITED) {
            breakNow();
        }
    }

    private void breakNow() {
        clearArrivals();
        generation.set(generation.get() | BROKEN);
        generation.wakeAll();
    }

    private void beginNext() {
        clearArrivals();
        generation.set((generation.get() & ~BROKEN) + 2);
    }

    private void clearArrivals() {
        block.setInt(ARRIVED, 0);
        block.setInt(ACTING, 0);
        roll.replaceAll(number -> number & MEMBER);
    }
}
