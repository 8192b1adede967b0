package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.sync.ProcessSemaphore;
import java.time.Duration;
import java.util.List;

/**
 * One child writes into a queue, another reads from it for ever and has to be terminated.
 *
 * <p>Expect: A, B and C are put and got in this order; the writer ends by itself, the reader by SIGTERM when it has got
 * all three.
 */
public final class QueueTwoChildren {
    private static final List<String> VALUES = List.of("A", "B", "C");

    private QueueTwoChildren() {}

    public static void main(String[] args) throws InterruptedException {
        ProcessQueue<String> queue = MultiJvm.queue();
        var read = MultiJvm.semaphore(0);
        var writer = MultiJvm.process("writer", () -> write(queue));
        var reader = MultiJvm.process("reader", () -> readForEver(queue, read));
        writer.start();
        reader.start();

        writer.join();
        for (int i = 0; i < VALUES.size(); i++) {
            read.acquire();
        }
        System.out.println("the reader waits for more: " + reader.isAlive());
        reader.terminate();
        reader.join();
        System.out.println("exit codes: " + writer.exitCode() + " and " + reader.exitCode());
    }

    private static void write(ProcessQueue<String> queue) throws InterruptedException {
        for (var value : VALUES) {
            System.out.println("put " + value + " to queue");
            queue.put(value);
            Work.pretend(Duration.ofMillis(50));
        }
    }

    private static void readForEver(ProcessQueue<String> queue, ProcessSemaphore read) throws InterruptedException {
        while (true) {
            System.out.println("got " + queue.get() + " from queue");
            read.release();
        }
    }
}
