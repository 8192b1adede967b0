package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.queue.ProcessQueue;
import java.util.List;

/**
 * Each producer sends one sentinel on a bounded queue; as there are as many consumers, each of those gets one.
 *
 * <p>Expect: Tom and John make four dishes each, and wait when five lie on the table; Alex and Laura eat all eight.
 * That both end needs no parent who waits, but the first sentinel may come before the other cook's last dishes: they are
 * for whoever is left.
 */
public final class QueueSentinel4 {
    private static final String NOTHING = "nothing";
    private static final int PORTIONS = 4;
    private static final int PLACES = 5;

    private QueueSentinel4() {}

    public static void main(String[] args) throws InterruptedException {
        ProcessQueue<String> table = MultiJvm.queue(PLACES);
        var everybody = List.of(
                MultiJvm.process("Tom", () -> produce("bun", table)),
                MultiJvm.process("John", () -> produce("soup", table)),
                MultiJvm.process("Alex", () -> consume(table)),
                MultiJvm.process("Laura", () -> consume(table)));
        everybody.forEach(JvmProcess::start);
        for (var each : everybody) {
            each.join();
        }
        System.out.println("left on the table: " + table.qsize());
    }

    private static void produce(String dish, ProcessQueue<String> table) throws InterruptedException {
        var name = MultiJvm.currentProcess().name();
        for (int i = 0; i < PORTIONS; i++) {
            table.put(dish + " " + i + " of " + name);
        }
        table.put(NOTHING);
    }

    private static void consume(ProcessQueue<String> table) throws InterruptedException {
        var name = MultiJvm.currentProcess().name();
        for (var dish = table.get(); !dish.equals(NOTHING); dish = table.get()) {
            System.out.println(name + " eats " + dish);
        }
        System.out.println(name + " has got nothing");
    }
}
