package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import java.io.IOException;
import java.util.List;

/**
 * A pipe joins two processes: what one sends at its end the other receives at its own.
 *
 * <p>Expect: the parent prints the text and the list that a child sends, as they were. Then one child waits for what
 * another sends later: a message that nobody has fetched yet is kept, and a receiver that is too early waits.
 */
public final class PipeHello {
    private PipeHello() {}

    public static void main(String[] args) throws Exception {
        childToParent();
        childToChild();
    }

    private static void childToParent() throws IOException, InterruptedException {
        try (var pipe = MultiJvm.pipe()) {
            var theirs = pipe.second();
            var child = MultiJvm.process(() -> {
                theirs.send("Hello The_Third_Wave");
                theirs.send(List.of(1, 2.5, "three"));
                theirs.close();
            });
            child.start();
            System.out.println("main has received: " + pipe.first().recv());
            System.out.println("main has received: " + pipe.first().recv());
            child.join();
        }
    }

    private static void childToChild() throws IOException, InterruptedException {
        try (var pipe = MultiJvm.pipe()) {
            var first = pipe.first();
            var second = pipe.second();
            var receiver = MultiJvm.process("receiver", () -> receive(second));
            var sender = MultiJvm.process("sender", () -> {
                first.recv(); // the receiver is about to wait
                System.out.println("sender sends");
                first.send("have you eaten?");
            });
            receiver.start();
            sender.start();
            sender.join();
            receiver.join();
        }
    }

    private static void receive(Connection connection) throws IOException {
        System.out.println("receiver waits");
        connection.send("ready");
        System.out.println("receiver has received: " + connection.recv());
    }
}
