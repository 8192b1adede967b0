package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.multijvm.ipc.HeapExhaustedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Packets of a {@code SOCK_SEQPACKET} socket: a number, bytes, descriptors. The way of every message, so each call is one
 * system call and one copy. As in {@link Sockets}, none waits.
 */
public final class Packets {
    /** The most bytes of one packet that any socket takes. */
    public static final int SMALL = 64 * 1024;
    /** The most bytes of one packet that a receiver takes. */
    public static final int LARGE = 1024 * 1024;

    private static final int TAG_SIZE = Integer.BYTES;
    private static final int OWN_SHARE = 32; // what the kernel takes of a socket's buffer for itself
    /** Room for two large packets: one can be filled while the other is read. The kernel doubles what it is asked for. */
    private static final int SEND_BUFFER = LARGE + 64 * 1024;

    private Packets() {}

    /** What came in one packet; whoever receives it owns the descriptors. */
    public static final class Packet {
        private final int tag;
        private final byte[] bytes;
        private final List<Descriptor> descriptors;

        Packet(int tag, byte[] bytes, List<Descriptor> descriptors) {
            this.tag = tag;
            this.bytes = bytes;
            this.descriptors = descriptors;
        }

        public int tag() {
            return tag;
        }

        public byte[] bytes() {
            return bytes;
        }

        public List<Descriptor> descriptors() {
            return descriptors;
        }
    }

    /** Makes the socket's buffer large, as far as the system allows; returns how many bytes of one packet fit into it. */
    public static int widen(Descriptor socket) throws IOException {
        int number = socket.enter();
        try (Memory value = LibC.memory(2 * Integer.BYTES)) {
            Pointer size = value.share(Integer.BYTES);
            value.setInt(0, SEND_BUFFER);
            LibC.setsockopt(number, LibC.SOL_SOCKET, LibC.SO_SNDBUF, value, Integer.BYTES);
            size.setInt(0, Integer.BYTES);
            PosixException.check(
                    LibC.getsockopt(number, LibC.SOL_SOCKET, LibC.SO_SNDBUF, value, size), "getsockopt SO_SNDBUF");
            return Math.min(LARGE, Math.max(SMALL, value.getInt(0) - OWN_SHARE - TAG_SIZE));
        } finally {
            socket.leave();
        }
    }

    /** Bytes to be sent: {@code size} of {@code array} from {@code offset} on. */
    public record Part(byte[] array, int offset, int size) {}

    /** Sends one packet with copies of {@code descriptors}; returns false when the socket's buffer is full. */
    public static boolean send(Descriptor socket, int tag, Part part, List<Descriptor> descriptors) throws IOException {
        int number = socket.enter();
        Room room = Room.take();
        try {
            int length = room.fill(tag, part);
            int errno = descriptors.isEmpty()
                    ? errnoOf(LibC.send(number, room.data, length, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL))
                    : send(number, room, length, descriptors);
            if (errno == 0) {
                return true;
            }
            if (errno == PosixException.EAGAIN || errno == PosixException.EINTR) {
                return false;
            }
            throw new PosixException("send", errno);
        } finally {
            room.giveBack();
            socket.leave();
        }
    }

    private static int send(int number, Room room, int length, List<Descriptor> descriptors) throws IOException {
        int entered = 0;
        try {
            room.describe(length, Sockets.controlSize(descriptors.size()));
            room.head.putLong(Room.CONTROL, 16 + 4L * descriptors.size());
            room.head.putInt(Room.CONTROL + 8, LibC.SOL_SOCKET);
            room.head.putInt(Room.CONTROL + 12, LibC.SCM_RIGHTS);
            for (Descriptor passed : descriptors) {
                room.head.putInt(Room.CONTROL + 16 + 4 * entered, passed.enter());
                entered++;
            }
            return errnoOf(LibC.sendmsg(number, room.address, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL));
        } finally {
            for (Descriptor passed : descriptors.subList(0, entered)) {
                passed.leave();
            }
        }
    }

    /**
     * The next packet, or null when there is none yet.
     *
     * @throws EOFException when there is none and the other end is closed
     */
    public static @Nullable Packet receive(Descriptor socket) throws IOException {
        return receive(socket, LARGE);
    }

