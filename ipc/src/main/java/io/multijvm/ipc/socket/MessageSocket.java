package io.multijvm.ipc.socket;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.MemoryFile;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.os.Sockets;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One end of a connection that carries whole messages: bytes and descriptors.
 *
 * <p>Any number of threads and processes may use copies of one end at once. A message is one packet of a
 * {@code SOCK_SEQPACKET} socket, so the kernel itself keeps messages apart, takes and gives them whole, and never shows
 * half of one; a process killed in the middle of a call leaves nothing behind. What does not fit into a packet travels
 * as an anonymous file in memory whose descriptor is in the packet.
 *
 * <pre>
 * packet   0      1
 *          | kind | WHOLE: the message
 *          | kind | LARGE: size of the rest (8, big endian) | beginning of the message
 *                   first descriptor: file with the rest
 * </pre>
 *
 * <p>A large message also fills its packet, so that the socket's buffer bounds how many of them can be under way.
 */
public final class MessageSocket implements Closeable {
    /** The most bytes of one message: an array's limit, with room for what goes before them. */
    public static final int MAX_SIZE = Integer.MAX_VALUE - 32;

    private static final byte WHOLE = 0;
    private static final byte LARGE = 1;
    private static final byte[] WHOLE_PREFIX = {WHOLE};
    private static final int INLINE = 64 * 1024;
    private static final int LARGE_PREFIX = 9;

    private final Descriptor descriptor;

    public MessageSocket(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Two connected ends. */
    public static MessageSocket[] pair() throws IOException {
        Descriptor[] ends = Sockets.packetPair();
        return new MessageSocket[] {new MessageSocket(ends[0]), new MessageSocket(ends[1])};
    }

    /** Connects to the listener at {@code path}. */
    public static MessageSocket connect(Path path) throws IOException {
        return new MessageSocket(Sockets.connect(path));
    }

    /** A received message; whoever receives it owns the descriptors. */
    public record Message(byte[] bytes, List<Descriptor> descriptors) {
        /** Closes the descriptors, for a receiver who has no use for them. */
        public void discard() {
            descriptors.forEach(Descriptor::close);
        }
    }

    /** Sends bytes; see {@link #send(byte[], int, int, List)}. */
    public void send(byte[] bytes) throws IOException {
        send(bytes, 0, bytes.length, List.of());
    }

    /**
     * Sends one message, with copies of {@code descriptors}, waiting while the socket's buffer is full.
     *
     * @throws PosixException with {@link PosixException#isPeerGone()} when nobody can receive it any more
     * @throws InterruptedIOException when interrupted while waiting; nothing was sent then
     */
    public void send(byte[] bytes, int offset, int size, List<Descriptor> descriptors) throws IOException {
        requireSendable(size);
        int most = Sockets.MAX_DESCRIPTORS - 1;
        if (descriptors.size() > most) {
            throw new IllegalArgumentException(
                    "a message carries at most " + most + " descriptors: " + descriptors.size());
        }
        if (size <= INLINE) {
            transmit(new Sockets.Chunk(WHOLE_PREFIX, bytes, offset, size), descriptors);
            return;
        }
        try (var rest = MemoryFile.of("multijvm-message", bytes, offset + INLINE, size - INLINE)) {
            var passed = new ArrayList<Descriptor>(1 + descriptors.size());
            passed.add(rest.descriptor());
            passed.addAll(descriptors);
            byte[] prefix = ByteBuffer.allocate(LARGE_PREFIX)
                    .put(LARGE)
                    .putLong(size - INLINE)
                    .array();
            transmit(new Sockets.Chunk(prefix, bytes, offset, INLINE), passed);
        }
    }

    /** Refuses what is larger than a message can be. */
    public static void requireSendable(int size) {
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException("a message has at most " + MAX_SIZE + " bytes, nearly 2 GiB: " + size);
        }
    }

    private void transmit(Sockets.Chunk packet, List<Descriptor> descriptors) throws IOException {
        while (Sockets.send(descriptor, packet, descriptors) == Sockets.WOULD_BLOCK) {
            descriptor.awaitWritable(Deadline.never());
        }
    }

    /**
     * Receives the next message, waiting for it.
     *
     * @throws EOFException when there is none and every copy of the other end, in every process, is closed
     * @throws InterruptedIOException when interrupted while waiting; nothing is lost
     */
    public Message receive() throws IOException {
        var descriptors = new ArrayList<Descriptor>(0);
        while (true) {
            byte[] packet = Sockets.receive(descriptor, Sockets.MAX_PACKET, descriptors);
            if (packet == null) {
                descriptor.awaitReadable(Deadline.never());
            } else if (packet.length == 0) {
                throw new EOFException("the other end is closed");
            } else {
                return unpack(packet, descriptors);
            }
        }
    }

    private static Message unpack(byte[] packet, List<Descriptor> descriptors) throws IOException {
        if (packet[0] == WHOLE) {
            byte[] bytes = new byte[packet.length - 1];
            System.arraycopy(packet, 1, bytes, 0, bytes.length);
            return new Message(bytes, descriptors);
        }
        long rest = packet.length < LARGE_PREFIX ? -1 : ByteBuffer.wrap(packet).getLong(1);
        int inline = packet.length - LARGE_PREFIX;
        if (packet[0] != LARGE || rest < 0 || rest > MAX_SIZE - inline || descriptors.isEmpty()) {
            descriptors.forEach(Descriptor::close);
            throw new IOException("malformed packet; are both sides of one version?");
        }
        try (var file = new MemoryFile(descriptors.remove(0))) {
            byte[] bytes = new byte[inline + (int) rest];
            System.arraycopy(packet, LARGE_PREFIX, bytes, 0, inline);
            file.read(bytes, inline, (int) rest);
            return new Message(bytes, descriptors);
        } catch (IOException | OutOfMemoryError e) {
            descriptors.forEach(Descriptor::close);
            throw e;
        }
    }

    /**
     * Waits until {@link #receive} would not wait: for a message, or for end-of-file; never consumes anything.
     *
     * @return whether that came before the deadline
     */
    public boolean poll(Deadline deadline) throws IOException {
        return descriptor.awaitReadable(deadline);
    }

    /** The socket itself, to be passed on or waited for. */
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
