package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.queue.SimpleQueue;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for a simple queue between its parties, wherever they run. */
public interface SharedSimpleQueueContract {
    Workers workers();

    @Test
    @Conforms("TestSimpleQueue.test_empty")
    default void isEmpty_inAnotherParty_seesWhatIsInTheQueue() throws Exception {
        try (SimpleQueue<Boolean> queue = SimpleQueue.create()) {
            ProcessEvent start = ProcessEvent.create();
            ProcessEvent done = ProcessEvent.create();
            var other = workers().start(() -> {
                start.await();
                queue.put(queue.isEmpty());
                queue.put(queue.empty());
                done.set();
            });
            assertThat(queue.isEmpty()).isTrue();

            start.set();
            done.await();

            assertThat(queue.isEmpty()).isFalse();
            assertThat(queue.get()).isTrue();
            assertThat(queue.get()).isFalse();
            assertThat(queue.isEmpty()).isTrue();
            other.join();
        }
    }

    @Test
    @EveryStartMethod
    default void get_emptyQueue_waitsForAnotherParty() throws Exception {
        try (SimpleQueue<@Nullable String> queue = SimpleQueue.create();
                SimpleQueue<String> answers = SimpleQueue.create()) {
            var other = workers().start(() -> answers.put("got " + queue.get() + ", then " + queue.get()));

            queue.put("an item");
            queue.put(null);

            assertThat(answers.get()).isEqualTo("got an item, then null");
            other.join();
        }
    }

    /** More than fits into the pipe, small and large; null ends a consumer. */
    @Test
    default void putAndGet_severalPartiesOnBothSides_eachItemToExactlyOneInOrderOfItsProducer() throws Exception {
        int producers = 2;
        int consumers = 2;
        int items = 400;
        try (SimpleQueue<int @Nullable []> queue = SimpleQueue.create();
                SimpleQueue<List<int[]>> results = SimpleQueue.create()) {
            var getting = workers().start(consumers, () -> results.put(takeAll(queue)));
            var putting = workers().startEach(producers, producer -> () -> putAll(queue, producer, items));
            Workers.joinAll(putting);
            for (int i = 0; i < consumers; i++) {
                queue.put(null);
            }

            int got = 0;
            for (int i = 0; i < consumers; i++) {
                Map<Integer, Integer> last = new HashMap<>();
                for (int[] seen : results.get()) {
                    assertThat(seen[1]).isGreaterThan(last.getOrDefault(seen[0], -1));
                    last.put(seen[0], seen[1]);
                    got++;
                }
            }
            Workers.joinAll(getting);
            assertThat(got).isEqualTo(producers * items);
            assertThat(queue.isEmpty()).isTrue();
        }
    }

    private static void putAll(SimpleQueue<int @Nullable []> queue, int producer, int items)
            throws InterruptedException {
        for (int i = 0; i < items; i++) {
            int[] item = new int[i % 20 == 0 ? 50_000 : 2 + i];
            item[0] = producer;
            item[item.length - 1] = i;
            queue.put(item);
        }
    }

    /** Producer and number of each item, as they came. */
    private static List<int[]> takeAll(SimpleQueue<int @Nullable []> queue) throws InterruptedException {
        var seen = new ArrayList<int[]>();
        for (int[] item = queue.get(); item != null; item = queue.get()) {
            int number = item[item.length - 1];
            assertThat(item).hasSize(number % 20 == 0 ? 50_000 : 2 + number);
            seen.add(new int[] {item[0], number});
        }
        return seen;
    }
}