    /** As {@link #receive(Descriptor)}; a packet of more than {@code most} bytes is consumed and refused. */
    public static @Nullable Packet receive(Descriptor socket, int most) throws IOException {
        int number = socket.enter();
        Room room = Room.take();
        try {
            room.describe(TAG_SIZE + most, Room.CONTROL_SIZE);
            long count = LibC.recvmsg(number, room.address, LibC.MSG_DONTWAIT | LibC.MSG_CMSG_CLOEXEC);
            int errno = errnoOf(count);
            while (errno == PosixException.EINTR || errno == PosixException.ECONNRESET) {
                // ECONNRESET says once that the peer left unread messages of ours behind; its own are still to come.
                room.describe(TAG_SIZE + most, Room.CONTROL_SIZE);
                count = LibC.recvmsg(number, room.address, LibC.MSG_DONTWAIT | LibC.MSG_CMSG_CLOEXEC);
                errno = errnoOf(count);
            }
            if (errno == PosixException.EAGAIN) {
                return null;
            }
            if (errno != 0) {
                throw new PosixException("recvmsg", errno);
            }
            return received(room, (int) count);
        } finally {
            room.giveBack();
            socket.leave();
        }
    }

    private static Packet received(Room room, int count) throws IOException {
        List<Descriptor> descriptors = room.descriptors();
        String refusal = room.isTruncated()
                ? "packet too large for this receiver, or out of descriptors (`ulimit -n`)"
                : "malformed packet; are both sides of one version?";
        if (room.isTruncated() || (count > 0 && count < TAG_SIZE)) {
            for (Descriptor each : descriptors) {
                each.close();
            }
            throw new IOException(refusal);
        }
        if (count == 0) {
            throw new EOFException("the other end is closed");
        }
        try {
            return new Packet(room.tag(), room.bytes(count - TAG_SIZE), descriptors);
        } catch (OutOfMemoryError e) {
            for (Descriptor each : descriptors) {
                each.close();
            }
            throw new HeapExhaustedException("a message, or the beginning of one,", count - TAG_SIZE, e);
        }
    }

    private static int errnoOf(long result) {
        return result < 0 ? Native.getLastError() : 0;
    }

    /**
     * Native memory for one packet. Untouched, its larger part costs nothing.
     *
     * <pre>
     * 0      64    96        2048  2052
     * msghdr iovec cmsghdr … tag   bytes …
     * </pre>
     */
    private static final class Room {
        static final int CONTROL = 96;
        static final int CONTROL_SIZE = 16 + 4 * (Sockets.MAX_DESCRIPTORS + 1);

        private static final int IOV = 64;
        private static final int DATA = 2048;
        private static final int POOLED = 16;
        private static final List<Descriptor> NONE = List.of();
        private static final AtomicReference<@Nullable Room> LAST =
                new AtomicReference<>(); // mostly the only one in use
        private static final ConcurrentLinkedQueue<Room> POOL = new ConcurrentLinkedQueue<>();

        final ByteBuffer head;
        final long address;
        final long data;

        private final Memory memory = LibC.memory(DATA + TAG_SIZE + LARGE);

        private Room() {
            head = memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder());
            address = Pointer.nativeValue(memory);
            data = address + DATA;
            head.putLong(0, 0);
            head.putInt(8, 0);
            head.putLong(16, address + IOV);
            head.putLong(24, 1);
            head.putLong(32, address + CONTROL);
            head.putLong(IOV, data);
        }

        static Room take() {
            Room last = LAST.getAndSet(null);
            if (last == null) {
                last = POOL.poll();
            }
            return last == null ? new Room() : last;
        }

        void giveBack() {
            if (!LAST.compareAndSet(null, this) && POOL.size() < POOLED) {
                POOL.add(this);
            }
        }

        void describe(int length, int controlSize) {
            head.putLong(IOV + 8, length);
            head.putLong(40, controlSize);
            head.putInt(48, 0);
        }

        /** Returns how long the packet is. */
        int fill(int tag, Part part) {
            head.putInt(DATA, tag);
            head.put(DATA + TAG_SIZE, part.array, part.offset, part.size);
            return TAG_SIZE + part.size;
        }

        int tag() {
            return head.getInt(DATA);
        }

        byte[] bytes(int count) {
            byte[] bytes = new byte[count];
            head.get(DATA + TAG_SIZE, bytes, 0, count);
            return bytes;
        }

        boolean isTruncated() {
            return (head.getInt(48) & (LibC.MSG_TRUNC | LibC.MSG_CTRUNC)) != 0;
        }

        List<Descriptor> descriptors() {
            if (head.getLong(40) == 0) {
                return NONE;
            }
            var descriptors = new ArrayList<Descriptor>();
            Sockets.collect(memory, CONTROL, head.getLong(40), descriptors);
            return descriptors;
        }
    }
}
