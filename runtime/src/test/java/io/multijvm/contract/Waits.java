package io.multijvm.contract;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waiting for a fact. */
public final class Waits {
    private static final Duration PATIENCE = Duration.ofMinutes(2); // longer than the time a test has

    private Waits() {}

    /** Waits until {@code fact} holds, with a look at it every millisecond. */
    public static void until(Callable<Boolean> fact) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(PATIENCE)
                .until(fact);
    }
}
