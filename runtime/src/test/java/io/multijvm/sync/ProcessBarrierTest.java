package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.StartMethod;
import io.multijvm.contract.BarrierContract;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SharedBarrierContract;
import io.multijvm.contract.Workers;
import io.multijvm.process.Target;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@EveryBackend
final class ProcessBarrierTest implements BarrierContract {
    /** A barrier of this package as the contract sees it. */
    private record BarrierSubject(ProcessBarrier barrier) implements BarrierContract.Subject {
        @Override
        public int await() throws InterruptedException, BrokenBarrierException {
            return barrier.await();
        }

        @Override
        public int await(Duration timeout) throws InterruptedException, BrokenBarrierException {
            return barrier.await(timeout);
        }

        @Override
        public int await(long timeout, TimeUnit unit)
                throws InterruptedException, BrokenBarrierException, TimeoutException {
            return barrier.await(timeout, unit);
        }

        @Override
        public void reset() {
            barrier.reset();
        }

        @Override
        public void abort() {
            barrier.abort();
        }

        @Override
        public int parties() {
            return barrier.parties();
        }

        @Override
        public int numberWaiting() {
            return barrier.numberWaiting();
        }

        @Override
        public boolean isBroken() {
            return barrier.isBroken();
        }
    }

    @Override
    public BarrierSubject newBarrier(int parties, Target action, Duration timeout) {
        return new BarrierSubject(ProcessBarrier.create(parties, action, timeout));
    }

    @Test
    void jdksNames_sayTheSame() {
        var barrier = ProcessBarrier.create(3);

        assertThat(barrier.getParties()).isEqualTo(3);
        assertThat(barrier.getNumberWaiting()).isZero();
        assertThat(barrier).hasToString("ProcessBarrier[parties=3, waiting=0]");
        barrier.abort();
        assertThat(barrier).hasToString("ProcessBarrier[parties=3, waiting=0, broken]");
    }

    @Test
    void await_actionThrowsACheckedException_isItsCause() {
        var barrier = ProcessBarrier.create(1, () -> {
            throw new IOException("no disk");
        });

        assertThatExceptionOfType(UndeclaredThrowableException.class)
                .isThrownBy(barrier::await)
                .havingCause()
                .isInstanceOf(IOException.class);
        assertThat(barrier.isBroken()).isTrue();
    }

    /** Between parties. */
    private interface Shared extends SharedBarrierContract {
        @Override
        default BarrierSubject newBarrier(int parties, Target action, Duration timeout) {
            return new BarrierSubject(ProcessBarrier.create(parties, action, timeout));
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
    @ForkTest
    @FullOnly
    @DefaultBackend
    final class BetweenSpawnedProcesses extends ProcessParties implements Shared {
        BetweenSpawnedProcesses() {
            super(StartMethod.SPAWN);
        }
    }

    @Nested
    @ForkTest
    final class BetweenProcesses extends ProcessParties implements Shared {
        BetweenProcesses() {
            super(StartMethod.FORKSERVER);
        }
    }
}
