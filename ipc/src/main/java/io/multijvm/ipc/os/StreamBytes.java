package io.multijvm.ipc.os;

import com.sun.jna.Native;
import java.io.IOException;

/** Bytes over a stream socket. No call waits. */
public final class StreamBytes {
    /** Result of a call that would have had to wait. */
    public static final int WOULD_BLOCK = -2;
    /** Result when the other side has ended the stream. */
    public static final int END = -1;
    /** The most bytes of one call. */
    public static final int MOST = Scratch.DATA_SIZE;

    private StreamBytes() {}

    /** Takes up to {@code size} bytes; returns how many, {@link #END} or {@link #WOULD_BLOCK}. */
    public static int receive(Descriptor socket, byte[] into, int offset, int size) throws IOException {
        return receive(socket, into, offset, size, LibC.MSG_DONTWAIT);
    }

    /** As {@link #receive}, leaving the bytes where they are; says how many there are, of which {@code into} gets the first. */
    public static int peek(Descriptor socket, byte[] into) throws IOException {
        int number = socket.enter();
        try (var scratch = Scratch.take()) {
            int count = call(number, scratch, MOST, LibC.MSG_DONTWAIT | LibC.MSG_PEEK);
            if (count > 0) {
                scratch.data().read(0, into, 0, Math.min(into.length, count));
            }
            return count;
        } finally {
            socket.leave();
        }
    }

    private static int receive(Descriptor socket, byte[] into, int offset, int size, int flags) throws IOException {
        int number = socket.enter();
        try (var scratch = Scratch.take()) {
            int count = call(number, scratch, Math.min(size, MOST), flags);
            if (count > 0) {
                scratch.data().read(0, into, offset, count);
            }
            return count;
        } finally {
            socket.leave();
        }
    }

    private static int call(int number, Scratch scratch, int most, int flags) throws IOException {
        while (true) {
            int count = (int) LibC.recv(number, scratch.data(), most, flags);
            if (count > 0) {
                return count;
            }
            if (count == 0) {
                return END;
            }
            int errno = Native.getLastError();
            if (errno == PosixException.EAGAIN) {
                return WOULD_BLOCK;
            }
            if (errno != PosixException.EINTR) {
                throw new PosixException("recv", errno);
            }
        }
    }

    /**
     * Sends as much as the socket's buffer takes of {@code head} from {@code done} on, and then of {@code size} bytes of
     * {@code body}; returns how many bytes that were, or {@link #WOULD_BLOCK}.
     */
    public static int send(Descriptor socket, byte[] head, byte[] body, int offset, int size, long done)
            throws IOException {
        int number = socket.enter();
        try (var scratch = Scratch.take()) {
            int first = (int) Math.max(0, head.length - done);
            scratch.data().write(0, head, head.length - first, first);
            int behind = (int) Math.max(0, done - head.length);
            int second = Math.min(size - behind, MOST - first);
            scratch.data().write(first, body, offset + behind, second);
            while (true) {
                int sent =
                        (int) LibC.send(number, scratch.data(), first + second, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL);
                if (sent >= 0) {
                    return sent;
                }
                int errno = Native.getLastError();
                if (errno == PosixException.EAGAIN) {
                    return WOULD_BLOCK;
                }
                if (errno != PosixException.EINTR) {
                    throw new PosixException("send", errno);
                }
            }
        } finally {
            socket.leave();
        }
    }

    /** Ends both directions, for every process that has the socket. */
    public static void shutDown(Descriptor socket) throws IOException {
        int number = socket.enter();
        try {
            PosixException.check(LibC.shutdown(number, LibC.SHUT_RDWR), "shutdown");
        } finally {
            socket.leave();
        }
    }
}
