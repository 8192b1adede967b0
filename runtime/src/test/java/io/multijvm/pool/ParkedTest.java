package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.contract.Waits;
import io.multijvm.ipc.Deadline;
import io.multijvm.testkit.Background;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ParkedTest {
    private final Parked parked = new Parked();
    private final CountDownLatch event = new CountDownLatch(1);

    private boolean isThere() {
        return event.getCount() == 0;
    }

    private Background<Boolean> waiting() {
        return Background.run(() -> {
            parked.await(this::isThere, Deadline.never());
            return true;
        });
    }

    @Test
    void await_timeIsUpAgainAndAgain_leavesNothing() throws Exception {
        var other = waiting();
        Waits.until(() -> parked.count() == 1);

        for (int i = 0; i < 1_000; i++) {
            parked.await(this::isThere, Deadline.after(Duration.ofNanos(1)));
        }

        assertThat(parked.count()).isEqualTo(1);
        event.countDown();
        parked.wake();
        assertThat(other.get()).isTrue();
        assertThat(parked.count()).isZero();
    }

    @Test
    void await_interrupted_saysSoAndLeavesNothing() throws Exception {
        var first = waiting();
        Waits.until(() -> parked.count() == 1);

        first.interrupt();

        assertThat(first.failure()).isInstanceOf(InterruptedException.class);
        assertThat(parked.count()).isZero();
    }

    @Test
    void wake_manyThreads_wakesThemAll() throws Exception {
        var all = java.util.stream.Stream.generate(this::waiting).limit(5).toList();
        Waits.until(() -> parked.count() == 5);

        event.countDown();
        parked.wake();

        for (Background<Boolean> each : all) {
            assertThat(each.get()).isTrue();
        }
    }
}
