package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A flag in a manager's server that threads of all processes set, clear, and wait for. Who waits when it is set is released,
 * even if it is cleared at once. Python: {@code manager.Event()}.
 */
public final class ManagedEvent extends AbstractProxy<EventObject.Verb> {
    private static final long serialVersionUID = 1;

    ManagedEvent(Remote remote) {
        super(remote);
    }

    /** Sets the flag, and releases everybody who waits. */
    public void set() {
        Object ignored = call(EventObject.Verb.SET);
    }

    /** Has those who come from now on wait. */
    public void clear() {
        Object ignored = call(EventObject.Verb.CLEAR);
    }

    /** Whether who comes now does not wait. */
    public boolean isSet() {
        return call(EventObject.Verb.IS_SET);
    }

    /**
     * Waits until the flag is set.
     *
     * @throws InterruptedException when the thread is interrupted before or while waiting
     */
    public void await() throws InterruptedException {
        boolean ignored = await((Duration) null);
    }

    /** Waits up to {@code timeout}, null for ever; returns whether the flag was set. */
    public boolean await(@Nullable Duration timeout) throws InterruptedException {
        return callInterruptibly(EventObject.Verb.AWAIT, Deadline.after(timeout).remainingNanos());
    }

    /** As {@link #await(Duration)}. */
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        return await(Duration.ofNanos(unit.toNanos(timeout)));
    }

    /** How many threads wait at this moment. */
    int waiting() {
        return call(EventObject.Verb.WAITING);
    }

    /** Two of these are equal when they are the same event of the same server. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ManagedEvent event && event.remote().equals(remote());
    }

    @Override
    public int hashCode() {
        return remote().hashCode();
    }

    @Override
    public String toString() {
        return "ManagedEvent[" + remote() + "]";
    }
}
