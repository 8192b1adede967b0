package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.queue.ProcessQueue;
import java.util.List;

/**
 * A child puts, its parent gets: while the child runs, and after it has ended.
 *
 * <p>Expect: the parent waits for the list the child puts. Then it gets all ten numbers of a child that has ended before
 * the first get: what is in a queue needs no process to keep it.
 */
public final class QueueParentChild {
    private static final int NUMBERS = 10;

    private QueueParentChild() {}

    public static void main(String[] args) throws InterruptedException {
        whileTheChildRuns();
        afterTheChildHasEnded();
    }

    private static void whileTheChildRuns() throws InterruptedException {
        ProcessQueue<List<Object>> queue = MultiJvm.queue();
        var child = MultiJvm.process(
                () -> queue.put(List.of(MultiJvm.currentProcess().pid(), "from Eva", "hello")));
        child.start();
        var got = queue.get();
        System.out.println("got " + got.get(1) + ": " + got.get(2));
        System.out.println("put by the child: " + got.get(0).equals(child.pid()));
        child.join();
    }

    private static void afterTheChildHasEnded() throws InterruptedException {
        ProcessQueue<Integer> queue = MultiJvm.queue();
        var child = MultiJvm.process(() -> {
            for (int i = 0; i < NUMBERS; i++) {
                queue.put(i);
            }
        });
        child.start();
        child.join();
        System.out.println("the child is alive: " + child.isAlive() + ", items: " + queue.qsize());
        for (int i = 0; i < NUMBERS; i++) {
            System.out.println("got " + queue.get());
        }
        System.out.println("empty: " + queue.empty());
    }
}
