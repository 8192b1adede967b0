package io.multijvm.queue;

import io.multijvm.StartMethod;
import io.multijvm.contract.ClosableQueueContract;
import io.multijvm.contract.Duck;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.ProcessQueueContract;
import io.multijvm.contract.QueueItemsContract;
import io.multijvm.contract.QueueVerbs;
import io.multijvm.contract.SharedQueueContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import org.junit.jupiter.api.Nested;

final class ProcessQueueTest implements ProcessQueueContract, ClosableQueueContract, QueueItemsContract {
    @Override
    public <E> QueueVerbs<E> newQueue(int maxsize) {
        return newClosable(maxsize);
    }

    @Override
    public <E> QueueVerbs.Closable<E> newClosable(int maxsize) {
        return Duck.as(QueueVerbs.Closable.class, ProcessQueue.create(maxsize));
    }

    /** Between parties. */
    private interface Shared extends SharedQueueContract {
        @Override
        default <E> QueueVerbs<E> newQueue(int maxsize) {
            return Duck.as(QueueVerbs.class, ProcessQueue.create(maxsize));
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
