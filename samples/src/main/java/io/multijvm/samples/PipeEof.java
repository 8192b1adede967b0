package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

/**
 * A receiver is told that nothing will come any more when every copy of the other end, in every process, is closed.
 *
 * <p>Expect: the child gets both ends. The parent closes its own copies, but as long as the child keeps a copy of the
 * sending end nothing tells it the end: it polls in vain, and a receive would wait for ever. When it has closed that
 * copy, the receive ends with an end-of-file. A killed process closes its copies as well.
 */
public final class PipeEof {
    private PipeEof() {}

    public static void main(String[] args) throws Exception {
        forgottenCopy();
        killedSender();
    }

    private static void forgottenCopy() throws IOException, InterruptedException {
        var pipe = MultiJvm.pipe();
        var parentsEnd = pipe.first();
        var childsEnd = pipe.second();
        var child = MultiJvm.process(() -> receive(parentsEnd, childsEnd));
        child.start();
        childsEnd.close();
        parentsEnd.send("hello");
        parentsEnd.close();
        child.join();
    }

    private static void receive(Connection parentsEnd, Connection childsEnd) throws IOException {
        System.out.println("child has received: " + childsEnd.recv());
        boolean something = childsEnd.poll(Duration.ofMillis(200));
        System.out.println("something comes while a copy is open: " + something);

        parentsEnd.close();
        something = childsEnd.poll(null);
        System.out.println("something comes when it is closed: " + something);
        receiveToTheEnd("child", childsEnd);
        childsEnd.close();
    }

    private static void killedSender() throws IOException, InterruptedException {
        try (var pipe = MultiJvm.pipe(false)) {
            var writer = pipe.writer();
            var sender = MultiJvm.process(() -> {
                writer.send("still alive");
                while (true) {
                    Work.pretend(Duration.ofHours(1));
                }
            });
            sender.start();
            writer.close();
            System.out.println("parent has received: " + pipe.reader().recv());
            sender.kill();
            receiveToTheEnd("parent", pipe.reader());
        }
    }

    private static void receiveToTheEnd(String who, Connection connection) throws IOException {
        try {
            while (true) {
                System.out.println(who + " has received: " + connection.recv());
            }
        } catch (EOFException e) {
            System.out.println(who + " has come to the end");
        }
    }
}
