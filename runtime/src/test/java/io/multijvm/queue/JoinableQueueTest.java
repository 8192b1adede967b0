package io.multijvm.queue;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.StartMethod;
import io.multijvm.contract.ClosableQueueContract;
import io.multijvm.contract.Duck;
import io.multijvm.contract.JoinableQueueContract;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.QueueItemsContract;
import io.multijvm.contract.QueueVerbs;
import io.multijvm.contract.SharedJoinableQueueContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class JoinableQueueTest implements JoinableQueueContract, ClosableQueueContract, QueueItemsContract {
    @Override
    public <E> QueueVerbs.Joinable<E> newQueue(int maxsize) {
        return Duck.as(QueueVerbs.Joinable.class, JoinableQueue.create(maxsize));
    }

    @Override
    public <E> QueueVerbs.Closable<E> newClosable(int maxsize) {
        return Duck.as(QueueVerbs.Closable.class, JoinableQueue.create(maxsize));
    }

    @Test
    void close_joinableMethods_areRefused() {
        var queue = JoinableQueue.create(1);
        queue.close();

        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(queue::taskDone);
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(queue::join);
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> queue.join(Duration.ZERO));
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(queue::unfinished);
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> queue.getDelivery(Duration.ZERO));
    }

    /** Between parties. */
    private interface Shared extends SharedJoinableQueueContract {
        @Override
        default <E> QueueVerbs.Joinable<E> newQueue(int maxsize) {
            return Duck.as(QueueVerbs.Joinable.class, JoinableQueue.create(maxsize));
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
