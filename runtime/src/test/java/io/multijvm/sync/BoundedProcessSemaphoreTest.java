package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.BoundedSemaphoreContract;
import io.multijvm.contract.Copies;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SharedSemaphoreContract;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@EveryBackend
final class BoundedProcessSemaphoreTest implements BoundedSemaphoreContract {
    @Override
    public Subject newSemaphore(int permits) {
        return new SemaphoreSubject(BoundedProcessSemaphore.create(permits));
    }

    @Test
    void sentCopy_isBoundedAsWell() {
        var semaphore = BoundedProcessSemaphore.create(1);

        assertThat(Copies.sent(semaphore)).isInstanceOf(BoundedProcessSemaphore.class);
        assertThat(semaphore).hasToString("BoundedProcessSemaphore[permits=1]");
    }

    @Nested
    @ForkTest
    @DefaultBackend
    final class BetweenProcesses extends ProcessParties implements SharedSemaphoreContract {
        BetweenProcesses() {
            super(StartMethod.FORKSERVER);
        }

        @Override
        public SemaphoreSubject newSemaphore(int permits) {
            return new SemaphoreSubject(BoundedProcessSemaphore.create(permits));
        }
    }
}
