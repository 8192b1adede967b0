package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process's way to the family's fork server.
 *
 * <p>Nothing here makes a start wait for the server to come up. A process's first start of a kind of JVM does not ask
 * for one: many programs start one child and no more. The second one has a thread see to it that the server runs,
 * whoever of the family started it, and that this process has a line to it; until that is done, and again when the
 * server has died, starts are told that there is no spare.
 *
 * <p>A spare is there before it is asked for: the server sends one to each line, where it waits in the socket's buffer,
 * and the next one when that is used. So a start does not talk to the server at all.
 */
public final class ForkServerClient {
    static final String SOCKET = "forkserver.sock";

    private static final String LOCK = "forkserver.lock";
    /** Beyond so many kinds of JVM, what is started is hardly started again. */
    private static final int KINDS = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final Duration SECOND_TRY = Duration.ofSeconds(5);
    private static final Duration SHUTDOWN = Duration.ofSeconds(1);

    private final Family family;
    private final Map<Kind, MessageSocket> lines = new HashMap<>(); // guarded by this, as is all below
    private @Nullable Child server;
    private @Nullable Thread connecting;
    private WarmPolicy policy = WarmPolicy.defaults();
    private Deadline mayTryAgain = Deadline.after(Duration.ZERO);
    private Deadline idle = Deadline.never();
    private final Set<Kind> startedOnce = new HashSet<>();
    private boolean closed;

    ForkServerClient(Family family) {
        this.family = family;
    }

    /** What a spare is good for: its JVM, and what it has practised. */
    private record Kind(String entryPoint, Profile profile) {
        static Kind of(LaunchSpec spec) {
            return new Kind(spec.entryPoint(), spec.profile());
        }

        /** Written out, as {@link Profile}'s is. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Kind that && entryPoint.equals(that.entryPoint) && profile.equals(that.profile);
        }

        @Override
        public int hashCode() {
            return 31 * profile.hashCode() + entryPoint.hashCode();
        }
    }

    /** A spare that is this process's child from now on. */
    record Lease(int pid, int number, Descriptor control, Descriptor stderr, Descriptor lifeline, Descriptor status) {
        static byte[] describe(StartedJvm spare) {
            return body(out -> {
                out.writeInt(spare.pid());
                out.writeInt(spare.liveness().number());
            });
        }

        /** Ends the spare, which sees its control channel end. */
        void giveUp() {
            List.of(control, stderr, lifeline, status).forEach(Descriptor::close);
        }

        static Lease of(MessageSocket.Message message) throws IOException {
            var in = new DataInputStream(new ByteArrayInputStream(message.bytes()));
            List<Descriptor> open = message.descriptors();
            return new Lease(in.readInt(), in.readInt(), open.get(0), open.get(1), open.get(2), open.get(3));
        }
    }

    /** What servers started from now on keep ready; one that runs already is told. */
    public void policy(WarmPolicy wanted) throws IOException {
        synchronized (this) {
            policy = wanted;
            if (startedOnce.isEmpty() && server == null) {
                return;
            }
            hangUp(); // with the spares that the old policy made
        }
        try (MessageSocket socket = connect()) {
            call(socket, new ForkServer.Request(ForkServer.Verb.POLICY, body(wanted::write)), Deadline.after(ANSWER));
        } catch (PosixException e) {
            // no server runs; the next one is told when it starts
        }
    }

    /** The pid of the server, if this process has started it and it lives. */
    public synchronized OptionalLong serverPid() {
        return server != null && !server.exit().isDone() ? OptionalLong.of(server.pid()) : OptionalLong.empty();
    }

    /** The spare that is there for {@code spec}, or null; never waits. {@link #taken} is to follow. */
    synchronized @Nullable Lease take(LaunchSpec spec) throws IOException {
        MessageSocket line = lines.get(Kind.of(spec));
        if (line == null) {
            if (startedOnce.contains(Kind.of(spec))) {
                openBeside(spec);
            } else if (startedOnce.size() < KINDS) {
                startedOnce.add(Kind.of(spec));
            }
            return null;
        }
        try {
            return line.poll(Deadline.after(Duration.ZERO)) ? Lease.of(line.receive()) : null;
        } catch (IOException e) {
            hangUp();
            openBeside(spec);
            return null;
        }
    }

    /** The spare of {@code spec} is used: the server sends the next one. */
    synchronized void taken(LaunchSpec spec) {
        MessageSocket line = lines.get(Kind.of(spec));
        idle = Deadline.after(policy.idleTimeout());
        if (line == null) {
            return;
        }
        try {
            byte[] classes = body(out -> Strings.write(out, classesOf(spec)));
            line.send(new ForkServer.Request(ForkServer.Verb.NEXT, classes).toBytes());
        } catch (IOException e) {
            hangUp();
        }
    }

