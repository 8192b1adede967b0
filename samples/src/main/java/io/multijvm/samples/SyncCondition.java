package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.shared.SharedInt;
import io.multijvm.sync.ProcessCondition;
import io.multijvm.sync.ProcessSemaphore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A condition is a lock together with a place to wait until somebody says that something has changed.
 *
 * <p>Expect: of five waiting processes notify(2) wakes two, and notify(3) the rest. Then two putters add 50 at a time
 * while there are at most 100, and three takers take 20 at a time while there are as many: the count stays between 0 and
 * 150 and ends at 0.
 */
public final class SyncCondition {
    private static final int WAITERS = 5;
    private static final int PUTTERS = 2;
    private static final int PUTS = 6;
    private static final int TAKERS = 3;
    private static final int TAKES = 10;

    private SyncCondition() {}

    public static void main(String[] args) throws Exception {
        wakeSome();
        putAndTake();
    }

    private static void wakeSome() throws InterruptedException {
        var condition = MultiJvm.condition();
        var waiting = MultiJvm.semaphore(0);
        var woken = MultiJvm.semaphore(0);
        List<JvmProcess> waiters = new ArrayList<>();
        for (int i = 0; i < WAITERS; i++) {
            waiters.add(started(MultiJvm.process(() -> waitOnce(condition, waiting, woken))));
        }
        awaitAll(waiting, WAITERS);

        for (int n : List.of(2, 3)) {
            condition.acquire(); // whoever has released "waiting" has, by now, let go of this lock: it waits
            condition.notify(n);
            condition.release();
            awaitAll(woken, n);
            boolean another = woken.acquire(Duration.ofMillis(100));
            System.out.println("notify(" + n + ") has woken " + n + ", and another: " + another);
        }
        for (var waiter : waiters) {
            waiter.join();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // only a notification wakes
    private static void waitOnce(ProcessCondition condition, ProcessSemaphore waiting, ProcessSemaphore woken)
            throws InterruptedException {
        condition.acquire();
        try {
            waiting.release();
            condition.await();
            woken.release();
        } finally {
            condition.release();
        }
    }

    private static void awaitAll(ProcessSemaphore semaphore, int n) throws InterruptedException {
        for (int i = 0; i < n; i++) {
            semaphore.acquire();
        }
    }

    private static void putAndTake() throws InterruptedException {
        var changed = MultiJvm.condition();
        var count = SharedInt.raw(0); // under the lock of the condition
        List<JvmProcess> all = new ArrayList<>();
        for (int i = 0; i < TAKERS; i++) {
            all.add(started(MultiJvm.process("taker " + i, () -> take(changed, count))));
        }
        for (int i = 0; i < PUTTERS; i++) {
            all.add(started(MultiJvm.process("putter " + i, () -> put(changed, count))));
        }
        for (var each : all) {
            each.join();
        }
        System.out.println("in the end: " + count.get());
    }

    private static void put(ProcessCondition changed, SharedInt count) throws InterruptedException {
        for (int i = 0; i < PUTS; i++) {
            changed.acquire();
            try {
                changed.waitFor(() -> count.get() <= 100);
                change(count, 50);
                changed.signalAll();
            } finally {
                changed.release();
            }
        }
    }

    private static void take(ProcessCondition changed, SharedInt count) throws InterruptedException {
        for (int i = 0; i < TAKES; i++) {
            changed.acquire();
            try {
                changed.waitFor(() -> count.get() >= 20);
                change(count, -20);
                changed.signalAll();
            } finally {
                changed.release();
            }
        }
    }

    private static void change(SharedInt count, int difference) {
        count.set(count.get() + difference);
        System.out.println(MultiJvm.currentProcess().name() + ": " + difference + ", count is " + count.get());
    }

    private static JvmProcess started(JvmProcess process) {
        process.start();
        return process;
    }
}
