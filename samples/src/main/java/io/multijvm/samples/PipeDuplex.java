package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import java.io.IOException;
import java.util.List;

/**
 * Both ends of a pipe send and receive, unlike those of a queue.
 *
 * <p>Expect: the child sends a list, the parent answers with a number, each prints what it has received.
 */
public final class PipeDuplex {
    private PipeDuplex() {}

    public static void main(String[] args) throws Exception {
        try (var pipe = MultiJvm.pipe()) {
            var theirs = pipe.second();
            var child = MultiJvm.process(() -> talk(theirs));
            child.start();

            var ours = pipe.first();
            System.out.println("parent has received: " + ours.recv());
            ours.send(666);
            child.join();
        }
    }

    private static void talk(Connection connection) throws IOException {
        connection.send(List.of(111, 22, 33, 44));
        System.out.println("child has received: " + connection.recv());
    }
}
