package io.multijvm.ipc;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one point in time at which a wait gives up, however many steps the wait has. */
public final class Deadline {
    private static final Deadline NEVER = new Deadline(0, false);
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final long nanoTime;
    private final boolean bounded;

    private Deadline(long nanoTime, boolean bounded) {
        this.nanoTime = nanoTime;
        this.bounded = bounded;
    }

    /** {@code timeout} from now; a negative timeout acts as zero, {@code null} waits for ever. */
    public static Deadline after(@Nullable Duration timeout) {
        if (timeout == null || timeout.compareTo(LONGEST) > 0) {
            return NEVER;
        }
        return new Deadline(System.nanoTime() + (timeout.isNegative() ? 0 : timeout.toNanos()), true);
    }

    /** As {@link #after(Duration)}, for a time that is given with its unit. */
    public static Deadline after(long timeout, TimeUnit unit) {
        return after(Duration.ofNanos(unit.toNanos(timeout)));
    }

    /** The deadline that never comes. */
    public static Deadline never() {
        return NEVER;
    }

    /** Returns {@code duration} in nanoseconds; one beyond 292 years is {@link Long#MAX_VALUE} or {@link Long#MIN_VALUE}. */
    public static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** This deadline, {@code more} later; a negative {@code more} acts as zero. */
    public Deadline plus(Duration more) {
        if (!bounded) {
            return this;
        }
        long later = Math.max(0, nanos(more));
        return later > nanos(LONGEST) - remainingNanos() ? NEVER : new Deadline(nanoTime + later, true);
    }

    /** Whether the time is up. */
    public boolean isOver() {
        return bounded && nanoTime - System.nanoTime() <= 0;
    }

    /** Nanoseconds left, at least zero; {@link Long#MAX_VALUE} when there is no bound. */
    public long remainingNanos() {
        return bounded ? Math.max(0, nanoTime - System.nanoTime()) : Long.MAX_VALUE;
    }

    /** The timeout that {@link Thread#join(long)} takes: milliseconds, at least 1, and 0 for ever. */
    public long joinMillis() {
        return bounded ? Math.max(1, remainingNanos() / 1_000_000) : 0;
    }

    /** The timeout that {@code poll(2)} and {@code epoll_wait(2)} take: milliseconds rounded up, -1 for ever. */
    public int pollMillis() {
        if (!bounded) {
            return -1;
        }
        return (int) Math.min(Integer.MAX_VALUE, (remainingNanos() + 999_999) / 1_000_000);
    }
}
