package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.sync.ProcessEvent;
import java.time.Duration;

/**
 * A daemon child is ended when the parent's main code ends.
 *
 * <p>Expect: a child that would run for ever says that it is alive, the parent works for 0.6 s, and then the program
 * ends, the child with it.
 */
public final class ProcDaemon {
    private ProcDaemon() {}

    public static void main(String[] args) throws Exception {
        var begun = MultiJvm.event();
        var child = MultiJvm.process(() -> runForEver(begun)).daemon(true);
        child.start();
        begun.await();
        for (int i = 1; i <= 3; i++) {
            Work.pretend(Duration.ofMillis(200));
            System.out.println("parent: working, " + i + " of 3");
        }
        System.out.println("parent: main code ends, daemon " + child.pid() + " is alive: " + child.isAlive());
    }

    private static void runForEver(ProcessEvent begun) {
        while (true) {
            System.out.println("daemon: I am alive");
            begun.set();
            Work.pretend(Duration.ofMillis(100));
        }
    }
}
