package io.multijvm.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * What threads do to one number without a lock, and what a lock is good for.
 *
 * <p>Expect: ten threads take one each from ten, and nine are left, as all had looked before the first wrote; with a lock none
 * is left. Of an account of 1000 two draw 600 each, and it is overdrawn; with a lock one of them is refused. Adding and
 * subtracting two million times may give anything without a lock, and gives 0 with one.
 */
public final class ThreadRaceLock {
    private static final int TIMES = 2_000_000;

    private static int number;
    private static int balance;

    private ThreadRaceLock() {}

    public static void main(String[] args) throws Exception {
        var lock = new ReentrantLock();

        number = 10;
        var allHaveLooked = new CyclicBarrier(10); // stands for a thread switch at the worst moment
        together(10, () -> take(allHaveLooked));
        System.out.println("ten take one each of ten without a lock, left: " + number);
        number = 10;
        together(10, () -> locked(lock, () -> number--));
        System.out.println("ten take one each of ten with a lock, left: " + number);

        balance = 1000;
        var bothHaveLooked = new CyclicBarrier(2);
        var drawn = together(2, () -> draw(600, bothHaveLooked));
        System.out.println("two draw 600 of 1000 without a lock: " + drawn + ", balance " + balance);
        balance = 1000;
        var alone = new CyclicBarrier(1);
        drawn = together(2, () -> locked(lock, () -> draw(600, alone)));
        drawn.sort(null);
        System.out.println("two draw 600 of 1000 with a lock: " + drawn + ", balance " + balance);

        number = 0;
        addAndSubtract(() -> number++, () -> number--);
        System.out.println("added and subtracted without a lock: " + number + ", chance decides");
        number = 0;
        addAndSubtract(() -> locked(lock, () -> number++), () -> locked(lock, () -> number--));
        System.out.println("added and subtracted with a lock: " + number);
    }

    private static int take(CyclicBarrier allHaveLooked) throws BrokenBarrierException, InterruptedException {
        int seen = number;
        allHaveLooked.await();
        number = seen - 1;
        return number;
    }

    /** Whether there was enough in the account. */
    private static boolean draw(int amount, CyclicBarrier allHaveLooked)
            throws BrokenBarrierException, InterruptedException {
        boolean enough = balance >= amount;
        allHaveLooked.await();
        if (enough) {
            synchronized (ThreadRaceLock.class) { // the error is above: what was seen is no longer so
                balance -= amount;
            }
        }
        return enough;
    }

    private static <T> T locked(ReentrantLock lock, Callable<T> work) throws Exception {
        lock.lock();
        try {
            return work.call();
        } finally {
            lock.unlock();
        }
    }

    /** The results of {@code count} threads that do the same at the same time. */
    private static <T> List<T> together(int count, Callable<T> work) throws Exception {
        return together(IntStream.range(0, count).mapToObj(i -> work).toList());
    }

    private static <T> List<T> together(List<Callable<T>> works) throws Exception {
        var threads = Executors.newFixedThreadPool(works.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(works)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }

    private static void addAndSubtract(Callable<Integer> add, Callable<Integer> subtract) throws Exception {
        together(List.of(() -> repeat(add), () -> repeat(subtract)));
    }

    private static int repeat(Callable<Integer> step) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            step.call();
        }
        return TIMES;
    }
}
