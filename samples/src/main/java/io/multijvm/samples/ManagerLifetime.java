package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.manager.Manager;
import io.multijvm.manager.ManagerGoneException;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What is in a manager goes with it. Who closes the manager before its children are joined takes it from them.
 *
 * <p>Expect: a child that is joined has counted down. One that is not is told that the server is gone, when it uses the dict
 * and while it waits at a queue, and so is its parent: at once, and whether the server was shut down or killed.
 */
public final class ManagerLifetime {
    private ManagerLifetime() {}

    public static void main(String[] args) throws Exception {
        joined();
        notJoined(false);
        notJoined(true);
    }

    private static void joined() throws Exception {
        try (Manager manager = MultiJvm.manager()) {
            var dict = manager.dict(Map.of("count", 100));
            var child = MultiJvm.process(() -> {
                int seen = dict.getOrDefault("count", 0);
                dict.put("count", seen - 1);
            });
            child.start();
            child.joinOrThrow();
            System.out.println("joined: " + dict);
        }
    }

    private static void notJoined(boolean kill) throws Exception {
        Manager manager = MultiJvm.manager();
        var dict = manager.dict(Map.of("count", 100));
        var queue = manager.queue();
        var waits = MultiJvm.event();
        String how = kill ? "killed" : "closed";
        var child = MultiJvm.process(() -> {
            waits.set();
            tell("child waits at a queue", how, queue::take);
            tell("child uses the dict", how, () -> dict.get("count"));
        });
        child.start();
        waits.await();
        if (kill) {
            manager.process().orElseThrow().kill();
        } else {
            manager.close();
        }
        child.joinOrThrow();
        tell("parent uses the dict", how, () -> dict.get("count"));
        manager.close();
    }

    private static void tell(String what, String how, Callable<?> use) throws Exception {
        try {
            System.out.println(what + ", manager " + how + ": " + use.call());
        } catch (ManagerGoneException e) {
            System.out.println(what + ", manager " + how + ": " + e.getClass().getSimpleName());
        }
    }
}
