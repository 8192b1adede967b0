package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.shared.SharedInt;
import io.multijvm.sync.ProcessBarrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Start all, then join all: the children work at the same time. Start and join in turn: they work one by one.
 *
 * <p>Expect: five children of 0.4 s each are at work at once and take 0.4 s together, but 2 s one by one; to which comes what it
 * takes to start them.
 */
public final class ProcMany {
    private static final int CHILDREN = 5;
    private static final Duration WORK = Duration.ofMillis(400);

    private ProcMany() {}

    public static void main(String[] args) throws Exception {
        var atWork = SharedInt.of(0);
        var most = SharedInt.of(0);

        long begin = System.nanoTime();
        var all = MultiJvm.barrier(CHILDREN);
        List<JvmProcess> children = new ArrayList<>();
        for (int i = 0; i < CHILDREN; i++) {
            children.add(started(all, atWork, most));
        }
        for (var child : children) {
            child.join();
        }
        report("start all, then join all", begin, most);

        begin = System.nanoTime();
        most.set(0);
        var alone = MultiJvm.barrier(1);
        for (int i = 0; i < CHILDREN; i++) {
            started(alone, atWork, most).join();
        }
        report("start and join in turn", begin, most);
    }

    private static JvmProcess started(ProcessBarrier others, SharedInt atWork, SharedInt most) {
        var child = MultiJvm.process(() -> greet("bob", others, atWork, most));
        child.start();
        return child;
    }

    private static void greet(String name, ProcessBarrier others, SharedInt atWork, SharedInt most) throws Exception {
        System.out.println("hello " + name);
        most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
        others.await(); // so that it does not matter how long each took to start
        Work.pretend(WORK);
        atWork.decrementAndGet();
    }

    private static void report(String how, long begin, SharedInt most) {
        System.out.printf(
                Locale.ROOT, "%s: %.2f s, at work at once: %d%n", how, (System.nanoTime() - begin) / 1e9, most.get());
    }
}
