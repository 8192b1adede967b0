package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/** Producers and consumers at once, by every way of putting and taking. */
final class QueueTraffic {
    private static final long STOP = -1;

    private QueueTraffic() {}

    /** Sends items from each producer and looks at what the consumers have got of whom, and in which order. */
    static void through(BlockingQueue<Long> queue, int producers, int consumers, int items) throws Exception {
        var consuming = new ArrayList<Background<List<Long>>>();
        for (int i = 0; i < consumers; i++) {
            var ways = QueueSource.waysOfTaking();
            var way = ways.get(i % ways.size());
            consuming.add(Background.run(() -> consume(queue, way)));
        }
        var producing = new ArrayList<Background<Integer>>();
        for (int i = 0; i < producers; i++) {
            long producer = i;
            var ways = QueueSource.waysOfPutting();
            var way = ways.get(i % ways.size());
            producing.add(Background.run(() -> produce(queue, way, producer, items)));
        }
        for (var one : producing) {
            assertThat(one.get()).isEqualTo(items);
        }
        for (int i = 0; i < consumers; i++) {
            queue.put(STOP);
        }
        var all = new ArrayList<Long>();
        for (var one : consuming) {
            var taken = one.get();
            for (int i = 0; i < producers; i++) {
                long producer = i;
                assertThat(taken.stream().filter(item -> item >> Integer.SIZE == producer))
                        .as("what one consumer has got of producer %d", i)
                        .isSorted();
            }
            all.addAll(taken);
        }
        assertThat(all).hasSize(producers * items).doesNotHaveDuplicates();
        assertThat(queue.size()).isZero();
        assertThat(queue.poll()).isNull();
    }

    private static int produce(BlockingQueue<Long> queue, QueueSource.Putting way, long producer, int items)
            throws InterruptedException {
        int put = 0;
        for (int i = 0; i < items; i++) {
            put += way.put(queue, producer << Integer.SIZE | i) ? 1 : 0;
        }
        return put;
    }

    private static List<Long> consume(BlockingQueue<Long> queue, QueueSource.Taking way) throws InterruptedException {
        var taken = new ArrayList<Long>();
        for (long item = way.take(queue); item != STOP; item = way.take(queue)) {
            taken.add(item);
        }
        return taken;
    }
}
