package io.multijvm.samples;

import io.multijvm.MultiJvm;
import java.time.Duration;

/**
 * The first child process: {@code start()} runs a lambda in another JVM, and the parent goes on meanwhile.
 *
 * <p>Expect: the child greets bob under a pid of its own; the parent's "goes on" comes before the child's "done",
 * because {@code start()} does not wait for the child's work.
 */
public final class ProcHello {
    private ProcHello() {}

    public static void main(String[] args) throws Exception {
        var child = MultiJvm.process(() -> greet("bob"));
        child.start();
        System.out.println("parent " + ProcessHandle.current().pid() + " goes on while child " + child.pid() + " runs");
        child.join();
        System.out.println("parent saw the child end");
    }

    private static void greet(String name) {
        System.out.println(
                "hello " + name + ", I am child " + ProcessHandle.current().pid());
        Work.pretend(Duration.ofSeconds(1));
        System.out.println("child done");
    }
}
