package io.multijvm.manager;

import java.lang.ref.Reference;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An object of a manager's server, as a process refers to it; what a proxy is made of. */
final class Remote {
    private final Server server;
    private final long number;
    private final Kind kind;
    private final String detail;
    private final @Nullable Entry entry; // the object itself, where it lives
    private volatile @Nullable Object proxy; // made when asked for

    Remote(Server server, long number, Kind kind, String detail, @Nullable Entry entry) {
        this.server = server;
        this.number = number;
        this.kind = kind;
        this.detail = detail;
        this.entry = entry;
    }

    Server server() {
        return server;
    }

    long number() {
        return number;
    }

    Kind kind() {
        return kind;
    }

    /** What the kind needs to know beside: interfaces, a typecode. */
    String detail() {
        return detail;
    }

    /** The object itself; null in other processes than the one where it lives. */
    @Nullable
    Entry entry() {
        return entry;
    }

    /** The object that programs use. */
    Object proxy() {
        Object known = proxy;
        if (known == null) {
            synchronized (this) {
                known = proxy;
                if (known == null) {
                    known = kind.proxy(this);
                    proxy = known;
                }
            }
        }
        return known;
    }

    /** Calls the object: {@code message} is its number, the verb's, and the arguments. An interrupt waits until it is done. */
    @Nullable
    Object call(@Nullable Object[] message) {
        try {
            return call(message, false);
        } catch (InterruptedException e) {
            throw new AssertionError("not to be interrupted", e);
        }
    }

    /** As {@link #call(Object[])}, if so wanted ended by an interrupt. */
    @Nullable
    Object call(@Nullable Object[] message, boolean interruptibly) throws InterruptedException {
        try {
            return server.call(message, interruptibly);
        } finally {
            Reference.reachabilityFence(this); // as garbage, it would be given back meanwhile
            Reference.reachabilityFence(message);
        }
    }

    Object passed() {
        return server.pass(this, Destination.current());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Remote remote
                && remote.number == number
                && remote.server.id().equals(server.id());
    }

    @Override
    public int hashCode() {
        return Objects.hash(server.id(), number);
    }

    @Override
    public String toString() {
        return kind.pythonName() + (detail.isEmpty() ? "" : " " + detail) + " " + number + " at " + server.address();
    }
}
