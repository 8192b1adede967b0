package io.multijvm.launcher;

import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Executable;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.JdkInternals;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.os.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** A child of a family whose process is a shell and whose end of the control channel is the test's. */
final class StandIn implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String OBEY = "read -r code words; [ -z \"$words\" ] || echo \"$words\" >&2; exit \"$code\"";

    final Family family = new Family(null, new byte[32], RunDirectory.ROOT);
    final List<byte[]> failures = new CopyOnWriteArrayList<>();
    final StartedJvm jvm;
    /** The child's ends. */
    final ParentChannel channel;

    final Descriptor socket;
    final Descriptor lifeline;
    /** The fork server's end of a leased child's status pipe. */
    final Descriptor status;

    private final Descriptor clientsStatus;
    private final Descriptor orders;
    private boolean isReaped;

    StandIn() throws IOException {
        this(OBEY);
    }

    StandIn(String script) throws IOException {
        Descriptor[] control = Sockets.streamPair();
        Descriptor[] stderr = Descriptor.pipe();
        Descriptor[] life = Descriptor.pipe();
        Descriptor[] stdin = Descriptor.pipe();
        Descriptor[] word = Descriptor.pipe();
        RunDirectory.Liveness liveness = family.directory().newLiveness();
        socket = control[1];
        lifeline = life[0];
        status = word[1];
        clientsStatus = word[0];
        orders = stdin[1];
        channel = new ParentChannel(
                JdkInternals.fileDescriptor(socket.number()), socket.number(), "/proc/self/fd/" + lifeline.number());
        int newGroup = 0;
        try (Descriptor shells = stdin[0];
                Descriptor shellsStderr = stderr[1];
                Descriptor nowhere = Descriptor.devNull()) {
            var command = List.of("/bin/sh", "-c", script);
            int pid = new Executable(
                            command, Shells.PATH, Path.of("/"), List.of(shells, nowhere, shellsStderr), newGroup)
                    .spawn();
            jvm = new StartedJvm(pid, control[0], stderr[0], life[1], liveness);
        }
    }

    Child own() throws IOException {
        return own(Output.discard());
    }

    /** Its standard error goes to {@code stderr}, as in the next. */
    Child own(Output stderr) throws IOException {
        isReaped = true;
        return Child.own(spec("subject", stderr), jvm, family, null);
    }

    Child leased() throws IOException {
        return leased(Output.discard());
    }

    Child leased(Output stderr) throws IOException {
        var lease = new ForkServerClient.Lease(
                jvm.pid(), jvm.liveness().number(), jvm.control(), jvm.stderr(), jvm.lifeline(), clientsStatus);
        return Child.leased(spec("subject", stderr), lease, family, null);
    }

    LaunchSpec spec() {
        return spec("subject");
    }

    LaunchSpec spec(String subject) {
        return spec(subject, Output.discard());
    }

    private LaunchSpec spec(String subject, Output stderr) {
        LaunchSpec spec = Shells.spec(Shells.profile(""), subject, Output.discard(), new byte[0]);
        return new LaunchSpec(
                spec.name(),
                spec.profile(),
                spec.entryPoint(),
                spec.payload(),
                subject,
                List.of(),
                spec.stdout(),
                stderr,
                failures::add);
    }

    /** Writes bytes into the control channel that need not be a frame. */
    void say(byte... bytes) throws IOException {
        socket.writeFully(bytes, 0, bytes.length);
    }

    /** Returns when the parent has taken all that was said. */
    void awaitHeard() {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(PATIENCE)
                .until(() -> !Sockets.isUnread(socket));
    }

    /** Says as the fork server how the process of a leased child has ended. */
    void sayStatus(int signalled, int number) throws IOException {
        byte[] word = ByteBuffer.allocate(8).putInt(signalled).putInt(number).array();
        status.writeFully(word, 0, word.length);
    }

    /** Has the process end with {@code code}, after it has printed {@code words}. */
    void exit(int code, String... words) throws IOException {
        byte[] line = (code + " " + String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8);
        orders.writeFully(line, 0, line.length);
    }

    /** Waits until the process has ended, and fetches its status as the fork server would. */
    void reap() throws IOException {
        try (Descriptor process = ProcessControl.watch(jvm.pid())) {
            process.sleepUntilReadable();
        }
        ExitStatus.reap(jvm.pid());
        isReaped = true;
    }

    @Override
    public void close() throws IOException {
        orders.close();
        socket.close();
        lifeline.close();
        status.close();
        ProcessControl.signal(jvm.pid(), ProcessControl.SIGKILL);
        if (!isReaped) {
            reap();
            jvm.liveness().remove();
        } else {
            Awaitility.await().atMost(PATIENCE).until(() -> isGone(jvm.pid()));
        }
        family.close();
    }

    static boolean isGone(int pid) throws IOException {
        return !ProcessControl.signal(pid, 0);
    }
}
