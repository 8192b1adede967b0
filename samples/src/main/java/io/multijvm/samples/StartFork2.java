package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * What the parent has put into a static list before the start is there in a forked process.
 *
 * <p>Expect: the child sees [123].
 */
public final class StartFork2 {
    private static final List<Integer> NAME = new ArrayList<>();

    private StartFork2() {}

    public static void main(String[] args) {
        MultiJvm.setStartMethod(StartMethod.FORK);
        NAME.add(123);
        MultiJvm.process(StartFork2::task).start();
    }

    private static void task() {
        System.out.println("child: " + NAME);
    }
}
