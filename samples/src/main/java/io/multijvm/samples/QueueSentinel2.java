package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.queue.ProcessQueue;

/**
 * The sentinel may come from the parent as well, which must wait for the producer's end first.
 *
 * <p>Expect: the cook makes two buns and knows nothing of an end; the parent joins it and puts the sentinel; the eater
 * eats both buns before it comes to that.
 */
public final class QueueSentinel2 {
    private static final String THE_END = "the end";
    private static final int BUNS = 2;

    private QueueSentinel2() {}

    public static void main(String[] args) throws InterruptedException {
        ProcessQueue<String> queue = MultiJvm.queue();
        var cook = MultiJvm.process("cook", () -> produce(queue));
        var eater = MultiJvm.process("eater", () -> consume(queue));
        cook.start();
        eater.start();

        cook.join();
        System.out.println("main says that this is the end");
        queue.put(THE_END);
        eater.join();
    }

    private static void produce(ProcessQueue<String> queue) throws InterruptedException {
        for (int i = 0; i < BUNS; i++) {
            queue.put("bun " + i);
            System.out.println("cook has made bun " + i);
        }
    }

    private static void consume(ProcessQueue<String> queue) throws InterruptedException {
        for (var bun = queue.get(); !bun.equals(THE_END); bun = queue.get()) {
            System.out.println("eater eats " + bun);
        }
        System.out.println("eater ends");
    }
}
