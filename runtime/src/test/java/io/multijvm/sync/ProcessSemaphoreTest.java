package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SharedSemaphoreContract;
import io.multijvm.contract.UnboundedSemaphoreContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@EveryBackend
final class ProcessSemaphoreTest implements UnboundedSemaphoreContract {
    @Override
    public Subject newSemaphore(int permits) {
        return new SemaphoreSubject(ProcessSemaphore.create(permits));
    }

    @Test
    void otherVerbs_doTheSame() throws InterruptedException {
        var semaphore = ProcessSemaphore.create(1);

        assertThat(semaphore.locked()).isFalse();
        try (Guard held = semaphore.guard()) {
            assertThat(held).isNotNull();
            assertThat(semaphore.locked()).isTrue();
            assertThat(semaphore.tryAcquire(java.time.Duration.ofMillis(1))).isFalse();
            assertThat(semaphore.tryAcquire(1, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(semaphore).hasToString("ProcessSemaphore[permits=0]");
        }
        assertThat(semaphore.availablePermits()).isEqualTo(1);
        assertThat(semaphore.recoveredPermits()).isZero();
        assertThat(semaphore).hasToString("ProcessSemaphore[permits=1]");
    }

    /** Between parties. */
    private interface Shared extends SharedSemaphoreContract {
        @Override
        default SemaphoreSubject newSemaphore(int permits) {
            return new SemaphoreSubject(ProcessSemaphore.create(permits));
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
