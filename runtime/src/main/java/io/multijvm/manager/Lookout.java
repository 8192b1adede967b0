package io.multijvm.manager;

import io.multijvm.ipc.Patience;
import io.multijvm.ipc.sync.EventCount;

/** Looks for something in shared memory, as long as {@link Patience} lets it, before somebody sleeps for it. */
final class Lookout {
    private final Patience patience = new Patience();

    /** Whether {@code what} is there, now or soon. */
    @SuppressWarnings("ThreadPriorityCheck") // quick either way; nothing depends on it
    boolean sees(EventCount.Awaited what) {
        if (what.isThere()) {
            return true;
        }
        int most = patience.nanos();
        if (most == 0) {
            return false;
        }
        long begin = System.nanoTime();
        while (true) {
            Thread.yield();
            boolean there = what.isThere();
            long elapsed = System.nanoTime() - begin;
            if (elapsed >= most) {
                patience.failed(elapsed);
                return there;
            }
            if (there) {
                patience.paid();
                return true;
            }
        }
    }
}
