package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class WakeupTest {
    private static final int ROUNDS = 50_000;

    @Test
    void drain_besideASignal_leavesNothingForWhoTakesItNext() throws Exception {
        var wakeup = Wakeup.fresh();
        var other = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < ROUNDS; i++) {
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
