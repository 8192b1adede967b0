package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.queue.JoinableQueue;
import java.time.Duration;
import java.util.List;

/**
 * A joinable queue counts what was put and is not yet done.
 *
 * <p>Expect: five puts need five taskDone before join returns; to get them is not enough. A sixth taskDone is an error.
 */
public final class QueueJoinableCount {
    private QueueJoinableCount() {}

    public static void main(String[] args) throws InterruptedException {
        JoinableQueue<String> queue = MultiJvm.joinableQueue(5);
        for (var dish : List.of("bun", "soup", "bun", "soup", "bun")) {
            queue.put(dish);
        }
        System.out.println("unfinished: " + queue.unfinished());
        while (!queue.empty()) {
            queue.get();
        }
        System.out.println("unfinished when all have been got: " + queue.unfinished());

        for (int i = 1; i <= 5; i++) {
            System.out.println("join returns: " + queue.join(Duration.ofMillis(50)));
            queue.taskDone();
            System.out.println("taskDone " + i + ", unfinished: " + queue.unfinished());
        }
        queue.join();
        System.out.println("join has returned");
        try {
            queue.taskDone();
            System.out.println("a sixth taskDone works");
        } catch (IllegalStateException e) {
            System.out.println("a sixth taskDone is refused: " + e.getMessage());
        }
    }
}
