package io.multijvm.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A pool of threads: submit, map in order, callbacks, and results as they come.
 *
 * <p>Expect: a result by {@code submit}; squares in the order of the arguments; a callback that runs in the thread that did
 * the work, where a process pool's runs in the parent; 300 urls by ten threads; five tasks whose results come last first.
 */
public final class ThreadPool {
    private ThreadPool() {}

    public static void main(String[] args) throws Exception {
        var pool = Executors.newFixedThreadPool(5);
        try {
            System.out.println("submitted: " + pool.submit(() -> sumTo(5)).get());
            mapInOrder(pool);
            callBack(pool);
            takeAsTheyComplete(pool);
        } finally {
            pool.shutdown();
        }
        fetchAll();
    }

    private static int sumTo(int end) {
        return IntStream.range(0, end).sum();
    }

    private static void mapInOrder(ExecutorService pool) throws Exception {
        List<Integer> squares = new ArrayList<>();
        var tasks = IntStream.range(0, 20)
                .mapToObj(i -> (Callable<Integer>) () -> i * i)
                .toList();
        for (var square : pool.invokeAll(tasks)) {
            squares.add(square.get());
        }
        System.out.println("map: " + squares);
    }

    private static void callBack(ExecutorService pool) {
        var callbackIsThere = new CountDownLatch(1);
        var task = CompletableFuture.supplyAsync(
                () -> {
                    awaitQuietly(callbackIsThere); // else main would run it, when the task is already done
                    System.out.println("task in " + Thread.currentThread().getName());
                    return 42;
                },
                pool);
        var callback = task.thenAccept(result -> System.out.println(
                "callback gets " + result + " in " + Thread.currentThread().getName()));
        callbackIsThere.countDown();
        callback.join();
    }

    private static void takeAsTheyComplete(ExecutorService pool) throws Exception {
        var completed = new ExecutorCompletionService<Integer>(pool);
        var turns =
                IntStream.rangeClosed(0, 5).mapToObj(i -> new CountDownLatch(1)).toList();
        for (int i = 0; i < 5; i++) {
            int task = i;
            completed.submit(() -> {
                turns.get(task + 1).await(); // the last is done first
                return task;
            });
        }
        turns.get(5).countDown();
        for (int i = 0; i < 5; i++) {
            int task = completed.take().get();
            System.out.println("completed: " + task);
            turns.get(task).countDown();
        }
    }

    private static void fetchAll() throws InterruptedException {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        Set<String> fetched = ConcurrentHashMap.newKeySet();
        var allBusy = new CountDownLatch(10);
        var pool = Executors.newFixedThreadPool(10);
        for (int i = 0; i < 300; i++) {
            var url = "www.xxxx-" + i + ".com";
            pool.execute(() -> {
                threads.add(Thread.currentThread().getName());
                allBusy.countDown();
                awaitQuietly(allBusy); // stands for the network: all ten are at work at the same time
                fetched.add(url);
            });
        }
        System.out.println("300 urls on their way");
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.MINUTES);
        System.out.println("urls fetched: " + fetched.size() + ", by threads: " + threads.size());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
