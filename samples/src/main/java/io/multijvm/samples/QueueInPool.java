package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.manager.Manager;
import io.multijvm.pool.AsyncResult;
import io.multijvm.queue.ProcessQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue is an argument like any other, for the tasks of a pool as well. In Python it is not: there it takes a manager.
 *
 * <p>Expect: ten tasks put their number into a queue they were given, a plain one and then a manager's; each time the parent gets all ten.
 */
public final class QueueInPool {
    private static final int TASKS = 10;

    private QueueInPool() {}

    public static void main(String[] args) throws Exception {
        try (ProcessQueue<Integer> plain = MultiJvm.queue();
                Manager manager = MultiJvm.manager()) {
            use("plain", plain);
            use("manager's", manager.queue());
        }
    }

    private static void use(String name, BlockingQueue<Integer> queue) throws Exception {
        try (var pool = MultiJvm.pool(3)) {
            List<AsyncResult<@Nullable Void>> results = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                results.add(pool.applyAsync(() -> put(queue, n)));
            }
            var got = new TreeSet<Integer>();
            while (got.size() < TASKS) {
                got.add(queue.take());
            }
            for (var result : results) {
                result.get();
            }
            System.out.println("got from the " + name + " queue: " + got + ", left: " + queue.size());
        }
    }

    private static void put(BlockingQueue<Integer> queue, int n) throws InterruptedException {
        queue.put(n);
        System.out.println("process " + ProcessHandle.current().pid() + " has put " + n);
    }
}
