package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.codec.ForeignClasses;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.ipc.socket.Handshake;
import io.multijvm.ipc.socket.MessageSocket;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The exchange of class files and other resources between the processes of a family.
 *
 * <pre>
 * run directory/classes-N.sock   where process N is asked, from when it first sends an object of such a class
 *               classes/NAME     what was asked for and found: for everybody, also when process N has ended
 * </pre>
 *
 * <p>A request is a resource's name. The answer is one byte, 1 or 0, and after 1 the content.
 */
final class FamilyClasses implements ForeignClasses.Exchange {
    private static final String CACHE = "classes";
    private static final String SOCKETS = "classes-";
    private static final int BACKLOG = 64;
    /** Whoever is silent for so long, being stopped perhaps, counts as gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final byte[] MISSING = {0};
    private static final byte THERE = 1;

    /** Who is asked does not ask in turn, not even through a loader whose parent would: everybody is asked by who needs it. */
    private static final ThreadLocal<Boolean> ASKED_BY_ANOTHER = new ThreadLocal<>();

    private final Family family;
    private final Map<Path, MessageSocket> asked = new ConcurrentHashMap<>(); // an exchange locks it
    private @Nullable Descriptor listener; // guarded by this, as is the next
    private @Nullable FamilyClassLoader loader;

    FamilyClasses(Family family) {
        this.family = family;
    }

    @Override
    public synchronized void offer() {
        if (listener != null) {
            return;
        }
        try {
            Path address = family.directory().file(SOCKETS + family.number() + ".sock");
            Descriptor listening = Sockets.listen(address, BACKLOG);
            listener = listening;
            run("multijvm-classes", () -> accept(listening));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot offer classes to other processes", e);
        }
    }

    private static void run(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Descriptor listening) {
        while (!listening.isClosed()) {
            try {
                FaultPoint.reach("multijvm-classes");
                if (listening.awaitReadable(Deadline.never())) {
                    serveBeside(new MessageSocket(Sockets.accept(listening)));
                }
            } catch (IOException | RuntimeException | Error e) {
                // Closed with the family; or else there are no descriptors, or no memory, at the moment.
                if (!listening.isClosed()) {
                    Survival.of(e);
                }
            }
        }
    }

    private void serveBeside(MessageSocket client) {
        boolean begun = false;
        try {
            run("multijvm-classes-session", () -> serve(client));
            begun = true;
        } finally {
            if (!begun) {
                client.close();
            }
        }
    }

    private void serve(MessageSocket client) {
        try (client) {
            Handshake.accept(client, family.key(), Deadline.after(PATIENCE));
            ASKED_BY_ANOTHER.set(true);
            while (true) {
                MessageSocket.Message request = client.receive();
                request.discard();
                client.send(answer(new String(request.bytes(), StandardCharsets.UTF_8)));
            }
        } catch (EOFException e) {
            // the client needs no more
        } catch (IOException | RuntimeException | Error e) {
            EngineLog.log(Level.DEBUG, "a client for classes is lost", e);
        }
    }

    private byte[] answer(String name) throws IOException {
        byte[] content = resource(name);
        if (content == null) {
            return MISSING;
        }
        keep(name, content);
        byte[] answer = new byte[1 + content.length];
        answer[0] = THERE;
        System.arraycopy(content, 0, answer, 1, content.length);
        return answer;
    }

    /** A class loader is code of the program: if it fails, it has no such resource. */
    private static byte @Nullable [] resource(String name) {
        try {
            FaultPoint.reach("class-loader");
            return ForeignClasses.resource(name);
        } catch (IOException | RuntimeException | Error e) {
            EngineLog.log(Level.WARNING, "a class loader fails to give " + name, e);
            return null;
        }
    }

    /** What is also a directory's name, or too long for a file's, is asked for again. */
    private void keep(String name, byte[] content) {
        Path file = cached(name);
        try {
            if (file != null) {
                Files.createDirectories(file.getParent());
                Path fresh = family.directory().uniqueFile("class");
                Files.write(fresh, content);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            EngineLog.log(Level.DEBUG, "not kept: " + name, e);
        }
    }

    /** Null for a name that leads elsewhere. */
    private @Nullable Path cached(String name) {
        Path cache = family.directory().file(CACHE);
        try {
            Path file = cache.resolve(name).normalize();
            return file.startsWith(cache) && !file.equals(cache) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    @Override
    public synchronized ClassLoader elsewhere() {
        if (loader == null) {
            loader = new FamilyClassLoader(this);
        }
        return loader;
    }

    @Override
    public boolean isElsewhere(ClassLoader other) {
        return other instanceof FamilyClassLoader;
    }

    /** The file with a resource that another process has; null when none has it. */
    @Nullable
    Path find(String name) {
        Path file = cached(name);
        if (file == null) {
            return null;
        }
        if (Files.isRegularFile(file)) {
            return file;
        }
        byte[] content = ask(name);
        if (content == null) {
            return null;
        }
        return Files.isRegularFile(file) ? file : null;
    }

    /** The content of a resource that another process has; null when none has it. */
    byte @Nullable [] read(String name) throws IOException {
        Path file = cached(name);
        if (file == null) {
            return null;
        }
        return Files.isRegularFile(file) ? Files.readAllBytes(file) : ask(name);
    }

    private byte @Nullable [] ask(String name) {
        if (ASKED_BY_ANOTHER.get() != null) {
            return null;
        }
        Path own = family.directory().file(SOCKETS + family.number() + ".sock");
        synchronized (asked) {
            try (DirectoryStream<Path> sockets =
                    Files.newDirectoryStream(family.directory().path(), SOCKETS + "*.sock")) {
                for (Path socket : sockets) {
                    byte[] content = socket.equals(own) ? null : ask(socket, name);
                    if (content != null) {
                        return content;
                    }
                }
            } catch (IOException e) {
                System.getLogger("io.multijvm").log(System.Logger.Level.DEBUG, "nobody to ask for classes", e);
            }
            return null;
        }
    }

    private byte @Nullable [] ask(Path socket, String name) {
        try {
            MessageSocket line = asked.get(socket);
            if (line == null) {
                line = MessageSocket.connect(socket);
                asked.put(socket, line);
                Handshake.connect(line, family.key(), Deadline.after(PATIENCE));
            }
            line.send(name.getBytes(StandardCharsets.UTF_8));
            MessageSocket.Message answer = line.receive(Deadline.after(PATIENCE));
            if (answer == null) {
                throw new SocketTimeoutException("no answer from " + socket);
            }
            answer.discard();
            byte[] bytes = answer.bytes();
            return bytes[0] == THERE ? Arrays.copyOfRange(bytes, 1, bytes.length) : null;
        } catch (IOException e) {
            MessageSocket lost = asked.remove(socket); // its process has ended, or is stopped
            if (lost != null) {
                lost.close();
            }
            return null;
        }
    }

    synchronized void close() {
        if (listener != null) {
            listener.close();
            listener = null;
        }
        asked.values().forEach(MessageSocket::close);
    }
}
