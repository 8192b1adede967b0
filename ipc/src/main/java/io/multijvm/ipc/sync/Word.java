package io.multijvm.ipc.sync;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.os.Futex;

/**
 * A word of 32 bits in shared memory that threads of any process change by compare-and-set, and wait on. The one
 * primitive under all synchronisers.
 *
 * <p><b>Waiting</b> has three steps: spin for a while that adapts to whether spinning has paid here lately; announce
 * oneself, where wakers want to know whether there is anybody to wake (the {@link #SLEEPERS} bit); sleep in the kernel,
 * which looks at the word once more before it lets the thread sleep. Whoever changes the word does so before he looks for
 * sleepers. So one of the two sees the other, and no wake-up is lost.
 *
 * <p><b>Death.</b> A process can be killed between its change of the word and its wake-up of others, or hold what the word
 * stands for. So no sleep is longer than {@link #PATIENCE_NANOS}: then the sleeper looks for itself, at the word and at the
 * liveness of those it depends on. That is seven wake-ups a second for a thread that waits long, and all that waiting costs.
 *
 * <p><b>Memory order.</b> Taking and giving back are full fences (compare-and-set, exchange), so what one holder wrote is
 * seen by the next, in whichever process. What only a holder touches is read and written plainly.
 */
final class Word {
    /** Set in the word by threads about to sleep; whoever takes it away wakes them. */
    static final int SLEEPERS = 1 << 31;

    static final long PATIENCE_NANOS = 150_000_000;

    private static final int FEWEST_LOOKS = 1;
    private static final int MOST_LOOKS = Runtime.getRuntime().availableProcessors() > 1 ? 12 : 0;
    /** Each look takes the cache line from whoever is about to change the word: with 1 here, contention costs four times more. */
    private static final int PAUSES = 32;

    private final Block block;
    private final int offset;
    private final Backend backend;
    private int looks = MOST_LOOKS / 4; // how many may pay; a guess, racy on purpose

    Word(Domain domain, Block block, int offset) {
        this.block = block;
        this.offset = offset;
        this.backend = domain.backend();
    }

    int get() {
        return block.getIntVolatile(offset);
    }

    /** For whoever alone may write now. */
    void set(int value) {
        block.setIntVolatile(offset, value);
    }

    boolean compareAndSet(int expected, int value) {
        return block.compareAndSetInt(offset, expected, value);
    }

    int getAndSet(int value) {
        return block.getAndSetInt(offset, value);
    }

    /** Spins while the word is {@code seen}; returns whether it has changed. */
    boolean spin(int seen) {
        int most = Math.min(MOST_LOOKS, looks);
        for (int i = 0; i < most; i++) {
            for (int pause = 0; pause < PAUSES; pause++) {
                Thread.onSpinWait();
            }
            if (get() != seen) {
                looks = Math.min(MOST_LOOKS, most + most / 2 + 1);
                return true;
            }
        }
        looks = Math.max(FEWEST_LOOKS, most - most / 4);
        return false;
    }

    /**
     * Sleeps while the word is {@code seen}, until the deadline and no longer than {@link #PATIENCE_NANOS}.
     *
     * @return false when that time has passed and nothing has happened: look for the dead
     * @throws InterruptedException when interrupted before, if {@code interruptibly}; not after a wake-up, which would be lost
     */
    boolean sleep(int seen, Deadline deadline, boolean interruptibly) throws InterruptedException {
        if (interruptibly && Thread.interrupted()) {
            throw new InterruptedException();
        }
        return backend.sleep(block, offset, seen, Math.min(deadline.remainingNanos(), PATIENCE_NANOS), interruptibly);
    }

    /** Returns false when nobody slept. */
    boolean wakeOne() {
        return wake(1);
    }

    void wakeAll() {
        wake(Futex.ALL);
    }

    /** Wakes so many at most; returns false when nobody slept. */
    boolean wake(int count) {
        return backend.wake(block, offset, count);
    }
}
