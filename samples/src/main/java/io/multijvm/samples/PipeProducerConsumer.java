package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import java.io.EOFException;
import java.io.IOException;

/**
 * A producer and a consumer on a pipe. Both are given both ends, and each first closes the one it does not use.
 *
 * <p>Expect: the consumer gets the ten buns in order, then sees the end, because no copy of the producer's end is left
 * open: neither in the producer, which has ended, nor in the parent or in itself.
 */
public final class PipeProducerConsumer {
    private static final int BUNS = 10;

    private PipeProducerConsumer() {}

    public static void main(String[] args) throws Exception {
        var pipe = MultiJvm.pipe();
        var in = pipe.first();
        var out = pipe.second();
        var consumer = MultiJvm.process("c1", () -> consume(in, out));
        var producer = MultiJvm.process("p1", () -> produce(in, out));
        consumer.start();
        producer.start();
        in.close();
        out.close();
        producer.join();
        consumer.join();
        System.out.println("main");
    }

    private static void produce(Connection in, Connection out) throws IOException {
        out.close();
        for (int i = 0; i < BUNS; i++) {
            in.send("bun " + i);
        }
        in.close();
    }

    private static void consume(Connection in, Connection out) throws IOException {
        in.close();
        var name = MultiJvm.currentProcess().name();
        try {
            while (true) {
                System.out.println(name + " has received " + out.recv());
            }
        } catch (EOFException e) {
            System.out.println(name + " has come to the end");
        }
        out.close();
    }
}
