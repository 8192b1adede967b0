package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The server of a manager, as this process reaches it: over connections, or, if it is this process, by itself. */
abstract class Server {
    /** The object that stands for the server itself; see {@link ServerVerb}. */
    static final long ITSELF = 0;

    private final UUID id;

    Server(UUID id) {
        this.id = id;
    }

    /** What no other server ever has. */
    final UUID id() {
        return id;
    }

    /** Where it listens, as text; see {@link Addresses}. */
    abstract String address();

    /**
     * Has {@code message} served: an object's number, a verb's, and arguments. What is thrown there is thrown here.
     *
     * @throws InterruptedException if so wanted, when this thread is interrupted before the call was done
     */
    abstract @Nullable Object call(@Nullable Object[] message, boolean interruptibly) throws InterruptedException;

    /** What its clients prove to know. */
    abstract byte[] key() throws IOException;

    /** Waits until the server has ended; returns whether that came before the deadline. */
    abstract boolean awaitEnd(Deadline deadline) throws InterruptedException;

    /** What stands for the server itself. */
    final Remote itself() {
        return new Remote(this, ITSELF, Kind.MANAGER, "", null);
    }

    /** Asks the server itself for something. */
    final @Nullable Object ask(ServerVerb verb, @Nullable Object... arguments) {
        var message = new @Nullable Object[2 + arguments.length];
        message[0] = ITSELF;
        message[1] = verb.ordinal();
        System.arraycopy(arguments, 0, message, 2, arguments.length);
        return itself().call(message);
    }

    /** Prepares {@code remote}, an object of this server, for a journey to {@code destination}. */
    abstract Passed pass(Remote remote, @Nullable Object destination);

    /** The object that has arrived here, counted if it comes from the server itself. */
    abstract Remote arrived(Passed passed);
}
