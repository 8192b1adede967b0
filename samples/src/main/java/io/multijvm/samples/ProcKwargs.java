package io.multijvm.samples;

import io.multijvm.MultiJvm;
import java.time.Duration;

/**
 * The variables that a target captures are its arguments; they travel to the child by value.
 *
 * <p>Expect: ten stars from the child, 0.3 s later twenty stars, and then the parent's line.
 */
public final class ProcKwargs {
    private ProcKwargs() {}

    public static void main(String[] args) throws Exception {
        int before = 10;
        int after = 20;
        var child = MultiJvm.process(() -> stars(before, after));
        child.start();
        child.join();
        System.out.println("------------: finished");
    }

    private static void stars(int before, int after) {
        System.out.println("*".repeat(before));
        Work.pretend(Duration.ofMillis(300));
        System.out.println("*".repeat(after));
    }
}
