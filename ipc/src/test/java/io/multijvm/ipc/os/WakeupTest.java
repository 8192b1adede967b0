package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.StressTest;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class WakeupTest {
    @Test
    void drain_besideASignal_leavesNothingForWhoTakesItNext() throws Exception {
        assertLeavesNothing(3_000);
    }

    @Test
    @StressTest
    void drain_oftenBesideASignal_leavesNothingForWhoTakesItNext() throws Exception {
        assertLeavesNothing(200_000);
    }

    private static void assertLeavesNothing(int rounds) throws Exception {
        var wakeup = Wakeup.fresh();
        var other = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < rounds; i++) {
                var signalling = other.submit(wakeup::signal);
                wakeup.signal();
                wakeup.drain();
                signalling.get();
                wakeup.drain();

                assertThat(Wait.isReady(wakeup.number(), LibC.POLLIN)).isFalse();
            }
        } finally {
            other.shutdown();
            wakeup.destroy();
        }
    }
}
