package io.multijvm.queue;

import io.multijvm.StartMethod;
import io.multijvm.contract.JoinableQueueContract;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.QueueItemsContract;
import io.multijvm.contract.SharedJoinableQueueContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.ForkTest;
import org.junit.jupiter.api.Nested;

final class JoinableQueueTest implements JoinableQueueContract, QueueItemsContract {
    @Override
    public <E> JoinableQueue<E> newQueue(int maxsize) {
        return JoinableQueue.create(maxsize);
    }

    /** Between parties. */
    private interface Shared extends SharedJoinableQueueContract {
        @Override
        default <E> JoinableQueue<E> newQueue(int maxsize) {
            return JoinableQueue.create(maxsize);
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
