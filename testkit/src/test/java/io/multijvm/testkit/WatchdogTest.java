package io.multijvm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.testkit.engine.EngineTestKit;

@ForkTest
final class WatchdogTest {
    @Test
    void timeout_hangingTestWithAChild_printsTheStacksOfBoth() {
        var stderr = System.err;
        var captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            EngineTestKit.engine("junit-jupiter")
                    .enableImplicitConfigurationParameters(true)
                    .selectors(selectClass(Hanging.class))
                    .execute()
                    .testEvents()
                    .assertStatistics(counts -> counts.failed(1));
        } finally {
            System.setErr(stderr);
        }

        assertThat(captured.toString(StandardCharsets.UTF_8))
                .contains("Hanging.forGood", "LeakGuardTest$Idle.main", "Timeout in forGood()");
    }

    static final class Hanging {
        @Test
        @Timeout(1)
        void forGood() throws InterruptedException {
            try (var child = ChildJvm.of(LeakGuardTest.Idle.class).start()) {
                new CountDownLatch(1).await();
                child.endInput();
            }
        }
    }
}
