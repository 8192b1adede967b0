package io.multijvm.benchmarks;

import io.multijvm.sync.ProcessBarrier;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.sync.ProcessLock;
import java.time.Duration;

/** What the other processes do in the area {@code sync}. */
final class SyncTasks {
    private static final int BETWEEN_LOOKS = 64; // at the clock

    private SyncTasks() {}

    /** Locks and unlocks for so long from the moment given on, which is the same for all; returns how often. */
    static Partner.Task contend(ProcessLock lock, Duration window) {
        return begin -> {
            long end = begin + window.toNanos();
            while (System.nanoTime() - begin < 0) {
                Thread.onSpinWait();
            }
            long count = 0;
            for (; System.nanoTime() - end < 0; count += BETWEEN_LOOKS) {
                Loops.lock(lock, BETWEEN_LOOKS);
            }
            return count;
        };
    }

    /** Returns the moment at which the event was seen. */
    static Partner.Task awaitEvent(ProcessEvent event) {
        return ignored -> {
            event.await();
            return System.nanoTime();
        };
    }

    static Partner.Task awaitBarrier(ProcessBarrier barrier) {
        return times -> {
            Loops.await(barrier, times);
            return times;
        };
    }
}
