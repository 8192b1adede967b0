package io.multijvm.pool;

import io.multijvm.ipc.snapshot.ForkedByField;
import java.time.Duration;

/** Whether and when a task is tried again; immutable, each method returns a changed copy. By default it is not. */
@ForkedByField
public final class Retry {
    private static final Retry NONE = new Retry(1, Duration.ZERO, Duration.ZERO, false);

    private final int attempts;
    private final Duration first;
    private final Duration most;
    private final boolean afterExceptions;

    private Retry(int attempts, Duration first, Duration most, boolean afterExceptions) {
        this.attempts = attempts;
        this.first = first;
        this.most = most;
        this.afterExceptions = afterExceptions;
    }

    /** One attempt. */
    public static Retry none() {
        return NONE;
    }

    /** Up to {@code most} attempts in all, when the task's worker dies; at once. A task that kills that many is given up. */
    public static Retry attempts(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("attempts: " + most + ", at least 1 expected");
        }
        return new Retry(most, Duration.ZERO, Duration.ZERO, false);
    }

    /** Waits {@code first} before the second attempt, twice as long before each further one, at most {@code most}. */
    public Retry backOff(Duration first, Duration most) {
        if (first.isNegative() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("back-off from " + first + " to " + most);
        }
        return new Retry(attempts, first, most, afterExceptions);
    }

    /** Also when the task throws an exception. */
    public Retry afterExceptions() {
        return new Retry(attempts, first, most, true);
    }

    boolean allows(int attemptsMade, boolean exception) {
        return attemptsMade < attempts && (!exception || afterExceptions);
    }

    Duration delay(int attemptsMade) {
        Duration delay = first;
        for (int i = 1; i < attemptsMade && delay.compareTo(most) < 0; i++) {
            if (delay.compareTo(most.dividedBy(2)) > 0) {
                return most;
            }
            delay = delay.multipliedBy(2);
        }
        return delay;
    }
}
