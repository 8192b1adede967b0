package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.process.JvmProcess;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code activeChildren()} lists the children that are alive at this moment.
 *
 * <p>Expect: eight children with name and pid, each waiting for a word from the parent; then they are let go one by
 * one, and the list shrinks to 7, 6, … 0.
 */
public final class ProcActiveChildren {
    private ProcActiveChildren() {}

    public static void main(String[] args) throws Exception {
        Map<JvmProcess, Connection> children = new LinkedHashMap<>();
        for (int i = 1; i <= 8; i++) {
            int number = i;
            var pipe = MultiJvm.pipe(false);
            var go = pipe.reader();
            var child = MultiJvm.process(() -> waitForWord(number, go));
            child.start();
            children.put(child, pipe.writer());
        }
        for (var child : MultiJvm.activeChildren()) {
            System.out.println("child name: " + child.name() + ", pid: " + child.pid());
        }
        System.out.println("active: " + MultiJvm.activeChildren().size());

        for (var entry : children.entrySet()) {
            entry.getValue().send("go");
            entry.getKey().join();
            System.out.println("active: " + MultiJvm.activeChildren().size());
        }
    }

    private static void waitForWord(int number, Connection go) throws Exception {
        var word = go.recv(String.class);
        System.out.println("process " + number + " heard " + word);
    }
}
