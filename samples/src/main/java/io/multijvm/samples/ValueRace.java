package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedValue;
import io.multijvm.sync.ProcessBarrier;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * Reading a value and writing it back plus one are two steps: between them other processes do the same.
 *
 * <p>Expect: twenty children that all read before the first one writes make 1 of 0; under the lock of the value they
 * make 20; and a thousand times each with an atomic operation, which is one step and needs no lock, they make 20000.
 */
public final class ValueRace {
    private static final int CHILDREN = 20;

    private ValueRace() {}

    public static void main(String[] args) throws Exception {
        var together = MultiJvm.barrier(CHILDREN);
        var unlocked = MultiJvm.value('i', 0);
        var locked = MultiJvm.value('i', 0);
        var atomic = SharedInt.of(0);
        var children = IntStream.range(0, CHILDREN)
                .mapToObj(n -> MultiJvm.process(() -> {
                    addOne(unlocked, together);
                    together.await();
                    addOneLocked(locked);
                    addManyAtomically(atomic);
                }))
                .toList();
        children.forEach(JvmProcess::start);
        for (var child : children) {
            child.join();
        }
        System.out.println("without the lock: " + unlocked.get());
        System.out.println("with the lock: " + locked.get());
        System.out.println("with atomic operations: " + atomic.get());
    }

    private static void addOne(SharedValue<Integer> value, ProcessBarrier allHaveRead) throws Exception {
        int seen = value.get();
        allHaveRead.await();
        value.set(seen + 1);
    }

    private static void addOneLocked(SharedValue<Integer> value) {
        value.getLock().lock();
        try {
            int seen = value.get();
            Work.pretend(Duration.ofMillis(5));
            value.set(seen + 1);
        } finally {
            value.getLock().unlock();
        }
    }

    private static void addManyAtomically(SharedInt atomic) {
        for (int i = 0; i < 1000; i++) {
            atomic.incrementAndGet();
        }
    }
}
