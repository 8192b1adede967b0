package io.multijvm.manager;

import io.multijvm.StartMethod;
import io.multijvm.contract.Duck;
import io.multijvm.contract.JoinableQueueContract;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.QueueVerbs;
import io.multijvm.contract.SharedJoinableQueueContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import org.junit.jupiter.api.Nested;

@ForkTest
@Conforms("WithManagerTestQueue.test_task_done")
final class ManagedJoinableQueueTest extends WithManager implements JoinableQueueContract {
    @Override
    public <E> QueueVerbs.Joinable<E> newQueue(int maxsize) {
        return Duck.as(QueueVerbs.Joinable.class, manager.joinableQueue(maxsize));
    }

    /** Between parties. */
    private interface Shared extends SharedJoinableQueueContract {
        @Override
        default <E> QueueVerbs.Joinable<E> newQueue(int maxsize) {
            return Duck.as(QueueVerbs.Joinable.class, manager.joinableQueue(maxsize));
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
