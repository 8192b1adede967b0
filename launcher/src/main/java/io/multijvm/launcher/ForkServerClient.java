package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.socket.Handshake;
import io.multijvm.ipc.socket.MessageSocket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process's way to the family's fork server.
 *
 * <p>Nothing here makes a start wait for the server to come up. A process's first start does not ask for one: many
 * programs start one child and no more. The second one has a thread see to it that the server runs, whoever of the
 * family started it, and that this process is connected; until that is done, and again when the server has died, starts
 * are told that there is no spare.
 */
public final class ForkServerClient {
    static final String SOCKET = "forkserver.sock";

    private static final String LOCK = "forkserver.lock";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final Duration SECOND_TRY = Duration.ofSeconds(5);
    private static final Duration SHUTDOWN = Duration.ofSeconds(1);

    private final Family family;
    private final Map<Profile, Integer> defined = new HashMap<>(); // guarded by this, as is all below
    private @Nullable MessageSocket connection;
    private @Nullable Child server;
    private @Nullable Thread connecting;
    private WarmPolicy policy = WarmPolicy.defaults();
    private Deadline mayTryAgain = Deadline.after(Duration.ZERO);
    private boolean asked;
    private boolean closed;

    ForkServerClient(Family family) {
        this.family = family;
    }

    /** A spare that is this process's child from now on. */
    record Lease(int pid, String liveness, Descriptor control, Descriptor stderr, Descriptor status) {}

    /** What servers started from now on keep ready; one that runs already is told. */
    public synchronized void policy(WarmPolicy wanted) throws IOException {
        policy = wanted;
        if (connection != null) {
            ask(new ForkServer.Request(ForkServer.Verb.POLICY, body(wanted::write)));
        }
    }

    /** The pid of the server, if this process has started it and it lives. */
    public synchronized java.util.OptionalLong serverPid() {
        return server != null && !server.exit().isDone()
                ? java.util.OptionalLong.of(server.pid())
                : java.util.OptionalLong.empty();
    }

    /** A spare for {@code spec}, or null when there is none at the moment. */
    synchronized @Nullable Lease take(LaunchSpec spec) throws IOException {
        if (connection == null) {
            if (asked || Files.exists(family.directory().file(SOCKET))) {
                connectBeside(spec);
            }
            asked = true;
            return null;
        }
        try {
            return lease(spec);
        } catch (PosixException | EOFException e) {
            disconnect(); // the server has died, or is stopped
            connectBeside(spec);
            return null;
        }
    }

    private @Nullable Lease lease(LaunchSpec spec) throws IOException {
        Integer id = defined.get(spec.profile());
        if (id == null) {
            id = define(spec);
        }
        int number = id;
        MessageSocket.Message reply = ask(new ForkServer.Request(ForkServer.Verb.TAKE, body(out -> {
            out.writeInt(number);
            out.writeUTF(spec.subject());
        })));
        var in = new DataInputStream(new ByteArrayInputStream(reply.bytes()));
        if (!in.readBoolean()) {
            return null;
        }
        List<Descriptor> descriptors = reply.descriptors();
        return new Lease(in.readInt(), in.readUTF(), descriptors.get(0), descriptors.get(1), descriptors.get(2));
    }

    private int define(LaunchSpec spec) throws IOException {
        MessageSocket.Message reply = ask(new ForkServer.Request(ForkServer.Verb.DEFINE, body(out -> {
            out.writeUTF(spec.entryPoint());
            ForkServer.writeProfile(out, spec.profile());
        })));
        int id = new DataInputStream(new ByteArrayInputStream(reply.bytes())).readInt();
        defined.put(spec.profile(), id);
        return id;
    }

    private MessageSocket.Message ask(ForkServer.Request request) throws IOException {
        MessageSocket socket = connection;
        if (socket == null) {
            throw new EOFException("not connected");
        }
        return ForkServer.call(socket, request, Deadline.after(ANSWER));
    }

