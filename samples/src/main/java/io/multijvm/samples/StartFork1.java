package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * A forked process has a copy of the parent's state: what it adds to a list the parent does not see.
 *
 * <p>Expect: the child sees [], the list as it was at its start, and adds 123; the parent's list is still [].
 */
public final class StartFork1 {
    private static final List<Integer> NAME = new ArrayList<>();

    private StartFork1() {}

    public static void main(String[] args) throws Exception {
        MultiJvm.setStartMethod(StartMethod.FORK);
        var child = MultiJvm.process(StartFork1::task);
        child.start();
        child.join();
        System.out.println("parent: " + NAME);
    }

    private static void task() {
        System.out.println("child: " + NAME);
        NAME.add(123);
        System.out.println("child has added: " + NAME);
    }
}
