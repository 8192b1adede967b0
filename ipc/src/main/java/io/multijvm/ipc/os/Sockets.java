package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Unix-domain sockets and the descriptors that travel through them ({@code SCM_RIGHTS}). No call here waits, and none
 * puts a socket into non-blocking mode: that flag belongs to the open file description, which other processes share.
 *
 * <p>Structures of the 64-bit Linux ABI:
 * <pre>
 * msghdr   0 name  8 namelen  16 iov  24 iovlen  32 control  40 controllen  48 flags (56 bytes)
 * iovec    0 base  8 len
 * cmsghdr  0 len   8 level   12 type  16 data, the next one aligned to 8
 * </pre>
 */
public final class Sockets {
    /** The most bytes of one packet. */
    public static final int MAX_PACKET = Scratch.DATA_SIZE;
    /** The most descriptors of one packet, the kernel's own limit. */
    public static final int MAX_DESCRIPTORS = 253;
    /** Result of a call that would have had to wait. */
    public static final int WOULD_BLOCK = -2;

    private static final int IOV = 64;
    private static final int CONTROL = 96;
    private static final int CONTROL_SIZE = 16 + 4 * (MAX_DESCRIPTORS + 1);
    private static final int MAX_PATH = 107;

    private Sockets() {}

    /** Two connected sockets that keep message boundaries. */
    public static Descriptor[] packetPair() throws IOException {
        return pair(LibC.SOCK_SEQPACKET);
    }

    /** Two connected sockets that carry a stream of bytes. */
    public static Descriptor[] streamPair() throws IOException {
        return pair(LibC.SOCK_STREAM);
    }

    private static Descriptor[] pair(int type) throws IOException {
        int[] ends = new int[2];
        PosixException.check(LibC.socketpair(LibC.AF_UNIX, type | LibC.SOCK_CLOEXEC, 0, ends), "socketpair");
        return new Descriptor[] {new Descriptor(ends[0]), new Descriptor(ends[1])};
    }

