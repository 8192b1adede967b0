package io.multijvm.connection;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.codec.Luggage;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.Garbage;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.socket.AuthenticationException;
import io.multijvm.ipc.socket.Handshake;
import io.multijvm.ipc.socket.ListeningSocket;
import io.multijvm.ipc.socket.MessageChannel;
import io.multijvm.ipc.socket.MessageSocket;
import io.multijvm.ipc.socket.StreamSocket;
import io.multijvm.process.ProcessContext;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.ObjectInputFilter;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.WriteAbortedException;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One end of a pipe between processes, or of a connection to a {@link Listener}, for whole messages: objects or bytes.
 *
 * <p>An end may be captured by a process's target, sent through another connection, and used by any number of threads
 * and processes at once: every message goes whole to exactly one receiver. A copy in another process is independent of
 * the original; end-of-file comes when the last copy of the other end, wherever it is, is closed or its process dies.
 *
 * <p>Every method throws {@link ClosedChannelException} when this end was closed here, also by another thread while the
 * method waits. Interrupting a thread that waits ends its wait with {@link InterruptedIOException}, interrupt status
 * set; nothing is lost or half sent, and the connection stays usable. Over TCP a message whose first bytes are out is sent
 * to its end before that.
 *
 * <p>An end that is garbage is closed, as if by {@link #close}, some time later; copies elsewhere, and on their way, stay.
 * Python: {@code multiprocessing.Connection}.
 */
public final class Connection implements Closeable, Handle {
    private static final long serialVersionUID = 1;

    private final transient MessageChannel socket;
    private final transient boolean readable;
    private final transient boolean writable;
    private transient volatile @Nullable ObjectInputFilter filter;
    private transient volatile boolean unreadable; // a message was longer than its reader would take

    Connection(MessageChannel socket, boolean readable, boolean writable) {
        this.socket = socket;
        this.readable = readable;
        this.writable = writable;
        Garbage.closeWith(this, socket);
    }

    /** As {@link #connect(SocketAddress, byte[])}, to a listener without a key. */
    public static Connection connect(SocketAddress address) throws IOException {
        return connect(address, null);
    }

    /**
     * Connects to the {@link Listener} at {@code address}, a {@link java.net.UnixDomainSocketAddress} or
     * {@link java.net.InetSocketAddress}. With a key, both sides prove to each other that they know it, and this waits
     * until the listener's process takes part in that; an empty key is a key. Python: {@code Client}.
     *
     * @throws java.net.ConnectException when nobody listens there
     * @throws AuthenticationException when the other side has another key, or ends the handshake
     */
    public static Connection connect(SocketAddress address, byte @Nullable [] authkey) throws IOException {
        MessageChannel socket = ListeningSocket.connect(address);
        boolean proved = false;
        try {
            if (authkey != null) {
                Handshake.connect(socket, authkey.clone(), Deadline.never());
            }
            proved = true;
        } finally {
            if (!proved) {
                socket.close();
            }
        }
        return new Connection(socket, true, true);
    }

    /**
     * Sets what may be received as an object from now on, by any thread; null lifts it. What the filter refuses
     * {@link #recv()} throws an {@link java.io.InvalidClassException} for that names it, and the next message can be
     * received. A copy sent to another process has no filter. It goes before the JVM's own, {@code jdk.serialFilter}.
     */
    public void filter(@Nullable ObjectInputFilter wanted) {
        filter = wanted;
    }

    /**
     * Sends an object, waiting while the other side is far behind.
     *
     * @throws NotSendableException when it cannot be serialised; the message names the field
     * @throws IOException when every copy of the other end is closed
     */
    public void send(@Nullable Object value) throws IOException {
        requireWritable();
        try (Encoded encoded = Codec.encode(value)) {
            if (!encoded.descriptors().isEmpty() && !socket.carriesDescriptors()) {
                throw new NotSendableException(
                        "cannot be sent over TCP: something open (a connection, a channel) is passed between processes of "
                                + "one machine only, through a pipe or a Unix-domain connection");
            }
            transmit(encoded.array(), 0, encoded.length(), encoded.descriptors());
            encoded.recycle();
        }
    }

    /**
     * Receives an object, waiting for it.
     *
     * @throws EOFException when nothing is left and every copy of the other end is closed
     * @throws IOException when it cannot be rebuilt here, for want of its class or of memory, say; it is consumed then
     */
    public @Nullable Object recv() throws IOException {
        MessageSocket.Message message = receive();
        try {
            return Codec.decode(message.bytes(), message.descriptors(), Codec.loader(), filter);
        } catch (ClassNotFoundException e) {
            throw new IOException("received an object of a class that is not here: " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new HeapExhaustedException("an object in a message", message.bytes().length, e);
        } finally {
            message.discard();
        }
    }

    /** As {@link #recv()}, for an object of a known type; one of another type is a {@link ClassCastException}. */
    public <T> T recv(Class<T> type) throws IOException {
        return type.cast(Objects.requireNonNull(recv(), "received null"));
    }

    /** Sends bytes as one message. */
    public void sendBytes(byte[] bytes) throws IOException {
        sendBytes(bytes, 0, bytes.length);
    }

    /**
     * Sends {@code size} bytes from {@code offset} on as one message; none are a message, too.
     *
     * @throws IllegalArgumentException when they are more than {@value MessageSocket#MAX_SIZE}
     */
    public void sendBytes(byte[] bytes, int offset, int size) throws IOException {
        Objects.checkFromIndexSize(offset, size, bytes.length);
        requireWritable();
        transmit(bytes, offset, size, List.of());
    }

    /** Sends the bytes between the buffer's position and limit as one message; sent, the position is the limit. */
    public void sendBytes(ByteBuffer buffer) throws IOException {
        int size = buffer.remaining();
        if (buffer.hasArray()) {
            sendBytes(buffer.array(), buffer.arrayOffset() + buffer.position(), size);
        } else {
            requireWritable();
            MessageSocket.requireSendable(size); // before it is copied
            byte[] bytes = new byte[size];
            buffer.duplicate().get(bytes);
            sendBytes(bytes, 0, size);
        }
        buffer.position(buffer.limit());
    }

    /** Receives the bytes of one message, waiting for it. */
    public byte[] recvBytes() throws IOException {
        MessageSocket.Message message = receive();
        message.discard();
        return message.bytes();
    }

    /**
     * As {@link #recvBytes()}; a message of more than {@code maxLength} bytes is lost with an {@link IOException}, and
     * this end is closed for reading.
     */
    public byte[] recvBytes(int maxLength) throws IOException {
        if (maxLength < 0) {
            throw new IllegalArgumentException("maxLength: " + maxLength + ", at least 0 expected");
        }
        byte[] bytes = recvBytes();
        if (bytes.length > maxLength) {
            unreadable = true;
            if (!writable) {
                close();
            }
            throw new IOException("message of " + bytes.length + " bytes where at most " + maxLength
                    + " were to be taken; the connection is closed for reading");
        }
        return bytes;
    }

    /** As {@link #recvBytesInto(byte[], int)}, from the beginning on. */
    public int recvBytesInto(byte[] into) throws IOException {
        return recvBytesInto(into, 0);
    }

    /**
     * Receives one message into {@code into} from {@code offset} on; returns its length.
     *
     * @throws BufferTooShortException when it does not fit; carries the message, which is consumed
     */
    public int recvBytesInto(byte[] into, int offset) throws IOException {
        Objects.checkFromToIndex(offset, into.length, into.length);
        return recvBytesInto(ByteBuffer.wrap(into, offset, into.length - offset));
    }

    /**
     * Receives one message into the buffer, between its position, which moves, and its limit; returns its length.
     *
     * @throws BufferTooShortException when it does not fit; carries the message, which is consumed
     * @throws ReadOnlyBufferException when nothing can be put there; nothing is consumed
     */
    public int recvBytesInto(ByteBuffer into) throws IOException {
        if (into.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        byte[] bytes = recvBytes();
        if (bytes.length > into.remaining()) {
            throw new BufferTooShortException(bytes, into.remaining());
        }
        into.put(bytes);
        return bytes.length;
    }

    /** Whether a receive would not wait now: a message, or end-of-file, is there. Consumes nothing. */
    public boolean poll() throws IOException {
        return poll(Duration.ZERO);
    }

    /** As {@link #poll()}, waiting up to {@code timeout}; a negative one acts as zero, null waits for ever. */
    public boolean poll(@Nullable Duration timeout) throws IOException {
        requireReadable();
        try {
            return socket.poll(Deadline.after(timeout));
        } finally {
            Reference.reachabilityFence(this); // as garbage it would be closed meanwhile
        }
    }

    /** Whether {@link #close} was called on this copy. */
    public boolean isClosed() {
        return socket.descriptor().isClosed();
    }

    /** Whether this end receives; one end of a one-way pipe does not. */
    public boolean isReadable() {
        return readable && !unreadable;
    }

    /** Whether this end sends. */
    public boolean isWritable() {
        return writable;
    }

    /** The number of the descriptor in this process. */
    public int fileno() throws IOException {
        requireOpen();
        return socket.descriptor().number();
    }

    /** Closes this copy, here; idempotent. */
    @Override
    public void close() {
        socket.close();
    }

    @Override
    public String toString() {
        return "Connection[" + (readable ? "r" : "") + (writable ? "w" : "") + ", " + socket.descriptor() + "]";
    }

    private MessageSocket.Message receive() throws IOException {
        requireReadable();
        try {
            return socket.receive();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void transmit(byte[] bytes, int offset, int size, List<Descriptor> descriptors) throws IOException {
        try {
            socket.send(bytes, offset, size, descriptors);
        } catch (PosixException e) {
            throw e.isPeerGone() ? new IOException("every copy of the other end is closed", e) : e;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** What is readable when there is something to receive; for one who waits for many. */
    MessageChannel channel() {
        return socket;
    }

    void requireReadable() throws IOException {
        requireOpen();
        if (!isReadable()) {
            throw new IOException("this end of the connection is only for sending");
        }
    }

    private void requireWritable() throws IOException {
        requireOpen();
        if (!writable) {
            throw new IOException("this end of the connection is only for receiving");
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (isClosed()) {
            throw new ClosedChannelException();
        }
    }

    @Serial
    private Object writeReplace() throws ObjectStreamException {
        try {
            Block.Ref guards = socket.carriesDescriptors()
                    ? null
                    : ((StreamSocket) socket).share(ProcessContext.domain()).ref();
            return new Passed(Luggage.pack(socket.descriptor()), readable, writable, guards);
        } catch (ClosedChannelException e) {
            throw new java.io.InvalidObjectException("a closed connection cannot be sent");
        } catch (ObjectStreamException e) {
            throw e;
        } catch (IOException e) {
            throw new WriteAbortedException("connection", e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
