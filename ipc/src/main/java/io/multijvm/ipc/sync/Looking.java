package io.multijvm.ipc.sync;

import io.multijvm.ipc.memory.Block;
import java.util.concurrent.locks.LockSupport;

/** Waiting for a word where nobody can wake the one who waits: it looks again and again, at growing intervals. */
final class Looking {
    private static final long SHORTEST_NANOS = 20_000;
    private static final long LONGEST_NANOS = 2_000_000;

    private Looking() {}

    /** What ends a wait beside the word. */
    interface Enough {
        boolean isIt();
    }

    /** As {@link Backend#sleep}; it may also be {@code enough}. */
    static boolean sleep(Block block, int offset, int seen, long nanos, boolean interruptibly, Enough enough) {
        long end = System.nanoTime() + nanos;
        long pause = SHORTEST_NANOS;
        boolean interrupted = false;
        try {
            while (block.getIntVolatile(offset) == seen && !enough.isIt()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(block, Math.min(pause, left));
                pause = Math.min(2 * pause, LONGEST_NANOS);
                if (Thread.currentThread().isInterrupted()) {
                    if (interruptibly) {
                        return true;
                    }
                    interrupted |= Thread.interrupted(); // with it set, parking would return at once
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