    /** A packet socket that accepts connections at {@code path}. */
    public static Descriptor listen(Path path, int backlog) throws IOException {
        Descriptor socket = socket();
        try (Memory address = address(path)) {
            PosixException.check(LibC.bind(socket.number(), address, (int) address.size()), "bind " + path);
            PosixException.check(LibC.listen(socket.number(), backlog), "listen " + path);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Connects to the packet socket that listens at {@code path}. */
    public static Descriptor connect(Path path) throws IOException {
        Descriptor socket = socket();
        try (Memory address = address(path)) {
            PosixException.check(LibC.connect(socket.number(), address, (int) address.size()), "connect " + path);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Takes the next connection; the caller has seen that there is one. */
    public static Descriptor accept(Descriptor listener) throws IOException {
        int number = listener.enter();
        try {
            return new Descriptor(PosixException.check(
                    LibC.accept4(number, Pointer.NULL, Pointer.NULL, LibC.SOCK_CLOEXEC), "accept4"));
        } finally {
            listener.leave();
        }
    }

    /** Lets the other end see end-of-file, while it can still send. */
    public static void endSending(Descriptor socket) throws IOException {
        int number = socket.enter();
        try {
            PosixException.check(LibC.shutdown(number, LibC.SHUT_WR), "shutdown");
        } finally {
            socket.leave();
        }
    }

    /** Whether something that was sent through {@code socket} has not been received by the other end yet. */
    public static boolean isUnread(Descriptor socket) throws IOException {
        int number = socket.enter();
        try {
            int[] queued = new int[1];
            PosixException.check(LibC.ioctl(number, LibC.SIOCOUTQ, queued), "ioctl SIOCOUTQ");
            return queued[0] > 0;
        } finally {
            socket.leave();
        }
    }

    private static Descriptor socket() throws IOException {
        return new Descriptor(
                PosixException.check(LibC.socket(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0), "socket"));
    }

    static Memory address(Path path) {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_PATH) {
            throw new IllegalArgumentException(
                    "socket path longer than " + MAX_PATH + " bytes: " + path + "; set multijvm.run.directory");
        }
        var address = LibC.memory(3 + bytes.length);
        address.setShort(0, (short) LibC.AF_UNIX);
        address.write(2, bytes, 0, bytes.length);
        address.setByte(2 + bytes.length, (byte) 0);
        return address;
    }

    /** Bytes to be sent: {@code prefix}, then {@code size} bytes of {@code bytes} from {@code offset} on. */
    public record Chunk(byte[] prefix, byte[] bytes, int offset, int size) {}

    /**
     * Sends a chunk of at most {@link #MAX_PACKET} bytes and copies of {@code descriptors}; returns how many bytes
     * were taken (all of them on a packet socket) or {@link #WOULD_BLOCK}.
     */
    public static int send(Descriptor socket, Chunk chunk, List<Descriptor> descriptors) throws IOException {
        int number = socket.enter();
        int entered = 0;
        try (var scratch = Scratch.take()) {
            Pointer head = scratch.head();
            int prefix = chunk.prefix.length;
            scratch.data().write(0, chunk.prefix, 0, prefix);
            scratch.data().write(prefix, chunk.bytes, chunk.offset, chunk.size);
            message(
                    head,
                    scratch.data(),
                    prefix + chunk.size,
                    descriptors.isEmpty() ? 0 : controlSize(descriptors.size()));
            if (!descriptors.isEmpty()) {
                head.setLong(CONTROL, 16 + 4L * descriptors.size());
                head.setInt(CONTROL + 8, LibC.SOL_SOCKET);
                head.setInt(CONTROL + 12, LibC.SCM_RIGHTS);
                for (Descriptor passed : descriptors) {
                    head.setInt(CONTROL + 16 + 4L * entered, passed.enter());
                    entered++;
                }
            }
            long sent;
            do {
                sent = LibC.sendmsg(number, head, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL);
            } while (sent < 0 && Native.getLastError() == PosixException.EINTR);
            if (sent < 0 && Native.getLastError() == PosixException.EAGAIN) {
                return WOULD_BLOCK;
            }
            return PosixException.check((int) sent, "sendmsg");
        } finally {
            descriptors.subList(0, entered).forEach(Descriptor::leave);
            socket.leave();
        }
    }

    /**
     * Receives one packet, or of a stream up to {@code size} bytes, and appends the descriptors that come with them;
     * returns an empty array at end-of-file, and null when there is nothing yet.
     */
    public static byte @Nullable [] receive(Descriptor socket, int size, List<Descriptor> descriptors)
            throws IOException {
        int number = socket.enter();
        try (var scratch = Scratch.take()) {
            Pointer head = scratch.head();
            message(head, scratch.data(), size, CONTROL_SIZE);
            long count;
            int errno;
            do {
                count = LibC.recvmsg(number, head, LibC.MSG_DONTWAIT | LibC.MSG_CMSG_CLOEXEC);
                errno = count < 0 ? Native.getLastError() : 0;
                // ECONNRESET says once that the peer left unread messages of ours behind; its own are still to come.
            } while (errno == PosixException.EINTR || errno == PosixException.ECONNRESET);
            if (errno == PosixException.EAGAIN) {
                return null;
            }
            if (count < 0) {
                throw new PosixException("recvmsg", errno);
            }
            int before = descriptors.size();
            collect(head, CONTROL, head.getLong(40), descriptors);
            if ((head.getInt(48) & (LibC.MSG_TRUNC | LibC.MSG_CTRUNC)) != 0) {
                List<Descriptor> arrived = descriptors.subList(before, descriptors.size());
                arrived.forEach(Descriptor::close);
                arrived.clear();
                throw new IOException("packet too large for this receiver, or out of descriptors (`ulimit -n`)");
            }
            return scratch.data().getByteArray(0, (int) count);
        } finally {
            socket.leave();
        }
    }

    private static void message(Pointer head, Pointer data, int size, int controlSize) {
        head.setPointer(0, Pointer.NULL);
        head.setInt(8, 0);
        head.setPointer(16, head.share(IOV));
        head.setLong(24, 1);
        head.setPointer(32, controlSize == 0 ? Pointer.NULL : head.share(CONTROL));
        head.setLong(40, controlSize);
        head.setInt(48, 0);
        head.setPointer(IOV, data);
        head.setLong(IOV + 8, size);
    }

    static int controlSize(int descriptors) {
        return 16 + (4 * descriptors + 7) / 8 * 8;
    }

    /** Appends the descriptors of the control messages that lie at {@code begin}, {@code size} bytes long. */
    static void collect(Pointer head, long begin, long size, List<Descriptor> into) {
        long end = begin + size;
        long at = begin;
        while (at + 16 <= end) {
            long length = head.getLong(at);
            if (head.getInt(at + 8) == LibC.SOL_SOCKET && head.getInt(at + 12) == LibC.SCM_RIGHTS) {
                for (long i = at + 16; i + 4 <= at + length; i += 4) {
                    into.add(new Descriptor(head.getInt(i)));
                }
            }
            at += (length + 7) / 8 * 8;
        }
    }
}
