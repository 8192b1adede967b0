package io.multijvm.manager;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** An object in a manager's server that each call has to itself, functions that run in it included. */
abstract class ExclusiveObject extends ServedObject {
    private final ObjectMonitor monitor = new ObjectMonitor();

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return alone(() -> serveAlone(call));
    }

    /** As {@link #serve}, with no other call of this object under way. */
    abstract @Nullable Object serveAlone(Call call) throws Exception;

    /** Runs {@code action} with no other call of this object under way. */
    final <T extends @Nullable Object> T alone(Callable<T> action) throws Exception {
        monitor.enter();
        try {
            return action.call();
        } finally {
            monitor.leave();
        }
    }
}
