package io.multijvm.ipc.socket;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.os.Descriptor;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection that carries whole messages, whatever it runs over. Any number of threads may use it at once;
 * every message goes whole to exactly one receiver.
 */
public interface MessageChannel extends Closeable {
    /**
     * Sends one message, with copies of {@code descriptors}, waiting while the other side is far behind.
     *
     * @throws IOException when nobody can receive it any more
     * @throws InterruptedIOException when interrupted while waiting before anything was sent
     */
    void send(byte[] bytes, int offset, int size, List<Descriptor> descriptors) throws IOException;

    /** Sends bytes; see {@link #send(byte[], int, int, List)}. */
    default void send(byte[] bytes) throws IOException {
        send(bytes, 0, bytes.length, List.of());
    }

    /**
     * Receives the next message, waiting for it.
     *
     * @throws EOFException when there is none and every copy of the other end, in every process, is closed
     * @throws InterruptedIOException when interrupted while waiting; nothing is lost
     * @throws HeapExhaustedException when there is not enough memory for it; it is lost, and the next can be received
     */
    MessageSocket.Message receive() throws IOException;

    /** As {@link #receive()}, until {@code deadline}; null when nothing has come by then. */
    MessageSocket.@Nullable Message receive(Deadline deadline) throws IOException;

    /**
     * Waits until {@link #receive} would not wait: for a message, or for end-of-file; never consumes anything.
     *
     * @return whether that came before the deadline
     */
    boolean poll(Deadline deadline) throws IOException;

    /** The most bytes of a message of a handshake. */
    int SMALL = 256;

    /**
     * The next message if it is there already, else null; for what comes from a stranger.
     *
     * @throws IOException when it is larger than {@link #SMALL} or comes with descriptors; the connection is to be closed
     */
    byte @Nullable [] receiveSmall() throws IOException;

    /** Sends a message of at most {@link #SMALL} bytes, or returns false when that would have to wait. */
    boolean trySend(byte[] bytes) throws IOException;

    /** Whether messages can have descriptors with them. */
    boolean carriesDescriptors();

    /** The socket itself, to be passed on or waited for. */
    Descriptor descriptor();

    @Override
    void close();
}
