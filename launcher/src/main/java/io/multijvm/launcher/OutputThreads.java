package io.multijvm.launcher;

import java.util.HashMap;
import java.util.Map;

/**
 * The threads that pass on the output of children: one for each {@link Output}, so that a destination that is slow, or a
 * consumer that does not return, holds up nothing but what goes there.
 */
final class OutputThreads implements AutoCloseable {
    private static final String NAME = "multijvm-output";

    private final Map<Output, Use> used = new HashMap<>(); // by identity; guarded by this

    private static final class Use {
        final Monitor monitor = Monitor.start(NAME);
        int relays;
    }

    /** The thread for what goes to {@code to}, until it is released. */
    synchronized Monitor acquire(Output to) {
        Use use = used.get(to);
        if (use == null) {
            use = new Use();
            used.put(to, use);
        }
        use.relays++;
        return use.monitor;
    }

    /** Ends the thread when nothing goes to {@code to} any more; those that most children use stay. */
    synchronized void release(Output to) {
        Use use = used.get(to);
        if (use != null && --use.relays == 0 && !to.isCommon()) {
            used.remove(to);
            use.monitor.close();
        }
    }

    /** Has output flow on that goes to a consumer which has called {@link System#exit}; it is discarded. */
    synchronized void replaceExiting() {
        used.values().forEach(use -> use.monitor.replaceExiting());
    }

    /** Ends each thread when the output that it passes on has ended. */
    @Override
    public synchronized void close() {
        used.values().forEach(use -> use.monitor.close());
        used.clear();
    }
}
