package io.multijvm.samples;

import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Queues between threads of one process: first in first out, last in first out, by priority; and waiting until everything
 * that was put is done.
 *
 * <p>Expect: 1 2 3, then 3 2 1, then the lowest number, -5, first. A full queue refuses and an empty one has nothing. The
 * workers have done all twelve items when join returns: a {@code Phaser} counts them, as the JDK's queues do not.
 */
public final class ThreadQueues {
    private static final int ITEMS = 12;

    private ThreadQueues() {}

    public static void main(String[] args) throws InterruptedException {
        Queue<Integer> fifo = new LinkedBlockingQueue<>();
        Queue<Integer> lifo = Collections.asLifoQueue(new LinkedBlockingDeque<>());
        for (var queue : List.of(fifo, lifo)) {
            Collections.addAll(queue, 1, 2, 3);
        }
        System.out.println("first in first out: " + drained(fifo));
        System.out.println("last in first out: " + drained(lifo));

        Queue<Entry> byPriority = new PriorityBlockingQueue<>();
        Collections.addAll(
                byPriority, new Entry(10, "111"), new Entry(100, "222"), new Entry(0, "333"), new Entry(-5, "444"));
        System.out.println("by priority: " + drained(byPriority));

        fullAndEmpty();
        putAndTake();
        joinWhenAllIsDone();
    }

    private record Entry(int priority, String text) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return Integer.compare(priority, other.priority);
        }

        @Override
        public String toString() {
            return "(" + priority + ", " + text + ")";
        }
    }

    private static <T> String drained(Queue<T> queue) {
        var text = new StringBuilder();
        for (var item = queue.poll(); item != null; item = queue.poll()) {
            text.append(text.isEmpty() ? "" : " ").append(item);
        }
        return text.toString();
    }

    private static void fullAndEmpty() throws InterruptedException {
        BlockingQueue<Integer> one = new ArrayBlockingQueue<>(1);
        System.out.println("first fits: " + one.offer(1) + ", second fits: " + one.offer(2, 50, TimeUnit.MILLISECONDS));
        try {
            one.add(2);
        } catch (IllegalStateException e) {
            System.out.println("full: " + e.getMessage());
        }
        System.out.println("taken: " + one.remove());
        try {
            one.remove();
        } catch (NoSuchElementException e) {
            System.out.println("empty: nothing to remove, and poll gives " + one.poll());
        }
    }

    /** One thread puts, another takes what it has put, in the same order. */
    private static void putAndTake() throws InterruptedException {
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(3);
        var putter = started("putter", () -> {
            for (int i = 0; i < 10; i++) {
                queue.put(i);
            }
        });
        var taker = started("taker", () -> {
            var taken = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                taken.append(' ').append(queue.take());
            }
            System.out.println("taken in order:" + taken);
        });
        putter.join();
        taker.join();
    }

    private static void joinWhenAllIsDone() {
        BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        var unfinished = new Phaser(1); // a party for each item, and one for who waits
        var done = new AtomicInteger();
        for (int worker = 0; worker < 3; worker++) {
            started("worker " + worker, () -> {
                while (true) {
                    int item = queue.take();
                    System.out.println(Thread.currentThread().getName() + " does " + item);
                    done.incrementAndGet();
                    unfinished.arriveAndDeregister(); // taskDone
                }
            });
        }
        IntStream.range(0, ITEMS).forEach(item -> {
            unfinished.register();
            queue.add(item);
        });
        unfinished.arriveAndAwaitAdvance(); // join
        System.out.println("done when join returns: " + done.get() + ", workers still wait");
    }

    /** What a thread does. */
    private interface Task {
        void run() throws InterruptedException;
    }

    /** A daemon: the workers wait for ever. */
    private static Thread started(String name, Task task) {
        var thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
