package io.multijvm.pool;

import java.time.Duration;
import java.util.ArrayDeque;

/** The workers that were lost, and whether that is so many that the pool is given up. Guarded by the ledger's lock. */
final class Losses {
    /** So many workers in a row that end by themselves before they are ready break the pool. */
    private static final int FAILED_STARTS = 3;

    /** So many that are killed count as one, as whoever does that has other workers in mind, too. */
    private static final int KILLED_STARTS = 10;

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);

    private final PoolOptions options;
    private final ArrayDeque<Long> deaths = new ArrayDeque<>(); // when, within the period of the budget
    private int failedStarts; // in a row
    private int killedStarts;

    Losses(PoolOptions options) {
        this.options = options;
    }

    /** A start has succeeded. */
    void ready() {
        failedStarts = 0;
        killedStarts = 0;
    }

    /** One could not be started, or has ended by itself before it was ready; returns whether it was one too many. */
    boolean startFailed() {
        failedStarts++;
        return startsAreHopeless();
    }

    /** One was killed before it was ready; returns whether it was one too many. */
    boolean startKilled() {
        killedStarts++;
        return startsAreHopeless();
    }

    private boolean startsAreHopeless() {
        return failedStarts + killedStarts / KILLED_STARTS >= FAILED_STARTS;
    }

    /** How long to wait before the next start. */
    Duration delay() {
        return FIRST_DELAY.multipliedBy(failedStarts);
    }

    /** One that was ready has died; returns whether that is more than the budget allows. */
    boolean died() {
        long now = System.nanoTime();
        deaths.add(now);
        while (options.restartPeriod().compareTo(Duration.ofNanos(now - deaths.getFirst())) < 0) {
            deaths.removeFirst();
        }
        return deaths.size() > options.restarts();
    }
}
