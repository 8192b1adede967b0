package io.multijvm.ipc.sync;

import static io.multijvm.ipc.sync.FlagLayout.ONCE;
import static io.multijvm.ipc.sync.FlagLayout.SET;
import static io.multijvm.ipc.sync.FlagLayout.SIZE;
import static io.multijvm.ipc.sync.FlagLayout.TIMES;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;

/**
 * A flag that is set or not, and that threads of all processes wait for.
 *
 * <p>The number of times it was set lets a waiter see that it was, although it has been cleared since.
 *
 * <pre>
 *   clear   n      -> n+1, set            set; wakes all if there were sleepers
 *   set     n      -> n, clear            clear
 *   clear   n      -> n, sleepers         somebody is about to sleep
 * </pre>
 */
public final class Flag {
    private final Word word;

    public Flag(Domain domain, Block block) {
        word = new Word(domain, block, 0);
    }

    /** The memory of a flag that is not set. */
    public static Block allocate(Domain domain) {
        return domain.allocate(SIZE);
    }

    public boolean isSet() {
        return (word.get() & SET) != 0;
    }

    public void set() {
        int seen;
        do {
            seen = word.get();
            if ((seen & SET) != 0) {
                return;
            }
        } while (!word.compareAndSet(seen, ((seen + ONCE) & TIMES) | SET));
        if (seen < 0) {
            word.wakeAll();
        }
    }

    public void clear() {
        int seen;
        do {
            seen = word.get();
        } while (!word.compareAndSet(seen, seen & ~SET));
    }

    /** Waits until the flag is set, or has been meanwhile; returns whether that was before the deadline. */
    public boolean await(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int seen = word.get();
        int times = seen & TIMES;
        while ((seen & SET) == 0 && (seen & TIMES) == times) {
            boolean announced = seen < 0;
            if (!word.spin(seen) && (announced || word.compareAndSet(seen, seen | Word.SLEEPERS))) {
                if (deadline.isOver()) {
                    return false;
                }
                word.sleep(seen | Word.SLEEPERS, deadline, true);
            }
            seen = word.get();
        }
        return true;
    }
}
