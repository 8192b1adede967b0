package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessBarrier;
import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ReentrantProcessLock;
import java.time.Duration;

/**
 * Two transfers, from a to b and from b to a, each of which locks its own account first and the other one then.
 *
 * <p>Expect: with a lock per account each holds what the other wants; a timeout turns the deadlock into an answer. With
 * one reentrant lock for both accounts both transfers complete, one after the other.
 */
public final class SyncDeadlock {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private SyncDeadlock() {}

    public static void main(String[] args) throws Exception {
        var together = MultiJvm.barrier(2);
        var a = MultiJvm.lock();
        var b = MultiJvm.lock();
        System.out.println("a lock for each account:");
        runBoth(
                MultiJvm.process(() -> transfer("a to b", a, b, together)),
                MultiJvm.process(() -> transfer("b to a", b, a, together)));

        var one = MultiJvm.rlock();
        System.out.println("one reentrant lock for both:");
        runBoth(
                MultiJvm.process(() -> transferUnderOne("a to b", one, one, together)),
                MultiJvm.process(() -> transferUnderOne("b to a", one, one, together)));
    }

    private static void runBoth(JvmProcess one, JvmProcess other) throws InterruptedException {
        one.start();
        other.start();
        one.join();
        other.join();
    }

    private static void transfer(String name, ProcessLock from, ProcessLock to, ProcessBarrier together)
            throws Exception {
        from.lock();
        try {
            together.await(); // each has its first lock
            System.out.println(name + " waits for its second lock");
            if (to.acquire(PATIENCE)) {
                System.out.println(name + " has both locks");
                to.release();
            } else {
                System.out.println(name + " gives up");
            }
            together.await(); // the one that gives up first must not help the other
        } finally {
            from.unlock();
        }
    }

    private static void transferUnderOne(
            String name, ReentrantProcessLock from, ReentrantProcessLock to, ProcessBarrier together) throws Exception {
        together.await(); // both want it at the same time
        from.lock();
        try {
            to.lock();
            try {
                System.out.println(name + " has both locks");
                Work.pretend(Duration.ofMillis(50));
                System.out.println(name + " is done");
            } finally {
                to.unlock();
            }
        } finally {
            from.unlock();
        }
    }
}
