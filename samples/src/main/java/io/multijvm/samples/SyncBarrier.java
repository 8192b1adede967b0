package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessBarrier;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A barrier lets its parties go on when all of them have come.
 *
 * <p>Expect: three parties arrive, the action runs once, then all three leave, each with a place of its own from 2 (the
 * first to come) to 0. Aborting the barrier is an error for those who wait, and for those who come later until it is
 * reset; resetting it is an error for those who wait, and it is as new afterwards.
 */
public final class SyncBarrier {
    private static final int PARTIES = 3;

    private SyncBarrier() {}

    public static void main(String[] args) throws Exception {
        var meeting = MultiJvm.barrier(PARTIES, () -> System.out.println("all have come"));
        join(startedAll(PARTIES, n -> MultiJvm.process("party " + n, () -> meet(meeting))));

        var barrier = MultiJvm.barrier(PARTIES);
        var early = waiting(barrier);
        System.out.println("abort:");
        barrier.abort();
        join(early);
        System.out.println("broken: " + barrier.isBroken());
        join(startedAll(1, n -> MultiJvm.process("latecomer", () -> meet(barrier))));
        barrier.reset();
        System.out.println("after reset, broken: " + barrier.isBroken());

        early = waiting(barrier);
        System.out.println("reset:");
        barrier.reset();
        join(early);
        System.out.println("broken: " + barrier.isBroken());
        join(startedAll(PARTIES, n -> MultiJvm.process("newcomer " + n, () -> meet(barrier))));
    }

    private static Iterable<JvmProcess> startedAll(int count, IntFunction<JvmProcess> process) {
        var all = IntStream.range(0, count).mapToObj(process).toList();
        all.forEach(JvmProcess::start);
        return all;
    }

    private static void join(Iterable<JvmProcess> processes) throws InterruptedException {
        for (var process : processes) {
            process.join();
        }
    }

    /** All parties but one, seen to wait. */
    private static Iterable<JvmProcess> waiting(ProcessBarrier barrier) {
        var early = startedAll(PARTIES - 1, n -> MultiJvm.process("waiter " + n, () -> meet(barrier)));
        while (barrier.numberWaiting() < PARTIES - 1) {
            Work.pretend(Duration.ofMillis(1));
        }
        return early;
    }

    private static void meet(ProcessBarrier barrier) throws InterruptedException {
        var name = MultiJvm.currentProcess().name();
        System.out.println(name + " arrives");
        try {
            int place = barrier.await();
            System.out.println(name + " leaves, place " + place);
        } catch (BrokenBarrierException e) {
            System.out.println(name + " is told that the barrier is broken");
        }
    }
}
