package io.multijvm.ipc.sync;

import static io.multijvm.ipc.sync.WaitQueueLayout.ELIGIBLE;
import static io.multijvm.ipc.sync.WaitQueueLayout.NEXT;
import static io.multijvm.ipc.sync.WaitQueueLayout.ROLL;
import static io.multijvm.ipc.sync.WaitQueueLayout.SEQUENCE;
import static io.multijvm.ipc.sync.WaitQueueLayout.SIGNALLED_TO;
import static io.multijvm.ipc.sync.WaitQueueLayout.SIGNALS;
import static io.multijvm.ipc.sync.WaitQueueLayout.WAITING;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;

/**
 * Threads of all processes that wait, outside a lock, to be told by somebody inside it; what stands behind a condition.
 * Everything but {@link #await} is for the holder of that lock.
 *
 * <p>Who begins to wait takes the next ticket. A signal raises the number of signals, and makes all who wait at that moment,
 * the holders of tickets below <i>signalled to</i>, eligible for it; there are never more signals than eligible waiters.
 * Each of these that wakes up takes one, or finds none and waits on. So exactly as many wake as were signalled to, a signal
 * is never kept for one who comes later, and one whose chosen taker dies is taken by another.
 *
 * <p>The dead are counted as waiting until they make a difference: when a signal was not taken. Then they are taken off the
 * roll, and signals of which there are more than eligible waiters are void.
 */
public final class WaitQueue {
    private final Block block;
    private final Word sequence;
    private final Roll roll;

    public WaitQueue(Domain domain, Block block) {
        this.block = block;
        this.sequence = new Word(domain, block, SEQUENCE);
        this.roll = new Roll(domain, block, ROLL);
    }

    /** The memory of a queue in which nobody waits. */
    public static Block allocate(Domain domain) {
        Block block = domain.allocate(ROLL + Roll.size(Roll.MOST));
        new Roll(domain, block, ROLL).format(Roll.MOST);
        return block;
    }

    /**
     * Begins to wait; returns a ticket.
     *
     * @throws IllegalStateException when threads of too many processes wait
     */
    public int enter() {
        int mine = roll.mine();
        if ((mine & WAITING) == WAITING || !(roll.mine(mine + 1) || afterRemovingDead(mine + 1))) {
            throw new IllegalStateException("on one condition at most " + Roll.MOST + " processes, with " + WAITING
                    + " threads each, can wait");
        }
        int ticket = block.getInt(NEXT);
        block.setInt(NEXT, ticket + 1);
        return ticket;
    }

    /** The dead may fill the roll. */
    private boolean afterRemovingDead(int number) {
        removeDead();
        return roll.mine(number);
    }

    /** What {@link #await} is to be told. */
    public int sequence() {
        return sequence.get();
    }

    /** Without the lock: waits until there may be a signal, or the deadline; returns whether there may be one. */
    public boolean await(int seen, Deadline deadline, boolean interruptibly) throws InterruptedException {
        while (sequence.get() == seen) {
            if (deadline.isOver()) {
                return false;
            }
            if (!sequence.spin(seen)) {
                sequence.sleep(seen, deadline, interruptibly);
            }
        }
        return true;
    }

    /** Takes a signal, which ends the wait, if there is one for {@code ticket}. */
    public boolean take(int ticket) {
        int signals = block.getInt(SIGNALS);
        if (signals == 0 || !isEligible(ticket)) {
            return false;
        }
        block.setInt(SIGNALS, signals - 1);
        leave(ticket);
        return true;
    }

    /** Ends the wait without a signal. */
    public void leave(int ticket) {
        int mine = roll.mine();
        boolean counted = isEligible(ticket) && mine >>> ELIGIBLE > 0; // a signaller may have died before he counted it
        roll.mine(counted ? mine - (1 << ELIGIBLE) - 1 : mine - 1);
        limitSignals();
    }

    /** Tells up to {@code count} of those who wait. */
    public void signal(int count) {
        if (block.getInt(SIGNALS) > 0) {
            removeDead();
        }
        if (count <= 0 || waiting() == 0) {
            return;
        }
        block.setIntRelease(SIGNALLED_TO, block.getInt(NEXT));
        roll.replaceAll(number -> ((number & WAITING) << ELIGIBLE) | (number & WAITING));
        int signals = (int) Math.min((long) block.getInt(SIGNALS) + count, eligible());
        sequence.set(sequence.get() + 1); // first: a signal that is there but that nobody looks for would be lost
        block.setIntRelease(SIGNALS, signals);
        sequence.wake(Math.min(count, signals));
    }

    /** How many threads wait, dead ones of whom nobody has heard yet included. */
    public int waiting() {
        return roll.sum(0, WAITING);
    }

    /** How many of those have been told, and have not taken it yet. */
    public int signalled() {
        return block.getInt(SIGNALS);
    }

    /** As {@link #waiting}, of living processes. */
    public int waitingAlive() {
        removeDead();
        return waiting();
    }

    private void removeDead() {
        roll.removeDead();
        limitSignals();
    }

    private boolean isEligible(int ticket) {
        return ticket - block.getInt(SIGNALLED_TO) < 0;
    }

    private int eligible() {
        return roll.sum(ELIGIBLE, WAITING);
    }

    private void limitSignals() {
        int eligible = eligible();
        if (block.getInt(SIGNALS) > eligible) {
            block.setIntRelease(SIGNALS, eligible);
        }
    }
}
