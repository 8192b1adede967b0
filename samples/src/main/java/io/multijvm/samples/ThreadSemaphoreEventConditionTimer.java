package io.multijvm.samples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * The other tools for threads: semaphore, event, condition and timer.
 *
 * <p>Expect: twenty soldiers and five seats, never more than five are taken; cars that go when the light is green; a database
 * that is there at the third try; of ten that wait for a condition as many go on as are told to; and something that happens
 * later. A latch is Python's event, as long as nobody clears it.
 */
public final class ThreadSemaphoreEventConditionTimer {
    private ThreadSemaphoreEventConditionTimer() {}

    public static void main(String[] args) throws InterruptedException {
        takeSeats();
        waitForGreen();
        connect();
        tellSome();
        explodeLater();
    }

    private static void takeSeats() throws InterruptedException {
        var seats = new Semaphore(5);
        var allTaken = new CountDownLatch(5);
        joinAll(startAll(20, "soldier", () -> {
            seats.acquire();
            System.out.println(Thread.currentThread().getName() + " sits down");
            allTaken.countDown();
            allTaken.await();
            System.out.println(Thread.currentThread().getName() + " gets up");
            seats.release();
        }));
    }

    private static void waitForGreen() throws InterruptedException {
        System.out.println("light: red");
        var stopped = new CountDownLatch(20);
        var green = new CountDownLatch(1);
        var cars = startAll(20, "car", () -> {
            System.out.println(Thread.currentThread().getName() + " waits");
            stopped.countDown();
            green.await();
            System.out.println(Thread.currentThread().getName() + " drives on");
        });
        stopped.await();
        System.out.println("light: green");
        green.countDown();
        joinAll(cars);
    }

    /** One thread looks for the database, another waits for what it says, three times at most. */
    private static void connect() throws InterruptedException {
        var twoTriesFailed = new CountDownLatch(2);
        var ready = new CountDownLatch(1);
        var checker = startAll(1, "checker", () -> {
            twoTriesFailed.await(); // stands for a network that is slow
            ready.countDown();
        });
        for (int attempt = 1; attempt <= 3; attempt++) {
            // The third waits for as long as it takes, so that this sample says the same on every machine.
            if (ready.await(attempt < 3 ? 50 : 30_000, TimeUnit.MILLISECONDS)) {
                System.out.println("try " + attempt + ": connected");
            } else {
                System.out.println("try " + attempt + ": no database");
                twoTriesFailed.countDown();
            }
        }
        joinAll(checker);
    }

    private static void tellSome() throws InterruptedException {
        var lock = new ReentrantLock();
        var told = lock.newCondition();
        var permits = new int[1]; // guarded by lock; for whoever was woken without being told
        var gone = new Semaphore(0);
        var waiters = startAll(10, "waiter", () -> {
            lock.lock();
            try {
                while (permits[0] == 0) {
                    told.await();
                }
                permits[0]--;
                System.out.println(Thread.currentThread().getName() + " goes on");
                gone.release();
            } finally {
                lock.unlock();
            }
        });
        for (int count : new int[] {3, 7}) {
            tell(lock, told, permits, count);
            gone.acquire(count);
            System.out.println("told " + count + ", and one more goes: " + gone.tryAcquire(50, TimeUnit.MILLISECONDS));
        }
        joinAll(waiters);
    }

    private static void tell(ReentrantLock lock, Condition told, int[] permits, int count) {
        lock.lock();
        try {
            permits[0] += count;
            IntStream.range(0, count).forEach(i -> told.signal());
        } finally {
            lock.unlock();
        }
    }

    private static void explodeLater() throws InterruptedException {
        var timer = Executors.newSingleThreadScheduledExecutor();
        long start = System.nanoTime();
        System.out.println("200 ms to the explosion");
        var explosion = timer.schedule(
                () -> System.out.println("boom after "
                        + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms"),
                200,
                TimeUnit.MILLISECONDS);
        timer.shutdown(); // what was scheduled still happens
        timer.awaitTermination(1, TimeUnit.MINUTES);
        System.out.println("exploded: " + explosion.isDone());
    }

    /** What a thread does. */
    private interface Task {
        void run() throws InterruptedException;
    }

    private static List<Thread> startAll(int count, String name, Task task) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var thread = new Thread(
                    () -> {
                        try {
                            task.run();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    name + " " + i);
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private static void joinAll(List<Thread> threads) throws InterruptedException {
        for (var thread : threads) {
            thread.join();
        }
    }
}
