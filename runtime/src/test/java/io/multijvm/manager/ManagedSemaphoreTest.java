package io.multijvm.manager;

import io.multijvm.StartMethod;
import io.multijvm.contract.BoundedSemaphoreContract;
import io.multijvm.contract.Duck;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SemaphoreContract;
import io.multijvm.contract.SharedSemaphoreContract;
import io.multijvm.contract.UnboundedSemaphoreContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import org.junit.jupiter.api.Nested;

@ForkTest
@Conforms({"WithManagerTestSemaphore.test_semaphore", "WithManagerTestSemaphore.test_bounded_semaphore"})
final class ManagedSemaphoreTest extends WithManager implements UnboundedSemaphoreContract {
    @Override
    public Subject newSemaphore(int permits) {
        return Duck.as(Subject.class, manager.semaphore(permits));
    }

    @Nested
    final class Bounded implements BoundedSemaphoreContract {
        @Override
        public Subject newSemaphore(int permits) {
            return Duck.as(Subject.class, manager.boundedSemaphore(permits));
        }
    }

    /** Between parties. */
    private interface Shared extends SharedSemaphoreContract {
        @Override
        default SemaphoreContract.Subject newSemaphore(int permits) {
            return Duck.as(SemaphoreContract.Subject.class, manager.semaphore(permits));
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
