package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.queue.ProcessQueue;
import java.util.List;

/**
 * With several consumers there must be a sentinel for each, after all producers have ended.
 *
 * <p>Expect: three cooks make two dishes each; two eaters eat the six, each dish once, those of a cook in order; the
 * parent joins the cooks and puts two sentinels, and each eater ends at its own.
 */
public final class QueueSentinel3 {
    private static final String THE_END = "the end";
    private static final int PORTIONS = 2;

    private QueueSentinel3() {}

    public static void main(String[] args) throws InterruptedException {
        ProcessQueue<String> queue = MultiJvm.queue();
        var cooks = List.of(
                MultiJvm.process("cook 1", () -> produce("bun", queue)),
                MultiJvm.process("cook 2", () -> produce("bone", queue)),
                MultiJvm.process("cook 3", () -> produce("soup", queue)));
        var eaters = List.of(
                MultiJvm.process("eater 1", () -> consume(queue)), MultiJvm.process("eater 2", () -> consume(queue)));
        cooks.forEach(JvmProcess::start);
        eaters.forEach(JvmProcess::start);

        for (var cook : cooks) {
            cook.join();
        }
        for (int i = 0; i < eaters.size(); i++) {
            queue.put(THE_END);
        }
        for (var eater : eaters) {
            eater.join();
        }
        System.out.println("left in the queue: " + queue.qsize());
    }

    private static void produce(String dish, ProcessQueue<String> queue) throws InterruptedException {
        for (int i = 0; i < PORTIONS; i++) {
            queue.put(dish + " " + i);
            System.out.println(MultiJvm.currentProcess().name() + " has made " + dish + " " + i);
        }
    }

    private static void consume(ProcessQueue<String> queue) throws InterruptedException {
        var name = MultiJvm.currentProcess().name();
        for (var dish = queue.get(); !dish.equals(THE_END); dish = queue.get()) {
            System.out.println(name + " eats " + dish);
        }
        System.out.println(name + " ends");
    }
}
