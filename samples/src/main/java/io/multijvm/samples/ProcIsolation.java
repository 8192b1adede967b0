package io.multijvm.samples;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.process.Target;
import java.io.Serializable;

/**
 * Processes share no memory: each JVM has its own copy of every static field, made by its own class initialiser.
 *
 * <p>Expect, with spawn: a child sees 1 and 2, the values of the class, although main has set 10 and 20; a function
 * that is passed as an argument runs in the child on the child's values; the line of the class initialiser appears once
 * per process; and what a child sets is not seen by the parent.
 */
public final class ProcIsolation {
    private static int a = 1;
    private static int b = 2;

    static {
        System.out.println(
                "class initialiser runs in pid " + ProcessHandle.current().pid());
    }

    private ProcIsolation() {}

    /** A function that can travel. */
    private interface Function extends Runnable, Serializable {}

    public static void main(String[] args) throws Exception {
        a = 10;
        b = 20;
        System.out.println("parent has set a = " + a + ", b = " + b);
        Function printB = () -> System.out.println("child sees b = " + b);

        try (Context context = MultiJvm.getContext(StartMethod.SPAWN)) {
            runToEnd(context, () -> printAThen(printB));
            runToEnd(context, ProcIsolation::change);
        }
        System.out.println("parent still has a = " + a + ", b = " + b);
    }

    private static void runToEnd(Context context, Target target) throws InterruptedException {
        var child = context.process(target);
        child.start();
        child.join();
    }

    private static void printAThen(Function next) {
        System.out.println("child sees a = " + a);
        next.run();
    }

    private static void change() {
        a = 0;
        b = 0;
        System.out.println("child has set a = " + a + ", b = " + b);
    }
}
