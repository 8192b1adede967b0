package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.process.Target;
import java.io.Serializable;
import java.io.Writer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Spawn starts a fresh JVM that gets the target and its arguments, and nothing else.
 *
 * <p>Expect: the list that main has filled is empty in the child, while the argument arrives; an open file and a thread
 * lock cannot be arguments, and each is refused with an error that names the field.
 */
public final class StartSpawn {
    private static final List<String> names = new ArrayList<>();

    private StartSpawn() {}

    public static void main(String[] args) throws Exception {
        MultiJvm.setStartMethod(StartMethod.SPAWN);
        names.add("from main");

        var argument = "passed as an argument";
        var child = MultiJvm.process(() -> System.out.println("child: names = " + names + ", argument = " + argument));
        child.start();
        child.join();
        System.out.println("parent: names = " + names);

        var file = Files.createTempFile("spawn", ".txt");
        try (Writer writer = Files.newBufferedWriter(file)) {
            tryToStart("an open file", new WithFile(writer)::run);
        } finally {
            Files.delete(file);
        }
        tryToStart("a thread lock", new WithLock(new ReentrantLock())::run);
    }

    private static void tryToStart(String what, Target target) throws InterruptedException {
        try {
            var child = MultiJvm.process(target);
            child.start();
            child.join();
            System.out.println(what + " was passed");
        } catch (IllegalArgumentException e) {
            System.out.println(what + " is refused: " + e.getMessage());
        }
    }

    private record WithFile(Writer openFile) implements Serializable {
        void run() throws Exception {
            openFile.write("from the child");
        }
    }

    private record WithLock(ReentrantLock threadLock) implements Serializable {
        void run() {
            threadLock.lock();
        }
    }
}
