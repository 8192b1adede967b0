package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.StartMethod;
import io.multijvm.contract.BarrierContract;
import io.multijvm.contract.Duck;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SharedBarrierContract;
import io.multijvm.contract.Waits;
import io.multijvm.contract.Workers;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.process.Target;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@ForkTest
@Conforms({
    "WithManagerTestBarrier.test_barrier",
    "WithManagerTestBarrier.test_wait_return",
    "WithManagerTestBarrier.test_action",
    "WithManagerTestBarrier.test_abort",
    "WithManagerTestBarrier.test_reset",
    "WithManagerTestBarrier.test_abort_and_reset",
    "WithManagerTestBarrier.test_default_timeout",
    "WithManagerTestBarrier.test_single_thread"
})
final class ManagedBarrierTest extends WithManager implements BarrierContract {
    @Override
    public Subject newBarrier(int parties, Target action, Duration timeout) {
        return Duck.as(Subject.class, manager.barrier(parties, action, timeout));
    }

    // An action has to be sendable: what these two wait for is not captured.
    private static CountDownLatch begun;
    private static CountDownLatch end;
    private static AtomicInteger runs;

    @Override
    @Test
    public void await_action_runsOnceBeforeAnyoneIsReleased() throws Exception {
        begun = new CountDownLatch(1);
        end = new CountDownLatch(1);
        runs = new AtomicInteger();
        var barrier = manager.barrier(2, () -> {
            begun.countDown();
            end.await();
            runs.incrementAndGet();
        });
        var first = Background.run(() -> barrier.await());
        Waits.until(() -> barrier.numberWaiting() == 1);
        var last = Background.run(() -> barrier.await());
        begun.await();

        assertThat(first.isDone()).isFalse();
        assertThat(last.isDone()).isFalse();
        assertThat(barrier.isBroken()).isFalse();
        end.countDown();

        assertThat(first.get()).isEqualTo(1);
        assertThat(last.get()).isZero();
        assertThat(runs).hasValue(1);
    }

    @Override
    @Test
    public void await_actionLongerThanATimeout_isWaitedFor() throws Exception {
        end = new CountDownLatch(1);
        var barrier = manager.barrier(2, () -> end.await());
        var other = Background.run(() -> barrier.await(Duration.ofMillis(500)));
        Waits.until(() -> barrier.numberWaiting() == 1);
        var last = Background.run(() -> barrier.await());
        assertThatExceptionOfType(BrokenBarrierException.class)
                .isThrownBy(() -> manager.barrier(2).await(Duration.ofMillis(700)));

        end.countDown();

        assertThat(last.get()).isZero();
        assertThat(other.get()).isEqualTo(1);
        assertThat(barrier.isBroken()).isFalse();
    }

    @Test
    void barrier_actionThatCannotBeSent_isRefused() {
        var latch = new CountDownLatch(1);

        assertThatExceptionOfType(NotSendableException.class).isThrownBy(() -> manager.barrier(2, latch::await));
    }

    /** Between parties. */
    private interface Shared extends SharedBarrierContract {
        @Override
        default BarrierContract.Subject newBarrier(int parties, Target action, Duration timeout) {
            return Duck.as(BarrierContract.Subject.class, manager.barrier(parties, action, timeout));
        }
    }

    @Nested
    final class BetweenThreads implements Shared {
        @Override
        public Workers workers() {
            return Workers.threads();
        }
    }

    @Nested
    final class BetweenProcesses extends ProcessParties implements Shared {
        BetweenProcesses() {
            super(StartMethod.FORKSERVER);
        }
    }
}
