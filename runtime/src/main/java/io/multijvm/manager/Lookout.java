package io.multijvm.manager;

import io.multijvm.ipc.sync.EventCount;

/**
 * How long it is looked for something in shared memory before one sleeps for it: to fall asleep and to be woken costs more
 * than a quick call takes. The time adapts to whether looking has paid here lately; where it does not pay, it shrinks to
 * nothing but a try now and then, more and more seldom. So who waits long uses no processor.
 *
 * <p>Between two looks the processor is offered to others. If client and server share one, they take turns without either
 * falling asleep. Where others want the processor as well, who offers it is last to have it again, and who sleeps is first:
 * there it is not looked for.
 */
final class Lookout {
    private static final int MOST_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 100_000 : 0;
    private static final int FIRST_NANOS = 12_500;
    private static final int LEAST_NANOS = 2_000;
    private static final int FEWEST_BETWEEN_TRIES = 16;
    private static final int MOST_BETWEEN_TRIES = 8192;
    private static final int SAVED_NANOS = 3_500; // by not falling asleep once
    private static final int MANY_SAVED_NANOS = 10_000_000;

    private int nanos = MOST_NANOS; // guesses, racy on purpose, all four
    private long saved; // since the processor was lost for long the last time
    private int untilTry = FEWEST_BETWEEN_TRIES;
    private int betweenTries = FEWEST_BETWEEN_TRIES;

    /** Whether {@code what} is there, now or soon. */
    @SuppressWarnings("ThreadPriorityCheck") // quick either way; nothing depends on it
    boolean sees(EventCount.Awaited what) {
        if (what.isThere()) {
            return true;
        }
        int most = most();
        if (most == 0) {
            return false;
        }
        long begin = System.nanoTime();
        while (true) {
            Thread.yield();
            boolean there = what.isThere();
            long elapsed = System.nanoTime() - begin;
            if (elapsed >= most) {
                failed(elapsed);
                return there;
            }
            if (there) {
                paid();
                return true;
            }
        }
    }

    private int most() {
        int now = nanos;
        if (now >= LEAST_NANOS) {
            return now;
        }
        untilTry--;
        return untilTry > 0 ? 0 : MOST_NANOS;
    }

    private void paid() {
        nanos = Math.min(MOST_NANOS, 2 * nanos + FIRST_NANOS);
        saved += SAVED_NANOS;
        if (saved > MANY_SAVED_NANOS) {
            saved = MANY_SAVED_NANOS;
            betweenTries = FEWEST_BETWEEN_TRIES;
        }
    }

    private void failed(long elapsed) {
        nanos /= 2;
        if (elapsed > 2L * MOST_NANOS) {
            nanos = elapsed < saved ? nanos : 0; // others had the processor that long
            saved = 0;
        }
        if (nanos < LEAST_NANOS) {
            betweenTries = Math.min(MOST_BETWEEN_TRIES, 2 * betweenTries);
            untilTry = betweenTries;
        }
    }
}
