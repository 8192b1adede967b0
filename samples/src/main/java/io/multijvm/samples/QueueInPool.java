package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import io.multijvm.queue.ProcessQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A queue is an argument like any other, for the tasks of a pool as well. In Python it is not: there it takes a manager.
 *
 * <p>Expect: ten tasks put their number into a queue they were given, the parent gets all ten.
 */
public final class QueueInPool {
    private static final int TASKS = 10;

    private QueueInPool() {}

    public static void main(String[] args) throws Exception {
        ProcessQueue<Integer> queue = MultiJvm.queue();
        try (queue;
                var pool = MultiJvm.pool(3)) {
            List<AsyncResult<@Nullable Void>> results = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                results.add(pool.applyAsync(() -> put(queue, n)));
            }
            var got = new TreeSet<Integer>();
            while (got.size() < TASKS) {
                got.add(queue.get());
            }
            for (var result : results) {
                result.get();
            }
            System.out.println("got from the plain queue: " + got + ", left: " + queue.qsize());
        }
    }

    private static void put(ProcessQueue<Integer> queue, int n) throws InterruptedException {
        queue.put(n);
        System.out.println("process " + ProcessHandle.current().pid() + " has put " + n);
    }
}
