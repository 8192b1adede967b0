package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.manager.ManagedQueue;
import io.multijvm.manager.Manager;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Tasks that put what they have made into a queue of a manager; the callbacks of their futures take it there.
 *
 * <p>Expect: twenty tasks, twenty items, each taken once, in the parent's process.
 */
public final class ExecutorManagerQueue {
    private static final int TASKS = 20;

    private ExecutorManagerQueue() {}

    public static void main(String[] args) throws Exception {
        var taken = new ConcurrentSkipListSet<Integer>();
        try (Manager manager = MultiJvm.manager();
                var executor = MultiJvm.executor(3)) {
            ManagedQueue<Integer> queue = manager.queue();
            List<CompletableFuture<Void>> callbacks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                callbacks.add(executor.submit(() -> put(queue, n)).thenAccept(pid -> taken.add(queue.getNowait())));
            }
            for (var callback : callbacks) {
                callback.join();
            }
            System.out.println("taken by the callbacks: " + new TreeSet<>(taken) + ", left: " + queue.qsize());
        }
    }

    private static long put(ManagedQueue<Integer> queue, int n) throws InterruptedException {
        queue.put(n);
        return ProcessHandle.current().pid();
    }
}
