package io.multijvm.samples;

import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Two threads that take two locks in opposite order block each other for ever, unless they give up; one reentrant lock in
 * the place of both is a way out, as its holder may take it again.
 *
 * <p>Expect: noodles and fork are taken by one diner each, both wait for the other thing and give up; with one lock for both
 * ten diners eat one after the other. A reentrant lock is taken five times and free after five releases; what is not
 * reentrant cannot be had twice by the same thread.
 */
public final class ThreadDeadlockRlock {
    private ThreadDeadlockRlock() {}

    public static void main(String[] args) throws InterruptedException {
        System.out.println("opposite order:");
        var fork = new ReentrantLock();
        var noodles = new ReentrantLock();
        var both = new CyclicBarrier(2);
        runAll(List.of(
                new Thread(() -> grab(fork, noodles, both), "fork first"),
                new Thread(() -> grab(noodles, fork, both), "noodles first")));

        System.out.println("one reentrant lock for both:");
        var either = new ReentrantLock();
        runAll(IntStream.range(0, 10)
                .mapToObj(i -> new Thread(() -> eat(either, either), "diner " + i))
                .toList());

        System.out.println("nested:");
        var nested = new ReentrantLock();
        IntStream.range(0, 5).forEach(i -> nested.lock());
        System.out.println("held " + nested.getHoldCount() + " times");
        IntStream.range(0, 5).forEach(i -> nested.unlock());
        System.out.println("held after five releases: " + nested.isLocked());
        var plain = new Semaphore(1);
        System.out.println("not reentrant, first time: " + plain.tryAcquire() + ", second time: "
                + plain.tryAcquire(50, TimeUnit.MILLISECONDS));
    }

    /** Takes one lock, and when the other thread has the other, tries to get that as well. */
    private static void grab(Lock first, Lock second, CyclicBarrier both) {
        var name = Thread.currentThread().getName();
        first.lock();
        try {
            both.await();
            if (second.tryLock(100, TimeUnit.MILLISECONDS)) {
                second.unlock();
                System.out.println(name + " eats");
            } else {
                System.out.println(name + " gives up");
            }
            both.await(); // nobody lets go before both have tried
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(name + " was disturbed", e);
        } finally {
            first.unlock();
        }
    }

    private static void eat(Lock fork, Lock noodles) {
        var name = Thread.currentThread().getName();
        fork.lock();
        try {
            System.out.println(name + " has the fork");
            noodles.lock();
            try {
                System.out.println(name + " eats");
            } finally {
                noodles.unlock();
            }
        } finally {
            fork.unlock();
        }
    }

    private static void runAll(List<Thread> threads) throws InterruptedException {
        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }
    }
}
