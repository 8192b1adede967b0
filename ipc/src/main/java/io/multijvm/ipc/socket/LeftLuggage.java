package io.multijvm.ipc.socket;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.ipc.sync.Domain;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Open channels inside what waits in shared memory or files, an item of a queue or a task of a pool. They cannot lie
 * there, so the process that puts the item keeps them until it is taken, and hands them out at a socket in the run
 * directory. They are lost with that process. Python: {@code resource_sharer}.
 *
 * <pre>
 * item       0    1             5        13
 *            | -1 | process (4) | ticket | what the codec made
 * request    0               1
 *            | TAKE or LOOK  | ticket      answer: an empty message with the descriptors, or end-of-file
 * </pre>
 */
public final class LeftLuggage {
    private static final byte MARK = -1; // the codec begins with no such byte
    private static final int PREFIX = 1 + Integer.BYTES + Long.BYTES;
    private static final byte TAKE = 1;
    private static final byte LOOK = 0;
    private static final int BACKLOG = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static @Nullable Desk desk; // guarded by the class, as are its fields
    private static long tickets;

    private LeftLuggage() {}

    /** Keeps copies of {@code descriptors}; returns the item that names them. */
    public static byte[] leave(Domain domain, byte[] encoded, int length, List<Descriptor> descriptors)
            throws IOException {
        long ticket = deposit(domain, descriptors);
        return ByteBuffer.allocate(PREFIX + length)
                .put(MARK)
                .putInt(domain.number())
                .putLong(ticket)
                .put(encoded, 0, length)
                .array();
    }

    private static synchronized long deposit(Domain domain, List<Descriptor> descriptors) throws IOException {
        Path address = address(domain.directory(), domain.number());
        Desk open = desk;
        if (open == null || !open.address.equals(address)) {
            if (open != null) {
                open.listener.close(); // of a family that has ended; that ends its thread
            }
            open = Desk.open(address);
            desk = open;
        }
        var copies = new ArrayList<Descriptor>(descriptors.size());
        for (Descriptor descriptor : descriptors) {
            copies.add(descriptor.duplicate());
        }
        open.kept.put(++tickets, copies);
        return tickets;
    }

    /** Gives up what was kept for an item that is in no queue. */
    public static void giveUp(byte[] item) {
        List<Descriptor> kept =
                handOut(ByteBuffer.wrap(item, 1 + Integer.BYTES, Long.BYTES).getLong(), true);
        if (kept != null) {
            kept.forEach(Descriptor::close);
        }
    }

    /** Whether there are channels that belong to {@code item}. */
    public static boolean isNamedBy(byte[] item) {
        return item[0] == MARK;
    }

    /** The item without the name of its channels. */
    public static byte[] contentOf(byte[] item) {
        return ByteBuffer.allocate(item.length - PREFIX)
                .put(item, PREFIX, item.length - PREFIX)
                .array();
    }

    /**
     * The channels of an item; they are kept for others still unless it is {@code taken}.
     *
     * @throws IOException when they are gone with their process, or taken
     */
    public static List<Descriptor> collect(Domain domain, byte[] item, boolean taken) throws IOException {
        ByteBuffer name = ByteBuffer.wrap(item, 1, PREFIX - 1);
        Path address = address(domain.directory(), name.getInt());
        try (MessageSocket socket = MessageSocket.connect(address)) {
            socket.send(ByteBuffer.allocate(1 + Long.BYTES)
                    .put(taken ? TAKE : LOOK)
                    .putLong(name.getLong())
                    .array());
            return socket.receive().descriptors();
        } catch (PosixException | EOFException e) {
            throw new IOException(
                    "its open channels are gone: the process that put it has ended, or they were taken before", e);
        }
    }

    private static Path address(RunDirectory directory, int process) {
        return directory.file("luggage-" + process + ".sock");
    }

    /** What is kept under {@code ticket}, or copies of it; null when there is nothing. */
    private static synchronized @Nullable List<Descriptor> handOut(long ticket, boolean forGood) {
        Desk open = desk;
        List<Descriptor> kept = open == null ? null : open.kept.get(ticket);
        if (open == null || kept == null) {
            return null;
        }
        if (forGood) {
            open.kept.remove(ticket);
            return kept;
        }
        try {
            var copies = new ArrayList<Descriptor>(kept.size());
            for (Descriptor each : kept) {
                copies.add(each.duplicate());
            }
            return copies;
        } catch (IOException e) {
            return null; // out of descriptors, and who asked is told that there is nothing
        }
    }

    /** Closes the desk when nothing is kept any more; returns whether it did. */
    private static synchronized boolean closeIfIdle(Desk asked) {
        if (desk == asked && !asked.kept.isEmpty()) {
            return false;
        }
        if (desk == asked) {
            desk = null;
        }
        asked.kept.values().forEach(all -> all.forEach(Descriptor::close));
        asked.listener.close();
        try {
            Files.deleteIfExists(asked.address);
        } catch (IOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.WARNING, "a socket file stays behind", e);
        }
        return true;
    }

    /** The socket, and the thread that serves it as long as there is something to hand out. */
    private static final class Desk implements Runnable {
        final Path address;
        final Descriptor listener;
        final Map<Long, List<Descriptor>> kept = new HashMap<>();

        private Desk(Path address, Descriptor listener) {
            this.address = address;
            this.listener = listener;
        }

        static Desk open(Path address) throws IOException {
            Files.deleteIfExists(address);
            var desk = new Desk(address, Sockets.listen(address, BACKLOG));
            var thread = new Thread(desk, "multijvm-luggage");
            thread.setDaemon(true);
            thread.start();
            return desk;
        }

        @Override
        public void run() {
            while (!listener.isClosed()) {
                try {
                    FaultPoint.reach("luggage");
                    listener.awaitReadable(Deadline.never());
                    serve();
                } catch (InterruptedIOException e) {
                    boolean ignored = Thread.interrupted(); // of nobody's that is known
                } catch (IOException e) {
                    // of one who asked and went away; it is his to say what he misses
                } catch (RuntimeException | Error e) {
                    Survival.of(e);
                }
                closeQuietly();
            }
        }

        private void closeQuietly() {
            try {
                boolean ignored = closeIfIdle(this);
            } catch (RuntimeException | Error e) {
                Survival.of(e);
            }
        }

        private void serve() throws IOException {
            try (var socket = new MessageSocket(Sockets.accept(listener))) {
                if (!socket.poll(Deadline.after(PATIENCE))) {
                    return;
                }
                MessageSocket.Message message = socket.receive();
                message.discard();
                ByteBuffer request = ByteBuffer.wrap(message.bytes());
                if (request.remaining() != 1 + Long.BYTES) {
                    return;
                }
                boolean forGood = request.get() == TAKE;
                List<Descriptor> found = handOut(request.getLong(), forGood);
                if (found != null) {
                    try {
                        socket.send(new byte[0], 0, 0, found);
                    } finally {
                        found.forEach(Descriptor::close);
                    }
                }
            }
        }
    }
}
