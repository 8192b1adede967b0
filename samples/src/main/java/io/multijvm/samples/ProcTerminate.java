package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import java.io.IOException;
import java.time.Duration;

/**
 * {@code terminate()} asks a child to end with SIGTERM and does not wait for it.
 *
 * <p>Expect: the child is alive right after {@code terminate()}, because it tidies up first, and not alive after
 * {@code join()}; its exit code is minus the number of the signal, -15.
 */
public final class ProcTerminate {
    private ProcTerminate() {}

    public static void main(String[] args) throws Exception {
        var pipe = MultiJvm.pipe(false);
        var ready = pipe.writer();
        var child = MultiJvm.process(() -> chat("bob", ready));
        child.start();
        System.out.println("child says: " + pipe.reader().recv());

        child.terminate();
        System.out.println("alive right after terminate(): " + child.isAlive());
        child.join();
        System.out.println("alive after join(): " + child.isAlive());
        System.out.println("exit code: " + child.exitCode());
    }

    private static void chat(String name, Connection ready) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Work.pretend(Duration.ofSeconds(1)), "tidy-up"));
        ready.send("chatting with " + name);
        Work.pretend(Duration.ofMinutes(1));
        System.out.println("this line is never reached");
    }
}
