package io.multijvm.samples;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;

/**
 * A program chooses its start method once; contexts use several side by side.
 *
 * <p>Expect: the list of methods, the default first; the chosen one; an error at the second choice; and one child per
 * context, each saying the method that it was started with.
 */
public final class StartDefault {
    private StartDefault() {}

    public static void main(String[] args) throws Exception {
        System.out.println("all methods: " + MultiJvm.getAllStartMethods());
        MultiJvm.setStartMethod(StartMethod.SPAWN);
        System.out.println("chosen: " + MultiJvm.getStartMethod());
        try {
            MultiJvm.setStartMethod(StartMethod.FORKSERVER);
        } catch (IllegalStateException e) {
            System.out.println("second choice refused: " + e.getMessage());
        }

        try (Context spawn = MultiJvm.getContext(StartMethod.SPAWN);
                Context forkserver = MultiJvm.getContext(StartMethod.FORKSERVER)) {
            var one = spawn.process(() -> sayMethod("context one"));
            var two = forkserver.process(() -> sayMethod("context two"));
            one.start();
            two.start();
            one.join();
            two.join();
        }
    }

    private static void sayMethod(String where) {
        System.out.println(where + ": started by " + MultiJvm.getStartMethod());
    }
}
