package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.queue.ProcessQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ten children put and ten get, on a queue of three places.
 *
 * <p>Expect: seven putters wait until there is room, every getter gets an item, and every item is got once.
 */
public final class QueueBatch {
    private static final int PAIRS = 10;

    private QueueBatch() {}

    public static void main(String[] args) throws InterruptedException {
        ProcessQueue<String> queue = MultiJvm.queue(3);
        var putters = IntStream.range(0, PAIRS).mapToObj(n -> MultiJvm.process("putter " + n, () -> put(queue)));
        var getters = IntStream.range(0, PAIRS).mapToObj(n -> MultiJvm.process("getter " + n, () -> get(queue)));
        var all = Stream.concat(putters, getters).toList();
        all.forEach(JvmProcess::start);
        for (var each : all) {
            each.join();
        }
        System.out.println("left in the queue: " + queue.qsize());
    }

    private static void put(ProcessQueue<String> queue) throws InterruptedException {
        queue.put("item of " + MultiJvm.currentProcess().name());
    }

    private static void get(ProcessQueue<String> queue) throws InterruptedException {
        var item = queue.get();
        System.out.println(MultiJvm.currentProcess().name() + " has got the " + item);
    }
}
