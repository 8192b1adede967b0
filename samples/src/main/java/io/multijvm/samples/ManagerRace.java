package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.manager.ManagedMap;
import io.multijvm.manager.Manager;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessBarrier;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.stream.IntStream;

/**
 * Reading an entry and writing it back minus one are two calls of the server: between them others make theirs.
 *
 * <p>Expect: twenty children that all read before the first one writes make 99 of 100; under a lock, be it of the manager or
 * not, they make 80; and so they do with {@code merge}, whose function runs in the server, in one call that needs no lock.
 */
public final class ManagerRace {
    private static final int CHILDREN = 20;
    private static final String COUNT = "count";

    private ManagerRace() {}

    public static void main(String[] args) throws Exception {
        try (Manager manager = MultiJvm.manager()) {
            var together = MultiJvm.barrier(CHILDREN);
            var processLock = MultiJvm.lock();
            var managedLock = manager.lock();
            var unlocked = hundred(manager);
            var locked = hundred(manager);
            var lockedByManager = hundred(manager);
            var merged = hundred(manager);
            var children = IntStream.range(0, CHILDREN)
                    .mapToObj(n -> MultiJvm.process(() -> {
                        decrement(unlocked, together);
                        decrement(locked, processLock);
                        decrement(lockedByManager, managedLock);
                        merged.merge(COUNT, -1, Integer::sum);
                    }))
                    .toList();
            children.forEach(JvmProcess::start);
            for (var child : children) {
                child.joinOrThrow();
            }
            System.out.println("without a lock: " + unlocked);
            System.out.println("with a lock between processes: " + locked);
            System.out.println("with a lock of the manager: " + lockedByManager);
            System.out.println("with merge: " + merged);
        }
    }

    private static ManagedMap<String, Integer> hundred(Manager manager) {
        ManagedMap<String, Integer> dict = manager.dict();
        dict.put(COUNT, 100);
        return dict;
    }

    private static void decrement(ManagedMap<String, Integer> dict, ProcessBarrier allHaveRead) throws Exception {
        int seen = dict.getOrDefault(COUNT, 0);
        allHaveRead.await();
        dict.put(COUNT, seen - 1);
    }

    private static void decrement(ManagedMap<String, Integer> dict, Lock lock) {
        lock.lock();
        try {
            int seen = dict.getOrDefault(COUNT, 0);
            Work.pretend(Duration.ofMillis(2));
            dict.put(COUNT, seen - 1);
        } finally {
            lock.unlock();
        }
    }
}