    /**
     * Waits until the server has {@code spares} ready spares of the spec's profile, starting it if need be; returns
     * whether it has.
     */
    public boolean awaitWarm(LaunchSpec spec, int spares, Deadline deadline) throws IOException, InterruptedException {
        int id;
        Thread pending;
        synchronized (this) {
            asked = true;
            if (connection == null) {
                connectBeside(spec);
            }
            pending = connecting;
        }
        if (pending != null) {
            pending.join(
                    Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()))));
        }
        synchronized (this) {
            if (connection == null) {
                return false;
            }
            Integer known = defined.get(spec.profile());
            id = known == null ? define(spec) : known;
        }
        // A connection of its own: the wait must not hold up other threads' starts.
        try (MessageSocket socket = connect()) {
            MessageSocket.Message reply = ForkServer.call(
                    socket,
                    new ForkServer.Request(ForkServer.Verb.AWAIT, body(out -> {
                        out.writeInt(id);
                        out.writeInt(spares);
                        out.writeLong(deadline.remainingNanos());
                    })),
                    deadline.plus(ANSWER));
            return reply.bytes()[0] != 0;
        }
    }

    private synchronized void connectBeside(LaunchSpec spec) {
        if (connecting != null || closed || !mayTryAgain.isOver()) {
            return;
        }
        connecting = new Thread(() -> connectOrGiveUp(spec), "multijvm-forkserver-connect");
        connecting.setDaemon(true);
        connecting.start();
    }

    private void connectOrGiveUp(LaunchSpec spec) {
        MessageSocket socket = null;
        try {
            ensureRunning(spec);
            socket = connect();
        } catch (IOException | LaunchException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.DEBUG, "no fork server", e);
        }
        synchronized (this) {
            connecting = null;
            if (socket == null) {
                mayTryAgain = Deadline.after(SECOND_TRY);
            } else if (closed) {
                socket.close();
            } else {
                connection = socket;
            }
        }
    }

    private MessageSocket connect() throws IOException {
        MessageSocket socket = MessageSocket.connect(family.directory().file(SOCKET));
        try {
            Handshake.connect(socket, family.key(), Deadline.after(PATIENCE));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Starts the server unless a process of the family has one: it holds the lock as long as it lives. */
    private void ensureRunning(LaunchSpec spec) throws IOException {
        Path lockFile = family.directory().file(LOCK);
        Descriptor.Locked lock = Descriptor.openLocked(lockFile);
        if (!lock.held()) {
            return;
        }
        WarmPolicy wanted;
        synchronized (this) {
            wanted = policy;
        }
        try (Descriptor held = lock.descriptor()) {
            byte[] payload = body(out -> {
                wanted.write(out);
                out.writeUTF(spec.entryPoint());
                ForkServer.writeProfile(out, spec.profile());
            });
            // Its first start is what the server reports when it listens.
            var launcher = new SpawnLauncher(new Acceptance(PATIENCE));
            Child started = launcher.launch(new LaunchSpec(
                    "forkserver",
                    JvmCommand.forServer(spec.profile()),
                    ForkServer.class.getName(),
                    new Encoded(payload, List.of(held)),
                    "forkserver",
                    Output.inherit(),
                    Output.inherit(),
                    failure -> {}));
            synchronized (this) {
                server = started;
            }
        }
    }

    private void disconnect() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
        defined.clear();
    }

    /** Ends the server if this process has started it. */
    void close() {
        Thread pending;
        synchronized (this) {
            closed = true;
            disconnect();
            pending = connecting;
        }
        try {
            if (pending != null) {
                pending.interrupt();
                pending.join();
            }
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends with this process
        } catch (IOException | ExecutionException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.WARNING, "the fork server did not end", e);
        }
    }

    private void end() throws IOException, InterruptedException, ExecutionException {
        Child ending;
        synchronized (this) {
            ending = server;
        }
        if (ending == null) {
            return;
        }
        ending.hangUp();
        try {
            ending.exit().get(SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            ending.signal(ProcessControl.SIGKILL);
            ending.exit().get();
        }
    }

    private static byte[] body(Content content) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }
}
