package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Start all, then join all: the children work at the same time. Start and join in turn: they work one by one.
 *
 * <p>Expect: five children of 0.4 s each take a little more than 0.4 s together, and more than 2 s one by one.
 */
public final class ProcMany {
    private static final int CHILDREN = 5;
    private static final Duration WORK = Duration.ofMillis(400);

    private ProcMany() {}

    public static void main(String[] args) throws Exception {
        long begin = System.nanoTime();
        List<JvmProcess> children = new ArrayList<>();
        for (int i = 0; i < CHILDREN; i++) {
            children.add(started());
        }
        for (var child : children) {
            child.join();
        }
        double together = secondsSince(begin);

        begin = System.nanoTime();
        for (int i = 0; i < CHILDREN; i++) {
            started().join();
        }
        double inTurn = secondsSince(begin);

        System.out.printf(Locale.ROOT, "start all, then join all: %.2f s%n", together);
        System.out.printf(Locale.ROOT, "start and join in turn:   %.2f s%n", inTurn);
        System.out.println("together was faster: " + (together < inTurn));
    }

    private static JvmProcess started() {
        var child = MultiJvm.process(() -> greet("bob"));
        child.start();
        return child;
    }

    private static void greet(String name) {
        System.out.println("hello " + name);
        Work.pretend(WORK);
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
