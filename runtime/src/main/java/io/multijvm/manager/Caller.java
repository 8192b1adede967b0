package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import java.time.Duration;

/**
 * A thread of a client: who holds what belongs to threads.
 *
 * @param thread its number in the client
 */
record Caller(Session client, long thread) {
    /** Who calls, of a verb whose argument {@code index} is the thread. */
    static Caller of(Call call, int index) {
        return new Caller(call.caller(), call.<Long>argument(index));
    }

    /** How long the caller will wait, of a verb whose argument {@code index} says that in nanoseconds. */
    static Deadline deadline(Call call, int index) {
        return Deadline.after(Duration.ofNanos(call.<Long>argument(index)));
    }
}
