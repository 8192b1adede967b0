package io.multijvm.queue;

import io.multijvm.StartMethod;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.ProcessQueueContract;
import io.multijvm.contract.QueueItemsContract;
import io.multijvm.contract.SharedQueueContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.ForkTest;
import org.junit.jupiter.api.Nested;

final class ProcessQueueTest implements ProcessQueueContract, QueueItemsContract {
    @Override
    public <E> ProcessQueue<E> newQueue(int maxsize) {
        return ProcessQueue.create(maxsize);
    }

    /** Between parties. */
    private interface Shared extends SharedQueueContract {
        @Override
        default <E> ProcessQueue<E> newQueue(int maxsize) {
            return ProcessQueue.create(maxsize);
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
