package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.multijvm.ipc.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that listen and connect, by the JDK's addresses: packet sockets in the Unix domain, TCP everywhere else.
 * Waiting for a connection to be made can be interrupted.
 */
public final class Endpoints {
    private static final long CONNECT_STEP_MICROS = 50_000;
    /** What {@code accept(2)} says of connections that have gone before they were taken. */
    private static final Set<Integer> GONE = Set.of(1, 64, 71, 92, 95, 100, 101, 103, 112, 113);

    private Endpoints() {}

    /** Whether this is an address of a kind that {@link #listen} and {@link #connect} take. */
    public static boolean isUsable(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress || address instanceof InetSocketAddress;
    }

    /**
     * A socket that accepts connections; {@link #acceptNow} takes them.
     *
     * @throws BindException when the address is taken, or cannot be had here
     */
    public static Descriptor listen(SocketAddress address, int backlog) throws IOException {
        Descriptor socket = socket(address, LibC.SOCK_NONBLOCK);
        try (Memory name = SocketAddresses.encode(address)) {
            if (address instanceof InetSocketAddress) {
                setOption(socket, LibC.SOL_SOCKET, LibC.SO_REUSEADDR, 1);
            }
            PosixException.check(LibC.bind(socket.number(), name, (int) name.size()), "bind");
            PosixException.check(LibC.listen(socket.number(), backlog), "listen");
            return socket;
        } catch (PosixException e) {
            socket.close();
            throw (BindException) new BindException("cannot listen at " + address + ": " + e.getMessage()).initCause(e);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** A connection taken, and whose it is. */
    public record Accepted(Descriptor descriptor, @Nullable SocketAddress from) {}

    /** The next connection, or null when there is none now. */
    public static @Nullable Accepted acceptNow(Descriptor listener) throws IOException {
        int number = listener.enter();
        try (var scratch = Scratch.take()) {
            var size = scratch.head();
            var name = scratch.data();
            int accepted;
            int errno;
            do {
                size.setInt(0, SocketAddresses.MOST);
                accepted = LibC.accept4(number, name, size, LibC.SOCK_CLOEXEC);
                errno = accepted < 0 ? Native.getLastError() : 0;
            } while (errno == PosixException.EINTR);
            if (accepted >= 0) {
                return new Accepted(new Descriptor(accepted), SocketAddresses.decode(name, size.getInt(0)));
            }
            if (errno == PosixException.EAGAIN || GONE.contains(errno)) {
                return null;
            }
            throw new PosixException("accept4", errno);
        } finally {
            listener.leave();
        }
    }

    /**
     * A connection to who listens at {@code address}, waiting for it.
     *
     * @throws ConnectException when nobody does, or cannot be reached
     * @throws InterruptedIOException when interrupted while waiting
     */
    public static Descriptor connect(SocketAddress address) throws IOException {
        boolean internet = address instanceof InetSocketAddress;
        Descriptor socket = socket(address, internet ? LibC.SOCK_NONBLOCK : 0);
        try (Memory name = SocketAddresses.encode(address)) {
            if (internet) {
                connectInternet(socket, name);
            } else {
                connectUnix(socket, name);
            }
            return socket;
        } catch (PosixException e) {
            socket.close();
            if (e.isShortage()) {
                throw e;
            }
            throw (ConnectException)
                    new ConnectException("cannot connect to " + address + ": " + e.getMessage()).initCause(e);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void connectInternet(Descriptor socket, Memory name) throws IOException {
        int number = socket.number();
        if (LibC.connect(number, name, (int) name.size()) < 0) {
            int errno = Native.getLastError();
            if (errno != PosixException.EINPROGRESS && errno != PosixException.EINTR) {
                throw new PosixException("connect", errno);
            }
            socket.awaitWritable(Deadline.never());
            try (Memory value = LibC.memory(8)) {
                value.setInt(4, Integer.BYTES);
                PosixException.check(
                        LibC.getsockopt(number, LibC.SOL_SOCKET, LibC.SO_ERROR, value, value.share(4)), "getsockopt");
                if (value.getInt(0) != 0) {
                    throw new PosixException("connect", value.getInt(0));
                }
            }
        }
        // The flag belongs to the open file description, which other processes may come to share.
        int flags = PosixException.check(LibC.fcntl(number, LibC.F_GETFL, 0), "fcntl F_GETFL");
        PosixException.check(LibC.fcntl(number, LibC.F_SETFL, flags & ~LibC.O_NONBLOCK), "fcntl F_SETFL");
        sendAtOnce(socket);
    }

    /**
     * While the listener's backlog is full a Unix-domain socket can only wait inside {@code connect(2)}, where no other
     * event ends the wait: so it does in short steps.
     */
    private static void connectUnix(Descriptor socket, Memory name) throws IOException {
        try (Memory timeval = LibC.memory(16)) {
            timeval.setLong(0, 0);
            timeval.setLong(8, CONNECT_STEP_MICROS);
            setOption(socket, LibC.SOL_SOCKET, LibC.SO_SNDTIMEO, timeval);
            while (LibC.connect(socket.number(), name, (int) name.size()) < 0) {
                int errno = Native.getLastError();
                if (errno != PosixException.EAGAIN && errno != PosixException.EINTR) {
                    throw new PosixException("connect", errno);
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while waiting");
                }
            }
            timeval.setLong(8, 0);
            setOption(socket, LibC.SOL_SOCKET, LibC.SO_SNDTIMEO, timeval);
        }
    }

    /** The address a socket was bound to. */
    public static SocketAddress localAddress(Descriptor socket) throws IOException {
        int number = socket.enter();
        try (var scratch = Scratch.take()) {
            scratch.head().setInt(0, SocketAddresses.MOST);
            PosixException.check(LibC.getsockname(number, scratch.data(), scratch.head()), "getsockname");
            return Objects.requireNonNull(
                    SocketAddresses.decode(scratch.data(), scratch.head().getInt(0)), "a family of our own");
        } finally {
            socket.leave();
        }
    }

    /** Has a TCP connection send small messages at once instead of collecting them. */
    public static void sendAtOnce(Descriptor socket) throws IOException {
        setOption(socket, LibC.IPPROTO_TCP, LibC.TCP_NODELAY, 1);
    }

    private static Descriptor socket(SocketAddress address, int flags) throws IOException {
        int type = address instanceof UnixDomainSocketAddress ? LibC.SOCK_SEQPACKET : LibC.SOCK_STREAM;
        int number = LibC.socket(SocketAddresses.family(address), type | LibC.SOCK_CLOEXEC | flags, 0);
        return new Descriptor(PosixException.check(number, "socket"));
    }

    private static void setOption(Descriptor socket, int level, int option, int value) throws IOException {
        try (Memory memory = LibC.memory(Integer.BYTES)) {
            memory.setInt(0, value);
            setOption(socket, level, option, memory);
        }
    }

    private static void setOption(Descriptor socket, int level, int option, Memory value) throws IOException {
        int number = socket.enter();
        try {
            PosixException.check(LibC.setsockopt(number, level, option, value, (int) value.size()), "setsockopt");
        } finally {
            socket.leave();
        }
    }
}
