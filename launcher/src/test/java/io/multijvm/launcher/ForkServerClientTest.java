package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.ipc.socket.Handshake;
import io.multijvm.ipc.socket.MessageSocket;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.Fault;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's side is the test's, which holds the lock that says that there is a server. */
final class ForkServerClientTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final WarmPolicy BRIEF = new WarmPolicy(1, Duration.ofMillis(50), List.of("x.Y"));

    private final Family family = new Family(null, KEY, RunDirectory.ROOT);
    private final ForkServerClient client = new ForkServerClient(family);
    private final LaunchSpec spec = Shells.spec(Shells.profile("script", "argument"));
    private final List<MessageSocket> accepted = new ArrayList<>();
    private Descriptor lock;
    private Descriptor listener;

    @BeforeEach
    void playServer() throws IOException {
        Descriptor.Locked locked = Descriptor.openLocked(family.directory().file("forkserver.lock"));
        assertThat(locked.held()).isTrue();
        lock = locked.descriptor();
        listener = Sockets.listen(family.directory().file(ForkServerClient.SOCKET), 8);
    }

    @AfterEach
    void close() {
        client.close();
        accepted.forEach(MessageSocket::close);
        listener.close();
        lock.close();
        family.close();
    }

    @Test
    void take_firstOfAKind_asksNobody() throws IOException {
        assertThat(client.take(spec)).isNull();
        assertThat(client.take(Shells.spec(Shells.profile("another")))).isNull();

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("multijvm-forkserver-connect");
        assertThat(listener.awaitReadable(Deadline.after(Duration.ZERO))).isFalse();
        assertThat(client.serverPid()).isEmpty();
    }

    @Test
    void take_secondOfAKind_opensALine() throws IOException {
        DataInputStream request = body(openLine(), ForkServer.Verb.LINE);

        assertThat(request.readUTF()).isEqualTo(spec.entryPoint());
        assertThat(ForkServer.readProfile(request)).isEqualTo(spec.profile());
        assertThat(Strings.read(request)).containsExactly("a.B", "subject");
    }

    @Test
    void take_spareOnTheLine_isLeasedAndTheNextOneAskedFor() throws IOException {
        MessageSocket line = openLine();
        line.receive();
        RunDirectory.Liveness liveness = family.directory().newLiveness();
        sendSpare(line, liveness);

        ForkServerClient.Lease lease = awaitLease();
        assertThat(client.take(spec)).isNull();
        client.taken(spec);

        assertThat(lease.pid()).isEqualTo(4711);
        assertThat(lease.number()).isEqualTo(liveness.number());
        assertThat(Strings.read(body(line, ForkServer.Verb.NEXT))).containsExactly("a.B", "subject");
        close(lease);
        liveness.remove();
    }

    @Test
    void take_serverGone_isNullAndAnotherLineIsOpened() throws IOException {
        MessageSocket line = openLine();
        line.receive();
        RunDirectory.Liveness liveness = family.directory().newLiveness();
        sendSpare(line, liveness);
        close(awaitLease());

        line.close();
        assertThat(client.take(spec)).isNull();

        body(accept(), ForkServer.Verb.LINE);
        liveness.remove();
    }

    @ParameterizedTest
    @EnumSource
    void take_faultWhereALineIsOpened_hurtsThatAttemptAlone(Fault fault) throws IOException {
        Fault.Injector struck = fault.at("multijvm-forkserver-connect", 1);
        FaultPoint.inject(struck);
        assertThat(client.take(spec)).isNull();

        assertThat(client.take(spec)).isNull();

        Eventually.holds(struck::hasStruck);
        FaultPoint.inject(null);
        if (fault == Fault.DELAY) {
            body(accept(), ForkServer.Verb.LINE);
        }
        assertThat(client.take(spec)).isNull();
    }

    @Test
    void taken_withoutALine_isNothing() throws IOException {
        client.taken(spec);

        assertThat(listener.awaitReadable(Deadline.after(Duration.ZERO))).isFalse();
    }

    @Test
    void policy_nothingStarted_isForLater() throws IOException {
        client.policy(BRIEF);

        assertThat(listener.awaitReadable(Deadline.after(Duration.ZERO))).isFalse();
    }

    @Test
    void policy_somethingStarted_isTold() throws Exception {
        assertThat(client.take(spec)).isNull();
        var told = Background.run(() -> {
            client.policy(BRIEF);
            return true;
        });

        MessageSocket server = accept();
        assertThat(WarmPolicy.read(body(server, ForkServer.Verb.POLICY))).isEqualTo(BRIEF);
        assertThat(told.isDone()).isFalse();
        server.send(new byte[0]);

        assertThat(told.get()).isTrue();
    }

    @Test
    void policy_noServer_isForLater() throws IOException {
        assertThat(client.take(spec)).isNull();
        listener.close();
        client.policy(BRIEF);
        Files.delete(family.directory().file(ForkServerClient.SOCKET));

        client.policy(BRIEF);

        assertThat(client.serverPid()).isEmpty();
    }

    @Test
    void policy_lineWithSparesOfTheOldOne_isHungUp() throws Exception {
        MessageSocket line = openLine();
        line.receive();
        awaitOpened(line);
        var told = Background.run(() -> {
            client.policy(BRIEF);
            return true;
        });

        assertThatThrownBy(line::receive).isInstanceOf(EOFException.class);
        accept().send(new byte[0]);

        assertThat(told.get()).isTrue();
    }

    @Test
    void line_idle_isHungUp() throws IOException {
        client.policy(BRIEF);
        long begin = System.nanoTime();

        MessageSocket line = openLine();
        line.receive();

        assertThatThrownBy(line::receive).isInstanceOf(EOFException.class);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
        assertThat(client.take(spec)).isNull();
        body(accept(), ForkServer.Verb.LINE);
    }

    @Test
    void awaitWarm_severalSpares_asksForThoseThatAreNotOnTheLine() throws Exception {
        for (boolean answer : new boolean[] {true, false}) {
            var warm = Background.run(() -> client.awaitWarm(spec, 3, Deadline.after(StandIn.PATIENCE)));
            RunDirectory.Liveness liveness = family.directory().newLiveness();
            if (answer) {
                MessageSocket line = accept();
                body(line, ForkServer.Verb.LINE);
                sendSpare(line, liveness);
            }
            MessageSocket server = accept();
            DataInputStream request = body(server, ForkServer.Verb.AWAIT);
            assertThat(request.readUTF()).isEqualTo(spec.entryPoint());
            assertThat(ForkServer.readProfile(request)).isEqualTo(spec.profile());
            assertThat(request.readInt()).isEqualTo(2);
            assertThat(request.readLong()).isPositive();

            server.send(new byte[] {(byte) (answer ? 1 : 0)});

            assertThat(warm.get()).isEqualTo(answer);
            liveness.remove();
        }
    }

    @Test
    void awaitWarm_nothingToWaitFor_asksNobody() throws Exception {
        var debugged = new Profile(List.of("java", Debugging.argument(false)), Map.of(), null);

        assertThat(client.awaitWarm(spec, 0, Deadline.never())).isTrue();
        assertThat(client.awaitWarm(Shells.spec(debugged), 1, Deadline.never())).isFalse();
        assertThat(listener.awaitReadable(Deadline.after(Duration.ZERO))).isFalse();
    }

    @Test
    void awaitWarm_noSpareComes_isFalseAtTheDeadline() throws Exception {
        var warm = Background.run(() -> client.awaitWarm(spec, 1, Deadline.after(Duration.ofMillis(300))));
        body(accept(), ForkServer.Verb.LINE);

        assertThat(warm.get()).isFalse();
    }

    @Test
    void close_lines_areHungUpAndNoOtherIsOpened() throws IOException {
        MessageSocket line = openLine();
        line.receive();
        awaitOpened(line);

        client.close();

        assertThatThrownBy(line::receive).isInstanceOf(EOFException.class);
        assertThat(client.take(spec)).isNull();
        assertThat(client.take(spec)).isNull();
        assertThat(listener.awaitReadable(Deadline.after(Duration.ZERO))).isFalse();
    }

    private MessageSocket openLine() throws IOException {
        assertThat(client.take(spec)).isNull();
        assertThat(client.take(spec)).isNull();
        return accept();
    }

    private MessageSocket accept() throws IOException {
        assertThat(listener.awaitReadable(Deadline.after(StandIn.PATIENCE))).isTrue();
        var socket = new MessageSocket(Sockets.accept(listener));
        accepted.add(socket);
        Handshake.accept(socket, KEY, Deadline.after(StandIn.PATIENCE));
        return socket;
    }

    private static DataInputStream body(MessageSocket server, ForkServer.Verb verb) throws IOException {
        assertThat(server.poll(Deadline.after(StandIn.PATIENCE))).isTrue();
        var request = ForkServer.Request.of(server.receive().bytes());
        assertThat(request.verb()).isEqualTo(verb);
        return new DataInputStream(new ByteArrayInputStream(request.body()));
    }

    private static void sendSpare(MessageSocket line, RunDirectory.Liveness liveness) throws IOException {
        try (Descriptor nowhere = Descriptor.devNull()) {
            var spare = new StartedJvm(4711, nowhere, nowhere, nowhere, liveness);
            byte[] lease = ForkServerClient.Lease.describe(spare);
            line.send(lease, 0, lease.length, List.of(nowhere, nowhere, nowhere, nowhere));
        }
    }

    private ForkServerClient.Lease awaitLease() {
        var lease = new AtomicReference<ForkServerClient.Lease>();
        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> {
            lease.set(client.take(spec));
            return lease.get() != null;
        });
        return Objects.requireNonNull(lease.get());
    }

    /** Returns when the client has the line whose other end this is. */
    private void awaitOpened(MessageSocket line) throws IOException {
        RunDirectory.Liveness liveness = family.directory().newLiveness();
        sendSpare(line, liveness);
        close(awaitLease());
        liveness.remove();
    }

    private static void close(ForkServerClient.Lease lease) {
        List.of(lease.control(), lease.stderr(), lease.lifeline(), lease.status())
                .forEach(Descriptor::close);
    }
}
