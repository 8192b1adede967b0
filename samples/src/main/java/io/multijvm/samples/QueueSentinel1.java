package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.queue.ProcessQueue;

/**
 * A consumer does not see from an empty queue that nothing will come any more: the producer says so with a last item.
 *
 * <p>Expect: the cook makes ten buns, the eater eats them in order and ends at the sentinel. Without it the eater, and with
 * it the program, would wait for ever. A queue takes no null, so that the sentinel is an item like others.
 */
public final class QueueSentinel1 {
    private static final String THE_END = "the end";
    private static final int BUNS = 10;

    private QueueSentinel1() {}

    public static void main(String[] args) throws InterruptedException {
        ProcessQueue<String> queue = MultiJvm.queue();
        var cook = MultiJvm.process("cook", () -> produce(queue));
        var eater = MultiJvm.process("eater", () -> consume(queue));
        cook.start();
        eater.start();
        cook.join();
        eater.join();
        System.out.println("left in the queue: " + queue.qsize());
    }

    private static void produce(ProcessQueue<String> queue) throws InterruptedException {
        for (int i = 0; i < BUNS; i++) {
            queue.put("bun " + i);
            System.out.println("cook has made bun " + i);
        }
        queue.put(THE_END);
    }

    private static void consume(ProcessQueue<String> queue) throws InterruptedException {
        for (var bun = queue.get(); !bun.equals(THE_END); bun = queue.get()) {
            System.out.println("eater eats " + bun);
        }
        System.out.println("eater ends");
    }
}
