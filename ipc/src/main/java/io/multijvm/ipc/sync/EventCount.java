package io.multijvm.ipc.sync;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;

/**
 * Waiting for a condition over shared memory that others make true, one thread woken for each time they say so.
 *
 * <p>The word counts what was signalled to sleepers; while nobody sleeps a signal is one read. A sleeper announces itself
 * and then looks at the condition once more, a signaller changes the condition and then looks for sleepers, so one sees the
 * other. (Reed and Kanodia, Synchronization with Eventcounts and Sequencers, 1979.)
 *
 * <pre>
 *   n             -> n, sleepers       somebody is about to sleep
 *   n, sleepers   -> n+1, sleepers     signal; wakes one
 *   n, sleepers   -> n                 by a signaller that has found nobody asleep; wakes all who are by now
 *   n, sleepers   -> n+1               signalAll; wakes all
 * </pre>
 *
 * <p>A signal may be lost with a process that dies having been woken by it. So a sleeper looks for itself now and then.
 */
public final class EventCount {
    public static final int SIZE = Integer.BYTES;

    private static final int COUNT = Word.SLEEPERS - 1;
    private static final int FEWEST_LOOKS = 4;
    private static final int MOST_LOOKS = Runtime.getRuntime().availableProcessors() > 1 ? 256 : 0;
    private static final int PAUSES = 8;

    private final Word word;
    private int looks = MOST_LOOKS / 4; // how many may pay; a guess, racy on purpose

    /** The event count in the first bytes of {@code block} from {@code offset} on. */
    public EventCount(Domain domain, Block block, int offset) {
        word = new Word(domain, block, offset);
    }

    /** What is waited for. */
    public interface Awaited {
        /** Whether the wait is over. */
        boolean isThere();

        /** Called when some time has passed without a signal: somebody may have died. */
        void lookForDead();
    }

    /**
     * Waits until {@code what} is there; returns whether that was before the deadline.
     *
     * @throws InterruptedException when the thread is interrupted before it is there
     */
    public boolean await(Awaited what, Deadline deadline) throws InterruptedException {
        return await(what, deadline, true);
    }

    /** As {@link #await(Awaited, Deadline)}, for a caller that has looked for it in vain: sleeps at once. */
    public boolean sleep(Awaited what, Deadline deadline) throws InterruptedException {
        return await(what, deadline, false);
    }

    private boolean await(Awaited what, Deadline deadline, boolean spins) throws InterruptedException {
        while (!what.isThere() && !(spins && spin(what))) {
            int seen = word.get();
            if (seen >= 0) {
                if (!word.compareAndSet(seen, seen | Word.SLEEPERS)) {
                    continue;
                }
                seen |= Word.SLEEPERS;
            }
            if (what.isThere()) {
                return true;
            }
            if (deadline.isOver()) {
                return false;
            }
            if (!word.sleep(seen, deadline, true)) {
                what.lookForDead();
            }
        }
        return true;
    }

    private boolean spin(Awaited what) {
        int most = Math.min(MOST_LOOKS, looks);
        for (int i = 0; i < most; i++) {
            for (int pause = 0; pause < PAUSES; pause++) {
                Thread.onSpinWait();
            }
            if (what.isThere()) {
                looks = Math.min(MOST_LOOKS, most + most / 2 + 1);
                return true;
            }
        }
        looks = Math.max(Math.min(FEWEST_LOOKS, MOST_LOOKS), most - most / 4);
        return false;
    }

    /** Whether somebody may sleep. */
    public boolean hasSleepers() {
        return word.get() < 0;
    }

    /** Wakes one who waits for what this thread has just made true. */
    public void signal() {
        int seen = word.get();
        if (seen < 0) {
            signalSleeper(seen);
        }
    }

    private void signalSleeper(int sleeping) {
        int seen = sleeping;
        while (seen < 0) {
            int next = ((seen + 1) & COUNT) | Word.SLEEPERS;
            if (word.compareAndSet(seen, next)) {
                if (!word.wakeOne() && word.compareAndSet(next, next & COUNT)) {
                    // Who has fallen asleep in between has not seen the change, and nobody would look for him any more.
                    word.wakeAll();
                }
                return;
            }
            seen = word.get();
        }
    }

    /** Wakes all who wait. */
    public void signalAll() {
        int seen = word.get();
        while (seen < 0) {
            if (word.compareAndSet(seen, (seen + 1) & COUNT)) {
                word.wakeAll();
                return;
            }
            seen = word.get();
        }
    }
}
