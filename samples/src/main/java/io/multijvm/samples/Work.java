package io.multijvm.samples;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Stands for work of a known length, so that a sample shows the order in which things happen. */
final class Work {
    private Work() {}

    /** Keeps the caller busy for {@code length}; ends early, with the flag still set, when it is interrupted. */
    static void pretend(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            LockSupport.parkNanos(left);
        }
    }
}
