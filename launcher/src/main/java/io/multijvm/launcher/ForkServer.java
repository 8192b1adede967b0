package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.ipc.socket.Handshake;
import io.multijvm.ipc.socket.MessageSocket;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The process that keeps warm spare JVMs for its family: one per family, started by whichever process needs it first.
 *
 * <p>It runs no code of the user's. When its starter dies it sees end-of-file and ends, its spares with it; the children
 * it has handed over belong to others and live on. When it dies itself, the next start has another one started.
 */
public final class ForkServer implements EntryPoint {
    private static final int BACKLOG = 64;
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final byte[] DONE = {};

    private @Nullable SpareStock stock;

    /** Made by name in the server's process. */
    public ForkServer() {}

    @Override
    public void warmUp(List<String> expected) {}

    @Override
    public void run(Start start, List<Descriptor> descriptors, ParentChannel parent) throws IOException {
        Path address = start.runDirectory().resolve(ForkServerClient.SOCKET);
        Files.deleteIfExists(address); // a dead predecessor's; the lock that came along makes us the only one
        var in = new DataInputStream(new ByteArrayInputStream(start.payload()));
        WarmPolicy policy = WarmPolicy.read(in);
        var spares = new SpareStock(Family.current(), policy);
        stock = spares;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(spares), "multijvm-forkserver-end"));
        try (Descriptor listener = Sockets.listen(address, BACKLOG)) {
            spares.expect(in.readUTF(), readProfile(in));
            parent.running();
            while (listener.awaitReadable(Deadline.never())) {
                serve(new MessageSocket(Sockets.accept(listener)), start.familyKey());
            }
        }
    }

    /** Not by the JVM's own exit, which would wait 300 ms for threads that are blocked in a system call. */
    private static void end(SpareStock spares) {
        spares.close();
        try {
            ProcessControl.killSelf();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(MessageSocket socket, byte[] key) {
        boolean begun = false;
        try {
            var thread = new Thread(() -> session(socket, key), "multijvm-forkserver-session");
            thread.setDaemon(true);
            thread.start();
            begun = true;
        } catch (OutOfMemoryError e) { // or out of threads
            EngineLog.log(System.Logger.Level.DEBUG, "a client of the fork server is refused", e);
        } finally {
            if (!begun) {
                socket.close();
            }
        }
    }

    private void session(MessageSocket socket, byte[] key) {
        SpareStock spares = Objects.requireNonNull(stock);
        SpareStock.Line line = null;
        try (socket) {
            Handshake.accept(socket, key, Deadline.after(HANDSHAKE));
            while (true) {
                FaultPoint.reach("multijvm-forkserver-session");
                MessageSocket.Message message = socket.receive();
                message.discard();
                line = serve(Request.of(message.bytes()), line, spares, socket);
            }
        } catch (EOFException e) {
            // the client has ended, or needs no more
        } catch (IOException | RuntimeException | Error e) { // the client opens another session
            EngineLog.log(System.Logger.Level.DEBUG, "a client of the fork server is lost", e);
        } finally {
            spares.close(line);
        }
    }

    private static SpareStock.@Nullable Line serve(
            Request request, SpareStock.@Nullable Line line, SpareStock spares, MessageSocket client)
            throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(request.body()));
        switch (request.verb()) {
            case LINE -> {
                return spares.open(in.readUTF(), readProfile(in), Strings.read(in), client);
            }
            case NEXT -> spares.next(Objects.requireNonNull(line), Strings.read(in));
            case AWAIT -> {
                boolean there = spares.await(in.readUTF(), readProfile(in), in.readInt(), in.readLong());
                client.send(new byte[] {(byte) (there ? 1 : 0)});
            }
            case POLICY -> {
                spares.policy(WarmPolicy.read(in));
                client.send(DONE);
            }
        }
        return line;
    }

    /** What a client asks for. */
    enum Verb {
        /** Entry point, profile, classes to be needed: from now on a spare is sent whenever the client has none; no answer but that. */
        LINE,
        /** Classes that the target needed which the last spare was used for: the line's client has none any more. */
        NEXT,
        /** Entry point, profile, count, nanoseconds; answered when there are as many spares, or with 0 in the end. */
        AWAIT,
        /** A new policy; answered when it is taken. */
        POLICY;

        private static final Verb[] ALL = values();
    }

    /** One message of a client. */
    record Request(Verb verb, byte[] body) {
        static Request of(byte[] bytes) {
            return new Request(Verb.ALL[bytes[0]], Arrays.copyOfRange(bytes, 1, bytes.length));
        }

        byte[] toBytes() {
            byte[] bytes = new byte[1 + body.length];
            bytes[0] = (byte) verb.ordinal();
            System.arraycopy(body, 0, bytes, 1, body.length);
            return bytes;
        }
    }

    static void writeProfile(DataOutputStream out, Profile profile) throws IOException {
        Strings.write(out, profile.command());
        var environment = new ArrayList<String>();
        profile.environment().forEach((name, value) -> {
            environment.add(name);
            environment.add(value);
        });
        Strings.write(out, environment);
        Path directory = profile.directory();
        Strings.write(out, directory == null ? List.of() : List.of(directory.toString()));
    }

    static Profile readProfile(DataInputStream in) throws IOException {
        List<String> command = Strings.read(in);
        List<String> pairs = Strings.read(in);
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            environment.put(pairs.get(i), pairs.get(i + 1));
        }
        List<String> directory = Strings.read(in);
        return new Profile(command, environment, directory.isEmpty() ? null : Path.of(directory.get(0)));
    }
}
