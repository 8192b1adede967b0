package io.multijvm.ipc.socket;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.Patience;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.MemoryFile;
import io.multijvm.ipc.os.Packets;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.os.Sockets;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection that carries whole messages: bytes and descriptors.
 *
 * <p>Any number of threads and processes may use copies of one end at once. A message is one packet of a
 * {@code SOCK_SEQPACKET} socket, so the kernel itself keeps messages apart, takes and gives them whole, and never shows
 * half of one; a process killed in the middle of a call leaves nothing behind. What does not fit into a packet travels
 * as an anonymous file in memory whose descriptor is in the packet.
 *
 * <pre>
 * packet   0                             4
 *          | size of the rest: 0, or more | message, or its beginning
 *                                           first descriptor, if there is a rest: a file with it
 * </pre>
 *
 * <p>A large message also fills its packet, so that the socket's buffer bounds how many of them can be under way.
 */
public final class MessageSocket implements MessageChannel {
    /** The most bytes of one message: an array's limit, with room for what goes before them. */
    public static final int MAX_SIZE = Integer.MAX_VALUE - 32;

    private final Descriptor descriptor;
    private final Patience patience = new Patience();
    private volatile int room; // for one packet's bytes; 0: not asked yet

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
            for (Descriptor descriptor : descriptors) { // no method reference: a cold child links none for this
                descriptor.close();
            }
        }
    }

    /**
     * Sends one message, with copies of {@code descriptors}, waiting while the socket's buffer is full.
     *
     * @throws PosixException with {@link PosixException#isPeerGone()} when nobody can receive it any more
     * @throws InterruptedIOException when interrupted while waiting; nothing was sent then
     */
    @Override
    public void send(byte[] bytes, int offset, int size, List<Descriptor> descriptors) throws IOException {
        requireSendable(size);
        int most = Sockets.MAX_DESCRIPTORS - 1;
        if (descriptors.size() > most) {
            throw new IllegalArgumentException(
                    "a message carries at most " + most + " descriptors: " + descriptors.size());
        }
        int first = Math.min(size, size <= Packets.SMALL ? Packets.SMALL : room());
        try {
            sendFrom(new Packets.Part(bytes, offset, first), size - first, descriptors);
        } catch (PosixException e) {
            if (!e.isOutOfBuffers() || first <= Packets.SMALL) {
                throw e;
            }
            room = Packets.SMALL; // a large packet needs memory in one piece
            send(bytes, offset, size, descriptors);
        }
    }

    private int room() throws IOException {
        int known = room;
        if (known == 0) {
            known = Packets.widen(descriptor);
            room = known;
        }
        return known;
    }

    private void sendFrom(Packets.Part first, int rest, List<Descriptor> descriptors) throws IOException {
        if (rest == 0) {
            transmit(0, first, descriptors);
            return;
        }
        try (var file = MemoryFile.of("multijvm-message", first.array(), first.offset() + first.size(), rest)) {
            var passed = new ArrayList<Descriptor>(1 + descriptors.size());
            passed.add(file.descriptor());
            passed.addAll(descriptors);
            transmit(rest, first, passed);
        }
    }

    /** Refuses what is larger than a message can be. */
    public static void requireSendable(int size) {
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException("a message has at most " + MAX_SIZE + " bytes, nearly 2 GiB: " + size);
        }
    }

    private void transmit(int rest, Packets.Part part, List<Descriptor> descriptors) throws IOException {
        while (!Packets.send(descriptor, rest, part, descriptors)) {
            descriptor.sleepUntilWritable();
        }
    }

    @Override
    public Message receive() throws IOException {
        Packets.Packet packet = receiveSoon();
        while (packet == null) {
            descriptor.sleepUntilReadable();
            packet = Packets.receive(descriptor);
        }
        return unpack(packet);
    }

    @Override
    public @Nullable Message receive(Deadline deadline) throws IOException {
        Packets.Packet packet = receiveSoon();
        while (packet == null) {
            if (!descriptor.awaitReadable(deadline)) {
                return null;
            }
            packet = Packets.receive(descriptor);
        }
        return unpack(packet);
    }

    /** The next packet if it is there or comes soon, else null. */
    @SuppressWarnings("ThreadPriorityCheck") // quick either way; nothing depends on it
    private Packets.@Nullable Packet receiveSoon() throws IOException {
        Packets.Packet packet = Packets.receive(descriptor);
        int most = packet == null ? patience.nanos() : 0;
        if (most == 0) {
            return packet;
        }
        long begin = System.nanoTime();
        while (true) {
            Thread.yield();
            packet = Packets.receive(descriptor);
            long elapsed = System.nanoTime() - begin;
            if (elapsed >= most) {
                patience.failed(elapsed);
                return packet;
            }
            if (packet != null) {
                patience.paid();
                return packet;
            }
        }
    }

    private static Message unpack(Packets.Packet packet) throws IOException {
        int rest = packet.tag();
        byte[] first = packet.bytes();
        List<Descriptor> descriptors = packet.descriptors();
        if (rest == 0) {
            return new Message(first, descriptors);
        }
        if (rest < 0 || rest > MAX_SIZE - first.length || descriptors.isEmpty()) {
            descriptors.forEach(Descriptor::close);
            throw new IOException("malformed packet; are both sides of one version?");
        }
        try (var file = new MemoryFile(descriptors.remove(0))) {
            if (file.size() < rest) {
                throw new IOException("malformed packet: " + rest + " bytes announced, " + file.size() + " sent");
            }
            byte[] bytes = Arrays.copyOf(first, first.length + rest);
            file.read(bytes, first.length, rest);
            return new Message(bytes, descriptors);
        } catch (OutOfMemoryError e) {
            descriptors.forEach(Descriptor::close);
            throw new HeapExhaustedException("a message", (long) first.length + rest, e);
        } catch (IOException | RuntimeException | Error e) {
            descriptors.forEach(Descriptor::close);
            throw e;
        }
    }

    @Override
    public byte @Nullable [] receiveSmall() throws IOException {
        Packets.Packet packet = Packets.receive(descriptor, SMALL);
        if (packet == null) {
            return null;
        }
        if (packet.tag() != 0 || !packet.descriptors().isEmpty()) {
            packet.descriptors().forEach(Descriptor::close);
            throw new IOException("malformed packet before the handshake is done");
        }
        return packet.bytes();
    }

    @Override
    public boolean trySend(byte[] bytes) throws IOException {
        return Packets.send(descriptor, 0, new Packets.Part(bytes, 0, bytes.length), List.of());
    }

    @Override
    public boolean carriesDescriptors() {
        return true;
    }

    @Override
    public boolean poll(Deadline deadline) throws IOException {
        return descriptor.awaitReadable(deadline);
    }

    @Override
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
