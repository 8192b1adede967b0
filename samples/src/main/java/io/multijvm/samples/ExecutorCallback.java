package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * What is to be done with a result when it is there: the futures are {@code CompletableFuture}s.
 *
 * <p>Expect: callbacks run in the parent's process. While the first one blocks, the workers do all other tasks and their results
 * can be had; the other callbacks follow when it goes on.
 */
public final class ExecutorCallback {
    private static final int TASKS = 20;

    private ExecutorCallback() {}

    public static void main(String[] args) throws Exception {
        System.out.println("main process: " + pid());
        var goOn = new CountDownLatch(1);
        var mayEnd = MultiJvm.event();
        List<CompletableFuture<Void>> callbacks = new ArrayList<>();
        try (var executor = MultiJvm.executor(2)) {
            List<AsyncResult<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                var future = executor.submit(() -> {
                    mayEnd.await();
                    return label(n);
                });
                callbacks.add(future.thenAccept(label -> callback(label, goOn)));
                futures.add(future);
            }
            mayEnd.set();
            int sum = 0;
            for (var future : futures) {
                sum += future.get();
            }
            System.out.println("all tasks are done, sum of the labels: " + sum);
            System.out.println("callbacks done: " + done(callbacks));
            goOn.countDown();
        }
        System.out.println("callbacks done: " + done(callbacks));
    }

    private static long done(List<CompletableFuture<Void>> callbacks) {
        return callbacks.stream().filter(CompletableFuture::isDone).count();
    }

    private static int label(int n) {
        System.out.println("label " + n + " made in " + pid());
        return n;
    }

    private static void callback(int label, CountDownLatch goOn) {
        try {
            goOn.await(); // which is long for the first one only
            System.out.println("callback of " + label + " in " + pid());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }
}
