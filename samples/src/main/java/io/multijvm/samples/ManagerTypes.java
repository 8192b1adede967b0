package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.manager.ManagedBoundedSemaphore;
import io.multijvm.manager.ManagedLock;
import io.multijvm.manager.ManagedReentrantLock;
import io.multijvm.manager.ManagedSemaphore;
import io.multijvm.manager.Manager;
import io.multijvm.process.Target;
import io.multijvm.sync.Guard;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Each type of a manager, used by a child and by its parent.
 *
 * <p>Expect: a line for each type with what the parent finds when the child has done its part.
 */
public final class ManagerTypes {
    private ManagerTypes() {}

    public static void main(String[] args) throws Exception {
        try (Manager manager = MultiJvm.manager()) {
            collections(manager);
            values(manager);
            locks(manager);
            meetings(manager);
            queues(manager);
            pool(manager);
        }
    }

    private static void inAChild(Target target) throws InterruptedException {
        var child = MultiJvm.process(target);
        child.start();
        child.joinOrThrow();
    }

    private static void collections(Manager manager) throws Exception {
        var list = manager.list(List.of(3, 1, 2));
        var dict = manager.dict(Map.of("a", 1));
        var set = manager.set(List.of("x"));
        inAChild(() -> {
            list.sort(null);
            list.add(4);
            dict.put("b", 2);
            set.add("y");
            set.add("x");
        });
        System.out.println("list: " + list);
        System.out.println("dict: " + dict);
        System.out.println("set: " + set);
    }

    private static void values(Manager manager) throws Exception {
        var namespace = manager.namespace();
        var value = manager.value('i', 1);
        var array = manager.array('d', List.of(1.0, 2.0, 3.0));
        inAChild(() -> {
            namespace.set("name", "Bob");
            value.set(value.get() + 41);
            array.set(1, 2.5);
        });
        System.out.println("Namespace: " + namespace);
        System.out.println("Value: " + value.get());
        System.out.println("Array: " + array.copy());
    }

    @SuppressWarnings("try") // a guard is not looked at
    private static void locks(Manager manager) throws Exception {
        var lock = manager.lock();
        var rlock = manager.rlock();
        var semaphore = manager.semaphore(2);
        var bounded = manager.boundedSemaphore(1);
        try (Guard locked = lock.guard();
                Guard once = rlock.guard();
                Guard twice = rlock.guard();
                Guard permit = semaphore.guard()) {
            inAChild(() -> tryAll(lock, rlock, semaphore, bounded));
            System.out.println("RLock: held " + rlock.holdCount() + " times");
        }
        System.out.println("Semaphore: free " + semaphore.availablePermits());
    }

    private static void tryAll(
            ManagedLock lock, ManagedReentrantLock rlock, ManagedSemaphore semaphore, ManagedBoundedSemaphore bounded)
            throws InterruptedException {
        System.out.println("Lock, child: had " + lock.tryLock());
        System.out.println("RLock, child: had " + rlock.acquire(Duration.ofMillis(1)));
        System.out.println("Semaphore, child: had " + semaphore.tryAcquire() + ", once more " + semaphore.tryAcquire());
        semaphore.release();
        try {
            bounded.release();
        } catch (IllegalStateException e) {
            System.out.println("BoundedSemaphore, child: refuses a release too many");
        }
    }

    private static void meetings(Manager manager) throws Exception {
        var condition = manager.condition();
        var event = manager.event();
        var barrier = manager.barrier(2);
        var numbers = manager.list(List.<Integer>of());
        var child = MultiJvm.process(() -> {
            event.await();
            System.out.println("Event, child: set");
            barrier.await();
            condition.acquire();
            numbers.add(7);
            condition.signal();
            condition.release();
        });
        child.start();
        event.set();
        barrier.await();
        System.out.println("Barrier: both are there");
        condition.acquire();
        boolean there = condition.waitFor(() -> !numbers.isEmpty(), Duration.ofSeconds(30));
        condition.release();
        System.out.println("Condition: " + there + ", " + numbers);
        child.joinOrThrow();
    }

    private static void queues(Manager manager) throws Exception {
        var queue = manager.<String>queue(3);
        var joinable = manager.<String>joinableQueue();
        var lifo = manager.<String>lifoQueue(0);
        var priority = manager.<Integer>priorityQueue(0);
        joinable.put("task");
        var child = MultiJvm.process(() -> {
            for (String item : List.of("a", "b", "c")) {
                queue.put(item);
                lifo.put(item);
            }
            priority.addAll(List.of(3, -5, 1));
            System.out.println("JoinableQueue, child: has got " + joinable.get());
            joinable.taskDone();
        });
        child.start();
        joinable.join();
        System.out.println("JoinableQueue: all is done, unfinished " + joinable.unfinished());
        child.joinOrThrow();
        System.out.println("Queue: " + queue + ", full " + queue.full() + ", first " + queue.get());
        System.out.println("LIFO queue: " + lifo);
        System.out.println("priority queue: " + priority);
    }

    private static void pool(Manager manager) throws Exception {
        var squares = manager.<Integer>list();
        try (var pool = manager.pool(2)) {
            inAChild(() -> squares.addAll(pool.<Integer, Integer>map(ManagerTypes::square, List.of(1, 2, 3))));
        }
        System.out.println("Pool: " + squares);
    }

    private static int square(int number) {
        return number * number;
    }
}
