package io.multijvm.samples;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;

/**
 * What Python's generators and greenlets do by switching, done with threads that wait for each other: virtual ones where
 * the JDK has them, which cost no more than an object while they wait.
 *
 * <p>Expect: producer and consumer take turns, one item at a time, as nothing is made before it is asked for; so do eating
 * and playing. Three that wait do so at the same time: all begin before the first ends.
 */
public final class CoroutineGenerator {
    private CoroutineGenerator() {}

    public static void main(String[] args) throws Exception {
        System.out.println("virtual threads: " + VirtualThreads.areThere());
        var threads = VirtualThreads.executor();
        try {
            consume(new Generator(threads, 3));
            eatAndPlay(threads);
            waitTogether(threads);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Numbers from 1 on, each made when it is asked for, by a thread that keeps its local variables meanwhile. */
    private static final class Generator implements Iterator<Integer> {
        private final SynchronousQueue<Integer> demands = new SynchronousQueue<>();
        private final SynchronousQueue<Integer> yielded = new SynchronousQueue<>();
        private final int count;
        private int asked;

        Generator(ExecutorService threads, int count) {
            this.count = count;
            threads.execute(this::produce);
        }

        private void produce() {
            try {
                for (int i = 1; i <= count; i++) {
                    demands.take();
                    System.out.println("producer makes " + i);
                    yielded.put(i);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody asks any more
            }
        }

        @Override
        public boolean hasNext() {
            return asked < count;
        }

        @Override
        public Integer next() {
            try {
                demands.put(asked++);
                return yielded.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private static void consume(Iterator<Integer> producer) {
        System.out.println("nothing is made yet");
        while (producer.hasNext()) {
            System.out.println("consumer takes " + producer.next());
        }
    }

    /** Each hands the turn, and a name, to the other. */
    private static void eatAndPlay(ExecutorService threads) throws Exception {
        var turn = new Exchanger<String>();
        var eating = threads.submit(() -> {
            System.out.println("alex eats, first course");
            turn.exchange("egon");
            System.out.println(turn.exchange("") + " eats, second course");
            return turn.exchange("");
        });
        var playing = threads.submit(() -> {
            var name = turn.exchange("");
            System.out.println(name + " plays, first half");
            turn.exchange(name);
            turn.exchange("");
            System.out.println(name + " plays, second half");
            return name;
        });
        eating.get();
        playing.get();
    }

    private static void waitTogether(ExecutorService threads) throws Exception {
        var allWait = new CountDownLatch(3);
        List<Future<Void>> waits = Stream.of("heng", "ha", "hei")
                .map(word -> threads.<Void>submit(() -> {
                    System.out.println(word + " begins");
                    allWait.countDown();
                    allWait.await(); // stands for input or output: the others go on meanwhile
                    System.out.println(word + " ends");
                    return null;
                }))
                .toList();
        for (var wait : waits) {
            wait.get();
        }
    }
}
