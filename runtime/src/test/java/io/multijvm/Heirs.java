package io.multijvm;

import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.sync.ProcessEvent;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** A process with a plug-in puts two objects of its class and ends when one is taken; the other is taken elsewhere. */
final class Heirs {
    private Heirs() {}

    public static void main(String[] args) throws InterruptedException {
        ProcessQueue<Object> queue = MultiJvm.queue();
        ProcessEvent taken = MultiJvm.event();
        String plugin = args[0];
        JvmProcess owner = MultiJvm.process(() -> {
            var loader = new URLClassLoader(new URL[] {Path.of(plugin).toUri().toURL()});
            var constructor = Class.forName("Main", true, loader).getConstructor(int.class);
            queue.put(constructor.newInstance(1));
            queue.put(constructor.newInstance(2));
            taken.await();
        });
        owner.start();
        System.out.println(queue.take());
        taken.set();
        owner.joinOrThrow();
        Target heir = () -> System.out.println(queue.take());
        try (JvmProcess child = MultiJvm.process(heir)) {
            child.start();
            child.joinOrThrow();
        }
    }
}
