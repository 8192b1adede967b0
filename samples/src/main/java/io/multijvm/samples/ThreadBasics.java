package io.multijvm.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads as the JDK has them: start and join, names, {@code isAlive}, a subclass, a daemon, and one heap for all.
 *
 * <p>Expect: each thread says its name; what they write into one list is there for all of them; Ping and Pong count with one
 * counter, so that there are five words in all, where processes ({@link ProcPingpong}) say five each. The daemon never says
 * its last line: the program does not wait for it.
 */
public final class ThreadBasics {
    private static final List<String> HEARD = new ArrayList<>(); // guarded by itself
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private ThreadBasics() {}

    public static void main(String[] args) throws InterruptedException {
        startAndJoin();
        nameAndSubclass();
        shareCounter();

        var daemon = new Thread(ThreadBasics::runForEver, "daemon");
        daemon.setDaemon(true);
        daemon.start();
        System.out.println("main code ends in thread " + Thread.currentThread().getName() + ", daemon is alive: "
                + daemon.isAlive());
    }

    private static void startAndJoin() throws InterruptedException {
        var mayEnd = new CountDownLatch(1);
        var sum = new AtomicLong();
        var thread = new Thread(() -> {
            for (int i = 1; i < 10; i++) {
                sum.addAndGet(i);
            }
            awaitQuietly(mayEnd);
        });
        System.out.println("alive before start: " + thread.isAlive());
        thread.start();
        System.out.println("alive after start: " + thread.isAlive());
        mayEnd.countDown();
        thread.join();
        System.out.println("alive after join: " + thread.isAlive() + ", sum of 1 to 9: " + sum.get());
    }

    private static void nameAndSubclass() throws InterruptedException {
        var unnamed = new Thread(() -> hear("nothing"));
        System.out.println("a default name: " + unnamed.getName());
        var threads = List.of(unnamed, new Listener("music", "a song"), new Listener("movie", "a film"));
        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }
        synchronized (HEARD) {
            HEARD.sort(null);
            System.out.println("in the list of all threads: " + HEARD);
        }
    }

    /** A thread as a class with a field and run(). */
    private static final class Listener extends Thread {
        private final String what;

        Listener(String name, String what) {
            super(name);
            this.what = what;
        }

        @Override
        public void run() {
            System.out.println("thread " + Thread.currentThread().getName() + " hears " + what);
            hear(what);
        }
    }

    private static void hear(String what) {
        synchronized (HEARD) {
            HEARD.add(what);
        }
    }

    private static void shareCounter() throws InterruptedException {
        var ping = new Thread(() -> count("Ping"));
        var pong = new Thread(() -> count("Pong"));
        ping.start();
        pong.start();
        ping.join();
        pong.join();
    }

    private static void count(String word) {
        while (COUNTER.getAndIncrement() < 5) {
            System.out.println(word);
        }
    }

    private static void runForEver() {
        awaitQuietly(new CountDownLatch(1));
        System.out.println("this line never comes");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
