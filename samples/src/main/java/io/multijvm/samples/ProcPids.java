package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import java.util.ArrayList;
import java.util.List;

/**
 * Every child is an operating-system process with a pid of its own, and it knows the pid of its creator.
 *
 * <p>Expect: five children with five different pids, in any order, each naming the main process as its parent.
 */
public final class ProcPids {
    private ProcPids() {}

    public static void main(String[] args) throws Exception {
        System.out.println("main process: pid " + ProcessHandle.current().pid());
        List<JvmProcess> children = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            int x = i;
            var child = MultiJvm.process(() -> square(x));
            child.start();
            children.add(child);
        }
        for (var child : children) {
            child.join();
        }
    }

    private static void square(int x) {
        long pid = ProcessHandle.current().pid();
        long parent = MultiJvm.parentProcess().orElseThrow().pid();
        System.out.println(
                "child process: pid " + pid + ", parent pid " + parent + ", " + x + " * " + x + " = " + x * x);
    }
}
