package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * What the parent changes after the start a forked process does not see.
 *
 * <p>Expect: the child sees [], although the parent adds 123 right after starting it.
 */
public final class StartFork3 {
    private static final List<Integer> NAME = new ArrayList<>();

    private StartFork3() {}

    public static void main(String[] args) {
        MultiJvm.setStartMethod(StartMethod.FORK);
        MultiJvm.process(StartFork3::task).start();
        NAME.add(123);
        System.out.println("parent: " + NAME);
    }

    private static void task() {
        System.out.println("child: " + NAME);
    }
}
