package io.multijvm.connection;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Garbage;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.socket.AuthenticationException;
import io.multijvm.ipc.socket.Gatekeeper;
import io.multijvm.ipc.socket.ListeningSocket;
import io.multijvm.process.ProcessContext;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.ObjectInputFilter;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where other processes connect to with {@link Connection#connect}: in the Unix domain, or over TCP.
 *
 * <p>With a key, nothing that comes is looked at before its sender has proved to know the key, by HMAC-SHA-256 over
 * random bytes, and this side has proved it as well. From the first {@link #accept} on a thread does that with many at a
 * time: who is silent, slow or sends garbage keeps nobody waiting. It is given ten seconds, and its place when there are
 * more than 512 such, and then dropped, as only {@link #dropped()} tells. An empty key is a key.
 *
 * <p>For any number of threads. One that is garbage is closed, as if by {@link #close}, some time later. Python: {@code multiprocessing.connection.Listener}.
 */
public final class Listener implements Closeable {
    /** How many connections the operating system keeps for {@link #accept}, if it is not said. */
    public static final int DEFAULT_BACKLOG = 1024;

    private static final Duration SHORTAGE_PAUSE = Duration.ofMillis(20);

    private final Entrance entrance;
    private volatile @Nullable ObjectInputFilter filter;
    private volatile @Nullable SocketAddress lastAccepted;

    private Listener(ListeningSocket socket, byte @Nullable [] key) {
        entrance = new Entrance(socket, key == null ? null : key.clone());
        Garbage.closeWith(this, entrance);
    }

    /** The open resources of a listener. It does not refer to the listener, which it outlives to be closed when that is garbage. */
    private static final class Entrance implements Closeable {
        final ListeningSocket socket;
        final byte @Nullable [] key;
        private @Nullable Gatekeeper gatekeeper; // guarded by this

        Entrance(ListeningSocket socket, byte @Nullable [] key) {
            this.socket = socket;
            this.key = key;
        }

        synchronized @Nullable Gatekeeper gatekeeper() throws IOException {
            if (key != null && gatekeeper == null && !isClosed()) {
                gatekeeper = Gatekeeper.start(socket, key);
            }
            return gatekeeper;
        }

        synchronized long dropped() {
            return gatekeeper == null ? 0 : gatekeeper.dropped();
        }

        boolean isClosed() {
            return socket.descriptor().isClosed();
        }

        @Override
        public synchronized void close() {
            if (gatekeeper != null) {
                gatekeeper.close();
            }
            socket.close();
        }
    }

    /** Listens without a key in the Unix domain, at an address of its own that only processes of this user reach. */
    public static Listener open() throws IOException {
        return open(null);
    }

    /** As {@link #open(SocketAddress, byte[])}, without a key. */
    public static Listener open(@Nullable SocketAddress address) throws IOException {
        return open(address, null);
    }

    /**
     * Listens at a {@link UnixDomainSocketAddress} or {@link java.net.InetSocketAddress}, of which port 0 is any that is
     * free; null is as with {@link #open()}.
     *
     * @throws IllegalArgumentException for an address of another kind
     * @throws java.net.BindException when the address is taken, or cannot be had here
     */
    public static Listener open(@Nullable SocketAddress address, byte @Nullable [] authkey) throws IOException {
        return open(address, authkey, DEFAULT_BACKLOG);
    }

    /** As {@link #open(SocketAddress, byte[])}; the operating system keeps {@code backlog} connections for {@link #accept}. */
    public static Listener open(@Nullable SocketAddress address, byte @Nullable [] authkey, int backlog)
            throws IOException {
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog: " + backlog + ", at least 1 expected");
        }
        SocketAddress where =
                address == null ? UnixDomainSocketAddress.of(ProcessContext.uniqueFile("listener")) : address;
        return new Listener(ListeningSocket.open(where, backlog), authkey);
    }

    /**
     * The next connection, waiting for it. With a key, one whose other side has proved to know it. While descriptors or
     * memory have run out it waits for that to pass.
     *
     * @throws AuthenticationException when somebody has tried with another key; the listener stays as it is, and the next
     *     call goes on. At most 128 of these are remembered. Nothing else that a stranger does is thrown here.
     * @throws java.nio.channels.ClosedChannelException when the listener is closed, also by another thread meanwhile
     * @throws InterruptedIOException when interrupted while waiting, interrupt status set; the listener stays open
     */
    public Connection accept() throws IOException {
        ListeningSocket.Arrival arrival;
        try {
            arrival = awaitArrival();
        } finally {
            Reference.reachabilityFence(this); // as garbage it would be closed meanwhile
        }
        lastAccepted = arrival.from();
        var connection = new Connection(arrival.channel(), true, true);
        connection.filter(filter);
        return connection;
    }

    private ListeningSocket.Arrival awaitArrival() throws IOException {
        while (true) {
            try {
                Gatekeeper keeper = entrance.gatekeeper();
                ListeningSocket.Arrival arrival = keeper == null ? entrance.socket.acceptNow() : keeper.take();
                if (arrival != null) {
                    return arrival;
                }
                entrance.socket.descriptor().awaitReadable(Deadline.never());
            } catch (PosixException e) {
                if (!e.isShortage()) {
                    throw e;
                }
                pause();
            }
        }
    }

    /** Nothing tells when a descriptor is free again, and to wait for the socket takes one as well. */
    private static void pause() throws InterruptedIOException {
        LockSupport.parkNanos(SHORTAGE_PAUSE.toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while waiting");
        }
    }

    /** What {@link #accept} waits for; it must be asked for before somebody with a key is waited for. */
    Descriptor readiness() throws IOException {
        Gatekeeper keeper = entrance.gatekeeper();
        return keeper == null ? entrance.socket.descriptor() : keeper.descriptor();
    }

    /** Where it listens: with the real port, if any was asked for. */
    public SocketAddress address() {
        return entrance.socket.address();
    }

    /**
     * Where the last accepted connection came from, null before the first; one in the Unix domain comes from nowhere, a
     * path that is empty.
     */
    public @Nullable SocketAddress lastAccepted() {
        return lastAccepted;
    }

    /** Sets what connections accepted from now on may receive; see {@link Connection#filter}. */
    public void filter(@Nullable ObjectInputFilter wanted) {
        filter = wanted;
    }

    /** How many connections were dropped because they did not go through with the handshake, wrong keys not counted. */
    public long dropped() {
        return entrance.dropped();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return entrance.isClosed();
    }

    /** Accepts nobody any more, and removes its file in the Unix domain; connections accepted stay. Idempotent. */
    @Override
    public void close() {
        entrance.close();
    }

    @Override
    public String toString() {
        return "Listener[" + address() + (entrance.key == null ? "" : ", with key") + (isClosed() ? ", closed" : "")
                + "]";
    }
}
