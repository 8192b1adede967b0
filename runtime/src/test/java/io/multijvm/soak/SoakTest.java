package io.multijvm.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.StressTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs {@link Soak} for a second, or for the time of the property {@code multijvm.test.soak}. */
@ForkTest
final class SoakTest {
    private static final String LONG = System.getProperty("multijvm.test.soak", "PT2M");
    private static final Duration MORE = Duration.ofMinutes(5);

    @Test
    void soak_oneSecond_nothingIsLostHungOrLeft() throws Exception {
        play("PT1S");
    }

    @Test
    @StressTest
    @Timeout(36_000)
    void soak_long_nothingIsLostHungOrLeft() throws Exception {
        play(LONG);
    }

    @SuppressWarnings("SystemOut") // its log
    private static void play(String length) throws Exception {
        try (ChildJvm soak = ChildJvm.of(Soak.class)
                .flags("-Xmx128m")
                .arguments(length, Long.toString(System.nanoTime()))
                .start()) {
            int exitCode = soak.awaitExit(Duration.parse(length).plus(MORE));

            System.out.println(soak.stdout() + soak.stderr());
            assertThat(exitCode).as(soak.stdout() + soak.stderr()).isZero();
        }
    }
}
