package io.multijvm.ipc;

/**
 * How long to look for something oneself before one sleeps for it: to fall asleep and to be woken costs more than a quick
 * answer takes. The time adapts to whether looking has paid here lately; where it does not pay, it shrinks to nothing but a
 * try now and then, more and more seldom. So who waits long uses no processor.
 *
 * <p>Between two looks the processor is to be offered to others ({@link Thread#yield}). If the two sides share one, they
 * take turns without either falling asleep. Where others want the processor as well, who offers it is last to have it
 * again, and who sleeps is first: there it is not looked.
 *
 * <p>Any thread may use it; what it knows is a guess, and may be lost where several do at once.
 */
public final class Patience {
    /** Longer than it takes to wake a sender that sleeps: while one of the two sleeps, the other must not give up. */
    private static final int MOST_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 100_000 : 0;

    private static final int FIRST_NANOS = 12_500;
    private static final int LEAST_NANOS = 2_000;
    private static final int FEWEST_BETWEEN_TRIES = 16;
    private static final int MOST_BETWEEN_TRIES = 8192;
    private static final int SAVED_NANOS = 3_500; // by not falling asleep once
    private static final int MANY_SAVED_NANOS = 10_000_000;

    private int nanos = MOST_NANOS; // racy on purpose, all four
    private long saved; // since the processor was lost for long the last time
    private int untilTry = FEWEST_BETWEEN_TRIES;
    private int betweenTries = FEWEST_BETWEEN_TRIES;

    /** How long to look this time, in nanoseconds; 0 for not at all. */
    public int nanos() {
        int now = nanos;
        if (now >= LEAST_NANOS) {
            return now;
        }
        untilTry--;
        return untilTry > 0 ? 0 : MOST_NANOS;
    }

    /** It came in that time. */
    public void paid() {
        nanos = Math.min(MOST_NANOS, 2 * nanos + FIRST_NANOS);
        saved += SAVED_NANOS;
        if (saved > MANY_SAVED_NANOS) {
            saved = MANY_SAVED_NANOS;
            betweenTries = FEWEST_BETWEEN_TRIES;
        }
    }

    /** The time was over, {@code elapsed} nanoseconds after it began: more than it should when others had the processor. */
    public void failed(long elapsed) {
        nanos /= 2;
        if (elapsed > 2L * MOST_NANOS) {
            nanos = elapsed < saved ? nanos : 0;
            saved = 0;
        }
        if (nanos < LEAST_NANOS) {
            betweenTries = Math.min(MOST_BETWEEN_TRIES, 2 * betweenTries);
            untilTry = betweenTries;
        }
    }
}
