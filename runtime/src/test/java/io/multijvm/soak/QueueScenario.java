package io.multijvm.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.sync.ProcessEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A queue between two producers and two consumers. Most rounds kill or pause one of them. */
final class QueueScenario implements Scenario {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int ITEMS = 500;

    private final Random random;
    private long items;
    private int kills;
    private int lost;

    QueueScenario(long seed) {
        random = new Random(seed);
    }

    @Override
    public void round() throws Exception {
        ProcessEvent allIsPut = MultiJvm.event();
        try (ProcessQueue<Integer> queue = MultiJvm.queue(random.nextBoolean() ? 0 : 10);
                var put = SharedIntArray.of(2 * ITEMS);
                var taken = SharedIntArray.of(2 * ITEMS)) {
            var producers = new ArrayList<JvmProcess>();
            var consumers = new ArrayList<JvmProcess>();
            for (int i = 0; i < 2; i++) {
                int from = i * ITEMS;
                producers.add(started(MultiJvm.process(() -> produce(queue, put, from))));
                consumers.add(started(MultiJvm.process(() -> consume(queue, taken, allIsPut))));
            }
            boolean isProducerKilled = random.nextInt(3) == 0;
            boolean isConsumerKilled = random.nextInt(3) == 0;
            disturb(producers, isProducerKilled);
            disturb(consumers, isConsumerKilled);
            join(producers, isProducerKilled);
            allIsPut.set();
            join(consumers, isConsumerKilled);
            for (Integer left = queue.poll(); left != null; left = queue.poll()) {
                taken.incrementAndGet(left);
            }
            account(put, taken, isProducerKilled, isConsumerKilled);
        }
    }

    private static JvmProcess started(JvmProcess process) {
        process.start();
        return process;
    }

    private static void produce(ProcessQueue<Integer> queue, SharedIntArray put, int from) throws InterruptedException {
        for (int i = from; i < from + ITEMS; i++) {
            queue.put(i);
            put.set(i, 1);
        }
    }

    private static void consume(ProcessQueue<Integer> queue, SharedIntArray taken, ProcessEvent allIsPut)
            throws InterruptedException {
        while (true) {
            boolean isLast = allIsPut.isSet();
            Integer item = queue.poll(100, TimeUnit.MILLISECONDS);
            if (item != null) {
                taken.incrementAndGet(item);
            } else if (isLast) {
                return;
            }
        }
    }

    private void disturb(List<JvmProcess> processes, boolean isKilled) {
        JvmProcess one = processes.get(random.nextInt(processes.size()));
        if (isKilled) {
            kills++;
            one.kill();
        } else if (random.nextBoolean() && one.isAlive()) {
            one.pause();
            one.resume();
        }
    }

    private static void join(List<JvmProcess> processes, boolean isOneKilled) throws InterruptedException {
        int failed = 0;
        for (JvmProcess each : processes) {
            assertThat(each.join(PATIENCE)).as("%s", each).isTrue();
            failed += each.exitCode() == 0 ? 0 : 1;
        }
        assertThat(failed).isLessThanOrEqualTo(isOneKilled ? 1 : 0);
    }

    /** Checks each item: a killed consumer loses at most one, and a killed producer leaves at most one put that it has not noted. */
    private void account(SharedIntArray put, SharedIntArray taken, boolean isProducerKilled, boolean isConsumerKilled) {
        int missing = 0;
        int unnoted = 0;
        for (int i = 0; i < 2 * ITEMS; i++) {
            assertThat(taken.get(i)).as("item %d", i).isLessThanOrEqualTo(1);
            missing += put.get(i) > taken.get(i) ? 1 : 0;
            unnoted += put.get(i) < taken.get(i) ? 1 : 0;
        }
        assertThat(missing).as("lost").isLessThanOrEqualTo(isConsumerKilled ? 1 : 0);
        assertThat(unnoted).as("put and not noted").isLessThanOrEqualTo(isProducerKilled ? 1 : 0);
        items += put.sum();
        lost += missing;
    }

    @Override
    public String report() {
        return "queues " + items + " items, " + kills + " kills, " + lost + " taken by the killed";
    }
}
