package io.multijvm.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.socket.AuthenticationException;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.Rounds;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners and the connections they accept, of both kinds, in one JVM. */
final class ListenerTest {
    private static final byte[] KEY = "the key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER_KEY = "another".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = {};
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    enum Kind {
        UNIX,
        TCP;

        SocketAddress address() {
            return this == UNIX ? null : ANY_PORT;
        }
    }

    /** Two ends connected through a listener that is closed again. */
    private record Ends(Connection near, Connection far) implements AutoCloseable {
        static Ends open(Kind kind) throws Exception {
            try (var listener = Listener.open(kind.address())) {
                var connecting = Background.run(() -> Connection.connect(listener.address()));
                Connection near = listener.accept();
                return new Ends(near, connecting.get());
            }
        }

        @Override
        public void close() {
            near.close();
            far.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void accept_clientWithoutKey_joinsTheTwo(Kind kind) throws Exception {
        try (Ends ends = Ends.open(kind)) {
            ends.near().send(List.of("from", 1));
            ends.far().send("back");

            assertThat(ends.far().recv()).isEqualTo(List.of("from", 1));
            assertThat(ends.near().recv()).isEqualTo("back");
        }
    }

    @ParameterizedTest
    @EnumSource
    void accept_sameKey_joinsTheTwo(Kind kind) throws Exception {
        try (var listener = Listener.open(kind.address(), KEY)) {
            var connecting = Background.run(() -> Connection.connect(listener.address(), KEY));
            try (Connection near = listener.accept();
                    Connection far = connecting.get()) {
                far.send("hello");

                assertThat(near.recv()).isEqualTo("hello");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conforms("_TestListener.test_empty_authkey")
    void accept_emptyKey_isAKey(Kind kind) throws Exception {
        Listener opened;
        try (var listener = Listener.open(kind.address(), EMPTY)) {
            opened = listener;
            var wrong = Background.run(() -> Connection.connect(listener.address(), KEY));
            assertThatThrownBy(listener::accept).isInstanceOf(AuthenticationException.class);
            assertThat(wrong.failure()).isInstanceOf(AuthenticationException.class);

            var connecting = Background.run(() -> Connection.connect(listener.address(), EMPTY));
            try (Connection near = listener.accept();
                    Connection far = connecting.get()) {
                near.send(1729);
                assertThat(far.recv()).isEqualTo(1729);
            }
        }
        assertThatThrownBy(opened::accept).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource
    void accept_wrongKey_isRefusedOnBothSidesAndTheListenerGoesOn(Kind kind) throws Exception {
        try (var listener = Listener.open(kind.address(), KEY)) {
            var wrong = Background.run(() -> Connection.connect(listener.address(), OTHER_KEY));

            assertThatThrownBy(listener::accept).isInstanceOf(AuthenticationException.class);
            assertThat(wrong.failure()).isInstanceOf(AuthenticationException.class);

            var right = Background.run(() -> Connection.connect(listener.address(), KEY));
            try (Connection near = listener.accept();
                    Connection far = right.get()) {
                far.send(1);
                assertThat(near.recv()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void accept_clientThatSendsBeforeAnyHandshake_isDroppedUnread(Kind kind) throws Exception {
        try (var listener = Listener.open(kind.address(), KEY);
                Connection keyless = Connection.connect(listener.address())) {
            keyless.send("let me in");
            var right = Background.run(() -> Connection.connect(listener.address(), KEY));

            listener.accept().close();

            right.get().close();
            assertThat(keyless.recvBytes()).hasSize(32); // the challenge
            assertThatThrownBy(keyless::recvBytes).isInstanceOf(IOException.class);
            assertThat(listener.dropped()).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conforms("_TestListenerClient.test_issue14725")
    void accept_clientHasSentAndGone_stillGivesItsMessage(Kind kind) throws Exception {
        try (var listener = Listener.open(kind.address())) {
            try (Connection far = Connection.connect(listener.address())) {
                far.send("hello");
            }

            try (Connection near = listener.accept()) {
                assertThat(near.recv()).isEqualTo("hello");
                assertThatThrownBy(near::recv).isInstanceOf(EOFException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conforms("_TestListener.test_multiple_bind")
    void open_takenAddress_isABindException(Kind kind) throws Exception {
        try (var listener = Listener.open(kind.address())) {
            assertThatThrownBy(() -> Listener.open(listener.address()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining(listener.address().toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conforms("_TestListener.test_context")
    void close_byTryWithResources_endsEverything(Kind kind) throws Exception {
        Listener listener;
        try (var opened = Listener.open(kind.address())) {
            listener = opened;
            var connecting = Background.run(() -> Connection.connect(opened.address()));
            try (Connection near = opened.accept();
                    Connection far = connecting.get()) {
                near.send(1729);
                assertThat(far.recv()).isEqualTo(1729);
            }
        }
        assertThat(listener.isClosed()).isTrue();
        listener.close();
        assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> Connection.connect(listener.address()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(listener.address().toString());
    }

    @ParameterizedTest
    @EnumSource
    void close_byAnotherThread_endsAccept(Kind kind) throws Exception {
        for (byte[] key : new byte[][] {null, KEY}) {
            var listener = Listener.open(kind.address(), key);
            var accepting = Background.run(listener::accept).awaitWaiting();

            listener.close();

            assertThat(accepting.failure()).isInstanceOf(ClosedChannelException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conforms("TestIgnoreEINTR.test_ignore_listener")
    void accept_interrupted_saysSoAndTheListenerStaysOpen(Kind kind) throws Exception {
        for (byte[] key : new byte[][] {null, KEY}) {
            try (var listener = Listener.open(kind.address(), key)) {
                var accepting = Background.run(listener::accept).awaitWaiting();

                accepting.interrupt();

                assertThat(accepting.failure()).isInstanceOf(InterruptedIOException.class);
                var connecting = Background.run(() -> Connection.connect(listener.address(), key));
                listener.accept().close();
                connecting.get().close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void accept_byManyThreads_givesEachConnectionToOne(Kind kind) throws Exception {
        for (byte[] key : new byte[][] {null, KEY}) {
            try (var listener = Listener.open(kind.address(), key)) {
                var accepting = IntStream.range(0, 8)
                        .mapToObj(i -> Background.run(listener::accept).awaitWaiting())
                        .toList();
                var seen = ConcurrentHashMap.newKeySet();
                for (int i = 0; i < 8; i++) {
                    try (Connection far = Connection.connect(listener.address(), key)) {
                        far.send(i);
                    }
                }
                for (Background<Connection> each : accepting) {
                    try (Connection near = each.get()) {
                        seen.add(near.recv());
                    }
                }
                assertThat(seen).hasSize(8);
            }
        }
    }

    @Test
    @Conforms("TestInvalidFamily.test_invalid_family")
    void open_addressOfAnotherKind_isRefused() {
        var pipe = new SocketAddress() {
            private static final long serialVersionUID = 1;

            @Override
            public String toString() {
                return "\\\\.\\test";
            }
        };

        assertThatThrownBy(() -> Listener.open(pipe))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\\\\.\\test");
        assertThatThrownBy(() -> Connection.connect(pipe)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Listener.open(null, null, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Listener.open(InetSocketAddress.createUnresolved("no.such.host.invalid", 1)))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void open_inTheUnixDomain_removesItsFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("here");
        try (var listener = Listener.open(UnixDomainSocketAddress.of(file))) {
            assertThat(file).exists();
            assertThat(listener.address()).isEqualTo(UnixDomainSocketAddress.of(file));
        }
        assertThat(file).doesNotExist();

        try (var listener = Listener.open(UnixDomainSocketAddress.of(file))) {
            assertThat(listener.isClosed()).isFalse();
            Files.delete(file);
            Files.writeString(file, "of somebody else");
        }
        assertThat(file).hasContent("of somebody else");
    }

    @Test
    void lastAccepted_overTcp_isTheClientsAddress() throws Exception {
        try (var listener = Listener.open(ANY_PORT)) {
            assertThat(listener.lastAccepted()).isNull();
            try (Connection far = Connection.connect(listener.address());
                    Connection near = listener.accept()) {
                assertThat(listener.lastAccepted()).isInstanceOf(InetSocketAddress.class);
                assertThat(((InetSocketAddress) listener.lastAccepted()).getAddress())
                        .isEqualTo(InetAddress.getLoopbackAddress());
                assertThat(far.isClosed() || near.isClosed()).isFalse();
            }
        }
        try (var listener = Listener.open();
                Connection far = Connection.connect(listener.address());
                Connection near = listener.accept()) {
            assertThat(listener.lastAccepted()).isEqualTo(UnixDomainSocketAddress.of(""));
            assertThat(far.isClosed() || near.isClosed()).isFalse();
        }
    }

    @Test
    void open_overIpv6_works() throws Exception {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        InetAddress six = InetAddress.getByAddress(loopback);
        Listener listener;
        try {
            listener = Listener.open(new InetSocketAddress(six, 0));
        } catch (IOException e) {
            org.junit.jupiter.api.Assumptions.abort("no IPv6 here: " + e.getMessage());
            return;
        }
        try (listener;
                Connection far = Connection.connect(listener.address());
                Connection near = listener.accept()) {
            far.send("six");
            assertThat(near.recv()).isEqualTo("six");
            assertThat(((InetSocketAddress) listener.address()).getAddress()).isEqualTo(six);
        }
    }

    @Test
    void connect_fullBacklogInTheUnixDomain_canBeInterrupted() throws Exception {
        try (var listener = Listener.open(null, null, 1)) {
            var waiting = new ArrayList<Connection>();
            Background<Connection> stuck = null;
            try {
                while (stuck == null) {
                    var connecting = Background.run(() -> Connection.connect(listener.address()));
                    if (waiting.size() < 2) {
                        waiting.add(connecting.get());
                    } else {
                        stuck = connecting;
                    }
                }
                assertThat(stuck.interrupt().failure()).isInstanceOf(InterruptedIOException.class);
                listener.accept().close();
                Connection.connect(listener.address()).close();
            } finally {
                waiting.forEach(Connection::close);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void send_messagesOfManySizes_arriveAsTheyAre(Kind kind) throws Exception {
        try (Ends ends = Ends.open(kind)) {
            var sizes = List.of(0, 1, 4, 65_535, 65_536, 65_537, 200_000, 5_000_000);
            var sending = Background.run(() -> {
                for (int size : sizes) {
                    byte[] message = new byte[size];
                    new Random(size).nextBytes(message);
                    ends.far().sendBytes(message);
                }
                return null;
            });
            for (int size : sizes) {
                byte[] expected = new byte[size];
                new Random(size).nextBytes(expected);
                assertThat(ends.near().poll(null)).isTrue();
                assertThat(ends.near().recvBytes()).isEqualTo(expected);
            }
            sending.get();
            assertThat(ends.near().poll(Duration.ofMillis(20))).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void send_byManyThreadsToMany_mixesNothing(Kind kind) throws Exception {
        int each = Rounds.of(70, 300);
        try (Ends ends = Ends.open(kind)) {
            var sending = IntStream.range(0, 4)
                    .mapToObj(sender -> Background.run(() -> {
                        for (int i = 0; i < each; i++) {
                            byte[] message = new byte[1 + (i % 7) * 20_000];
                            Arrays.fill(message, (byte) sender);
                            ends.far().sendBytes(message);
                        }
                        return null;
                    }))
                    .toList();
            var receiving = IntStream.range(0, 3)
                    .mapToObj(receiver -> Background.run(() -> {
                        int received = 0;
                        try {
                            while (true) {
                                boolean ignored = ends.near().poll(Duration.ofMillis(1));
                                byte[] message = ends.near().recvBytes();
                                assertThat(message).containsOnly(message[0]);
                                assertThat(message.length % 20_000).isOne();
                                received++;
                            }
                        } catch (EOFException e) {
                            return received;
                        }
                    }))
                    .toList();
            for (Background<?> sender : sending) {
                sender.get();
            }
            ends.far().close();
            int received = 0;
            for (Background<Integer> receiver : receiving) {
                received += receiver.get();
            }
            assertThat(received).isEqualTo(4 * each);
        }
    }

    @ParameterizedTest
    @EnumSource
    void recv_interruptedOrClosed_endsAndTheNextMessageComes(Kind kind) throws Exception {
        try (Ends ends = Ends.open(kind)) {
            var receiving = Background.run(ends.near()::recv).awaitWaiting();
            assertThat(receiving.interrupt().failure()).isInstanceOf(InterruptedIOException.class);
            ends.far().send("next");
            assertThat(ends.near().recv()).isEqualTo("next");

            var closed = Background.run(ends.near()::recv).awaitWaiting();
            ends.near().close();
            assertThat(closed.failure()).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> ends.near().send(1)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> ends.far().recv()).isInstanceOf(EOFException.class);
            assertThatThrownBy(() -> {
                        while (true) {
                            ends.far().send("nobody");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void send_somethingOpenOverTcp_saysWhyNot() throws Exception {
        try (Ends ends = Ends.open(Kind.TCP);
                Pipe pipe = Pipe.open(true)) {
            assertThatThrownBy(() -> ends.near().send(List.of(pipe.first())))
                    .isInstanceOf(NotSendableException.class)
                    .hasMessageContaining("over TCP");
            ends.near().send("next");
            assertThat(ends.far().recv()).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    void send_aConnectionThroughAPipe_worksThereAndHere(Kind kind) throws Exception {
        try (Ends ends = Ends.open(kind);
                Pipe pipe = Pipe.open(true)) {
            ends.far().send("waiting");
            assertThat(ends.near().poll(null)).isTrue();
            pipe.first().send(ends.near());
            try (var copy = pipe.second().recv(Connection.class)) {
                assertThat(copy.recv()).isEqualTo("waiting");
                ends.far().send(new byte[100_000]);
                assertThat((byte[]) copy.recv()).hasSize(100_000);
                copy.send("from the copy");
                ends.near().send("from the original");
                assertThat(ends.far().recv()).isEqualTo("from the copy");
                assertThat(ends.far().recv()).isEqualTo("from the original");
                ends.near().close();
                ends.far().send("still there");
                assertThat(copy.poll(null)).isTrue();
                assertThat(copy.recv()).isEqualTo("still there");
            }
            assertThatThrownBy(() -> ends.far().recv()).isInstanceOf(EOFException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void filter_rejectedClass_isNamedAndTheConnectionGoesOn(Kind kind) throws Exception {
        record Harmful(int number) implements Serializable {}
        try (var listener = Listener.open(kind.address())) {
            listener.filter(ObjectInputFilter.Config.createFilter("java.base/*;!*"));
            try (Connection far = Connection.connect(listener.address());
                    Connection near = listener.accept()) {
                far.send(new Harmful(1));
                far.send(new Old());
                far.send(new ArrayList<>(List.of(1, "two")));

                assertThatThrownBy(near::recv)
                        .isInstanceOf(java.io.InvalidClassException.class)
                        .hasMessageContaining("Harmful");
                assertThatThrownBy(near::recv)
                        .isInstanceOf(java.io.InvalidClassException.class)
                        .hasMessageContaining("Old");
                assertThat(near.recv()).isEqualTo(List.of(1, "two"));
                near.filter(null);
                far.send(new Harmful(2));
                assertThat(near.recv()).isEqualTo(new Harmful(2));
            }
        }
    }

    private static final class Old implements Serializable {
        private static final long serialVersionUID = 1;
    }
}
