package io.multijvm.samples;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.manager.ManagedMap;
import io.multijvm.manager.Manager;
import io.multijvm.process.JvmProcess;
import java.util.stream.IntStream;

/**
 * Four named children, each a fresh JVM, write under their names and their pids into one dict.
 *
 * <p>Expect: each child counts up under both of its keys, so that the dict has eight in the end, and nobody has overwritten
 * what is another one's.
 */
public final class ManagerNames {
    private static final int[] COUNTS = {10, 12, 13, 14};

    private ManagerNames() {}

    public static void main(String[] args) throws Exception {
        try (Context context = MultiJvm.getContext(StartMethod.SPAWN);
                Manager manager = context.manager()) {
            ManagedMap<Object, Integer> dict = manager.dict();
            var children = IntStream.range(0, COUNTS.length)
                    .mapToObj(i -> context.process("process " + (i + 1), () -> count(dict, COUNTS[i])))
                    .toList();
            children.forEach(JvmProcess::start);
            for (var child : children) {
                child.joinOrThrow();
            }

            for (var child : children) {
                System.out.println(child.name() + ": " + dict.get(child.name()) + " under its name, "
                        + dict.get(child.pid()) + " under its pid");
            }
            System.out.println("keys: " + dict.size());
        }
    }

    private static void count(ManagedMap<Object, Integer> dict, int last) {
        var self = MultiJvm.currentProcess();
        for (int i = 0; i <= last; i++) {
            dict.put(self.pid(), i);
            dict.put(self.name(), i);
        }
    }
}
