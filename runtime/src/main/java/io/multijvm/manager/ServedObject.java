package io.multijvm.manager;

import org.jspecify.annotations.Nullable;

/** An object in a manager's server. Any number of threads call it at a time; it looks after itself. */
abstract class ServedObject {
    /** Carries a call out; the result is copied to the caller, but for objects of managers, which are referred to. */
    abstract @Nullable Object serve(Call call) throws Exception;

    /**
     * A process that {@link Session#watch} was called for has ended: in order, or by being killed. What it held here is to
     * be freed.
     */
    void clientGone(Session client, boolean inOrder) {}

    /** The server is being shut down: what is not of this process, other processes say, is to be ended. */
    void serverEnds() {}
}
