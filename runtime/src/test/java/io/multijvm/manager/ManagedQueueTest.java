package io.multijvm.manager;

import io.multijvm.StartMethod;
import io.multijvm.contract.Duck;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.ProcessQueueContract;
import io.multijvm.contract.QueueVerbs;
import io.multijvm.contract.SharedQueueContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import org.junit.jupiter.api.Nested;

@ForkTest
@Conforms({
    "WithManagerTestQueue.test_put",
    "WithManagerTestQueue.test_get",
    "WithManagerTestQueue.test_fork",
    "WithManagerTestQueue.test_qsize"
})
final class ManagedQueueTest extends WithManager implements ProcessQueueContract {
    @Override
    public <E> QueueVerbs<E> newQueue(int maxsize) {
        return Duck.as(QueueVerbs.class, manager.queue(maxsize));
    }

    /** Between parties. */
    private interface Shared extends SharedQueueContract {
        @Override
        default <E> QueueVerbs<E> newQueue(int maxsize) {
            return Duck.as(QueueVerbs.class, manager.queue(maxsize));
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
