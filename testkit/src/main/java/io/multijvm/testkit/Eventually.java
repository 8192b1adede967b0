package io.multijvm.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits on facts that no latch or future reports. */
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration INTERVAL = Duration.ofMillis(1);

    private Eventually() {}

    /** Returns once {@code fact} is true; the calling thread itself looks at it every millisecond. */
    public static void holds(Callable<Boolean> fact) {
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(INTERVAL)
                .atMost(PATIENCE)
                .until(fact);
    }
}
