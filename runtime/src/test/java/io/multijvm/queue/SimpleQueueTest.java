package io.multijvm.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Pipe;
import io.multijvm.contract.SharedSimpleQueueContract;
import io.multijvm.contract.Workers;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import io.multijvm.testkit.JdkTest;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@JdkTest
final class SimpleQueueTest {
    private static final int PIPEFUL = 10_000;

    private SimpleQueue<@Nullable Object> queue;

    @BeforeEach
    void create() {
        queue = MultiJvm.simpleQueue();
    }

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void get_items_comeEqualAndInOrder() throws InterruptedException {
        queue.put("a");
        queue.put(null);
        queue.put(List.of(1, 2));

        assertThat(queue.get()).isEqualTo("a");
        assertThat(queue.get()).isNull();
        assertThat(queue.get()).isEqualTo(List.of(1, 2));
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue).hasToString("SimpleQueue[open]");
    }

    @Test
    void put_unsendableItem_isRefusedAndLeavesTheQueueUnharmed() throws InterruptedException {
        assertThatThrownBy(() -> queue.put(List.of("fine", new ReentrantLock())))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining("element 1");

        assertThat(queue.isEmpty()).isTrue();
        queue.put("next");
        assertThat(queue.get()).isEqualTo("next");
    }

    @Test
    void get_itemThatCannotBeRebuilt_isConsumed() throws InterruptedException {
        queue.put(new OneWay());
        queue.put("next");

        assertThatThrownBy(queue::get)
                .isInstanceOf(UnreadableItemException.class)
                .hasStackTraceContaining("does not come back");
        assertThat(queue.get()).isEqualTo("next");
    }

    private static final class OneWay implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new InvalidObjectException("does not come back");
        }
    }

    @Test
    void put_fullPipe_waitsForAGet() throws Exception {
        var putting = Background.run(() -> putNumbers(PIPEFUL)).awaitWaiting();

        for (int i = 0; i < PIPEFUL; i++) {
            assertThat(queue.get()).isEqualTo(i);
        }

        assertThat(putting.get()).isEqualTo(PIPEFUL);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void put_interruptedWhileThePipeIsFull_putsWhatItReturnedForAndNoMore() throws Exception {
        int[] put = new int[1];
        var putting = Background.run(() -> {
                    assertThatThrownBy(() -> {
                                while (true) {
                                    queue.put(put[0]);
                                    put[0]++;
                                }
                            })
                            .isInstanceOf(InterruptedException.class);
                    return Thread.currentThread().isInterrupted();
                })
                .awaitWaiting()
                .interrupt();
        assertThat(putting.get()).isFalse();

        for (int i = 0; i < put[0]; i++) {
            assertThat(queue.get()).isEqualTo(i);
        }
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void get_interrupted_losesNothing() throws Exception {
        var getting = Background.run(queue::get).awaitWaiting().interrupt();
        assertThat(getting.failure()).isInstanceOf(InterruptedException.class);

        queue.put("still here");

        assertThat(queue.get()).isEqualTo("still here");
    }

    private int putNumbers(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            queue.put(i);
        }
        return count;
    }

    @Test
    @Conforms("TestSimpleQueue.test_close")
    void close_again_doesNothing() {
        queue.close();
        queue.close();

        assertThat(queue.isClosed()).isTrue();
        assertThat(queue).hasToString("SimpleQueue[closed]");
    }

    @Test
    @Conforms("TestSimpleQueue.test_empty_exceptions")
    void anyCall_closed_throwsQueueClosed() throws InterruptedException {
        queue.put("used");
        queue.close();
        SimpleQueue<String> unused = SimpleQueue.create();
        unused.close();

        assertThatThrownBy(queue::isEmpty)
                .isInstanceOf(QueueClosedException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(queue::empty).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(unused::isEmpty).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> queue.put("more")).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(queue::get).isInstanceOf(QueueClosedException.class);
    }

    @Test
    void close_othersWait_endsTheirWaits() throws Exception {
        var getting = Background.run(queue::get).awaitWaiting();
        queue.close();
        assertThat(getting.failure()).isInstanceOf(QueueClosedException.class);

        SimpleQueue<Integer> full = SimpleQueue.create();
        var putting = Background.run(() -> {
                    while (true) {
                        full.put(1);
                    }
                })
                .awaitWaiting();
        full.close();
        assertThat(putting.failure()).isInstanceOf(QueueClosedException.class);
    }

    @Test
    void send_throughAConnectionOrAnotherQueue_isTheSameQueue() throws Exception {
        try (Pipe pipe = MultiJvm.pipe();
                SimpleQueue<SimpleQueue<Object>> carrier = SimpleQueue.create()) {
            queue.put("before");
            pipe.first().send(queue);
            try (var copy = (SimpleQueue<?>) pipe.second().recv(SimpleQueue.class)) {
                assertThat(copy.get()).isEqualTo("before");
            }
            carrier.put(queue);
            try (var copy = carrier.get()) {
                copy.put("after");
            }
            assertThat(queue.get()).isEqualTo("after");
        }
    }

    @Test
    void send_closedQueue_isRefused() {
        queue.close();

        try (SimpleQueue<Object> carrier = SimpleQueue.create()) {
            assertThatThrownBy(() -> carrier.put(queue)).isInstanceOf(NotSendableException.class);
        }
    }

    @Nested
    final class BetweenThreads implements SharedSimpleQueueContract {
        @Override
        public Workers workers() {
            return Workers.threads();
        }
    }

    /** What holds when the parties are processes. */
    private abstract static class BetweenProcesses implements SharedSimpleQueueContract {
        private final Context context;

        BetweenProcesses(StartMethod method) {
            context = MultiJvm.getContext(method);
        }

        @Override
        public Workers workers() {
            return Workers.processes(context);
        }

        @AfterEach
        void endWhatIsLeft() {
            context.close();
        }

        @Test
        void kill_aConsumerAndAProducer_leavesTheQueueToTheOthers() throws Exception {
            try (SimpleQueue<Object> work = SimpleQueue.create();
                    SimpleQueue<Object> news = SimpleQueue.create()) {
                JvmProcess consumer = context.process(() -> {
                    news.put("coming");
                    while (true) {
                        news.put(work.get());
                    }
                });
                JvmProcess producer = context.process(() -> {
                    while (true) {
                        work.put("an item");
                    }
                });
                consumer.start();
                producer.start();
                assertThat(news.get()).isEqualTo("coming");
                assertThat(news.get()).isEqualTo("an item");

                producer.kill();
                producer.join();
                consumer.kill();
                consumer.join();

                while (!work.isEmpty()) {
                    assertThat(work.get()).isEqualTo("an item");
                }
                work.put("next");
                assertThat(work.get()).isEqualTo("next");
            }
        }
    }

    @Nested
    @ForkTest
    @FullOnly
    final class BetweenSpawnedProcesses extends BetweenProcesses {
        BetweenSpawnedProcesses() {
            super(StartMethod.SPAWN);
        }
    }

    @Nested
    @ForkTest
    final class BetweenForkServerProcesses extends BetweenProcesses {
        BetweenForkServerProcesses() {
            super(StartMethod.FORKSERVER);
        }
    }
}