    /** Ends all lines, and with them the spares that wait there: they are one server's, so they die together, too. */
    private synchronized void hangUp() {
        lines.values().forEach(MessageSocket::close);
        lines.clear();
    }

    /** Gives back the spares held in advance when none was used in a long time. */
    private synchronized void dropIdle() {
        if (idle.isOver()) {
            hangUp();
        } else if (!lines.isEmpty()) {
            family.monitor().at(idle, this::dropIdle);
        }
    }

    /**
     * Waits until {@code spares} spares of the spec's profile are ready, starting the server if need be; returns whether
     * they are.
     */
    public boolean awaitWarm(LaunchSpec spec, int spares, Deadline deadline) throws IOException, InterruptedException {
        if (spares <= 0) {
            return true;
        }
        if (Debugging.isIn(spec.profile())) {
            return false;
        }
        MessageSocket line = awaitLine(spec, deadline);
        if (line == null || !line.poll(deadline)) {
            return false;
        }
        try (MessageSocket socket = connect()) {
            byte[] request = body(out -> {
                out.writeUTF(spec.entryPoint());
                ForkServer.writeProfile(out, spec.profile());
                out.writeInt(spares - 1); // one is on the line
                out.writeLong(deadline.remainingNanos());
            });
            var await = new ForkServer.Request(ForkServer.Verb.AWAIT, request);
            return call(socket, await, deadline.plus(ANSWER))[0] != 0;
        }
    }

    private @Nullable MessageSocket awaitLine(LaunchSpec spec, Deadline deadline) throws InterruptedException {
        Thread pending;
        synchronized (this) {
            if (!lines.containsKey(Kind.of(spec))) {
                openBeside(spec);
            }
            pending = connecting;
        }
        if (pending != null) {
            pending.join(deadline.joinMillis());
        }
        synchronized (this) {
            return lines.get(Kind.of(spec));
        }
    }

    private synchronized void openBeside(LaunchSpec spec) {
        if (connecting != null || closed || !mayTryAgain.isOver()) {
            return;
        }
        var thread = new Thread(() -> openOrGiveUp(spec), "multijvm-forkserver-connect");
        thread.setDaemon(true);
        thread.start();
        connecting = thread;
    }

    private void openOrGiveUp(LaunchSpec spec) {
        MessageSocket line = null;
        try {
            FaultPoint.reach("multijvm-forkserver-connect");
            ensureRunning(spec);
            line = open(spec);
        } catch (IOException | RuntimeException | Error e) { // a later start tries again
            EngineLog.log(System.Logger.Level.DEBUG, "no fork server", e);
        } finally {
            opened(spec, line);
        }
    }

    private synchronized void opened(LaunchSpec spec, @Nullable MessageSocket line) {
        connecting = null;
        if (line == null) {
            mayTryAgain = Deadline.after(SECOND_TRY);
        } else if (closed) {
            line.close();
        } else {
            keep(spec, line);
        }
    }

    private void keep(LaunchSpec spec, MessageSocket line) {
        boolean kept = false;
        try {
            idle = Deadline.after(policy.idleTimeout());
            family.monitor().at(idle, this::dropIdle);
            lines.put(Kind.of(spec), line);
            kept = true;
        } finally {
            if (!kept) {
                line.close();
            }
        }
    }

    private MessageSocket open(LaunchSpec spec) throws IOException {
        MessageSocket line = connect();
        byte[] request = body(out -> {
            out.writeUTF(spec.entryPoint());
            ForkServer.writeProfile(out, spec.profile());
            Strings.write(out, classesOf(spec));
        });
        try {
            line.send(new ForkServer.Request(ForkServer.Verb.LINE, request).toBytes());
            return line;
        } catch (IOException e) {
            line.close();
            throw e;
        }
    }

    /** What a spare should have loaded when it gets such a start, the target's class last. */
    private static List<String> classesOf(LaunchSpec spec) {
        var classes = new ArrayList<>(spec.classes());
        classes.add(spec.subject());
        return classes;
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

    private static byte[] call(MessageSocket server, ForkServer.Request request, Deadline deadline) throws IOException {
        server.send(request.toBytes());
        if (!server.poll(deadline)) {
            throw new EOFException("the fork server does not answer");
        }
        return server.receive().bytes();
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
                    List.of(),
                    Output.inherit(),
                    Output.inherit(),
                    failure -> {}));
            synchronized (this) {
                server = started;
            }
        }
    }

    /** Ends the server if this process has started it. */
    void close() {
        Thread pending;
        synchronized (this) {
            closed = true;
            hangUp();
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
            EngineLog.log(System.Logger.Level.WARNING, "the fork server did not end", e);
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
