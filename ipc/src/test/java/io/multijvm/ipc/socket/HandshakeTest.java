package io.multijvm.ipc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Bytes;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.Ends;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HandshakeTest {
    private static final byte[] KEY = Bytes.of("a key of the family");
    private static final byte[] OTHER_KEY = Bytes.of("a key of no family!");
    private static final byte[] EMPTY = {};

    @RegisterExtension
    private final Ends<MessageSocket> ends = Ends.of(MessageSocket::pair);

    private final MessageSocket server = ends.near();
    private final MessageSocket client = ends.far();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 32, 64, 65, 1000})
    void accept_sameKeyOfAnyLength_leavesAnEmptyConnection(int length) throws Exception {
        byte[] key = ByteBuffer.allocate(length).array();
        var accepting = accept(key);
        Handshake.connect(client, key.clone(), Deadline.never());
        accepting.get();

        assertThat(client.poll(Deadline.after(Duration.ZERO))).isFalse();
        assertThat(server.poll(Deadline.after(Duration.ZERO))).isFalse();
        client.send(KEY);
        assertThat(server.receive().bytes()).isEqualTo(KEY);
    }

    @Test
    void accept_wrongKey_failsOnBothSides() throws Exception {
        var accepting = accept(KEY);

        assertThatThrownBy(() -> Handshake.connect(client, OTHER_KEY, Deadline.never()))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("wrong key");
        assertThat(accepting.failure())
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("wrong key");
    }

    @Test
    void accept_emptyKeyAgainstAKey_failsOnBothSides() throws Exception {
        var accepting = accept(EMPTY);

        assertThatThrownBy(() -> Handshake.connect(client, KEY, Deadline.never()))
                .isInstanceOf(AuthenticationException.class);
        assertThat(accepting.failure()).isInstanceOf(AuthenticationException.class);
    }

    @Test
    @Conforms("_TestListener.test_empty_authkey")
    void accept_emptyKeyOverAListener_handshakesAndPassesMessages(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("socket");
        Descriptor listener = Sockets.listen(path, 1);
        var connecting = Background.run(() -> {
            try (var socket = MessageSocket.connect(path)) {
                Handshake.connect(socket, EMPTY, Deadline.never());
                socket.send(Bytes.of("1729"));
            }
            return null;
        });
        listener.awaitReadable(Deadline.never());
        try (var accepted = new MessageSocket(Sockets.accept(listener))) {
            Handshake.accept(accepted, EMPTY, Deadline.never());
            assertThat(accepted.receive().bytes())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("1729");
        }
        connecting.get();

        listener.close();
        assertThatThrownBy(() -> Sockets.accept(listener)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    @Conforms("OtherTest.test_deliver_challenge_auth_failure")
    void deliverChallenge_bogusAnswer_isRefusedAndSaidSo() throws Exception {
        client.send(Bytes.of("something bogus"));

        assertThatThrownBy(() -> Handshake.deliverChallenge(server, KEY, Deadline.never(), "client"))
                .isInstanceOf(AuthenticationException.class);

        assertThat(client.receive().bytes()).hasSize(32);
        assertThat(client.receive().bytes()).asString(StandardCharsets.US_ASCII).isEqualTo("FAILURE");
    }

    @Test
    @Conforms("OtherTest.test_answer_challenge_auth_failure")
    void answerChallenge_noWelcome_isRefused() throws Exception {
        server.send(new byte[32]);
        server.send(Bytes.of("something bogus"));

        assertThatThrownBy(() -> Handshake.answerChallenge(client, KEY, Deadline.never(), "client"))
                .isInstanceOf(AuthenticationException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 256})
    void answerChallenge_challengeOfAnotherSize_isRefusedUnanswered(int size) throws Exception {
        server.send(new byte[size]);

        assertThatThrownBy(() -> Handshake.connect(client, KEY, Deadline.never()))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining(Integer.toString(size));
        assertThat(server.poll(Deadline.after(Duration.ZERO))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {257, 20_000_000})
    void answerChallenge_messageTooLargeForAHandshake_isRefusedUnreadAndUnanswered(int size) throws Exception {
        server.send(new byte[size]);

        assertThatThrownBy(() -> Handshake.connect(client, KEY, Deadline.never()))
                .isInstanceOf(AuthenticationException.class);
        assertThat(server.poll(Deadline.after(Duration.ZERO))).isFalse();
    }

    @Test
    void answerChallenge_descriptorSentAlong_isRefused() throws Exception {
        server.send(new byte[32], 0, 32, List.of(server.descriptor()));

        assertThatThrownBy(() -> Handshake.connect(client, KEY, Deadline.never()))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void deliverChallenge_oversizedAnswer_isRefused() throws Exception {
        client.send(new byte[20_000_000]);

        assertThatThrownBy(() -> Handshake.accept(server, KEY, Deadline.never()))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void deliverChallenge_ownChallengeSentBack_isRefused() throws Exception {
        var accepting = accept(KEY);
        byte[] challenge = client.receive().bytes();
        // An impostor who has the server answer its own challenge in the other role.
        try (var second = Ends.of(MessageSocket::pair)) {
            var impostor = second.near();
            var victim = second.far();
            var answering = Background.run(() -> {
                Handshake.answerChallenge(victim, KEY, Deadline.never(), "server");
                return null;
            });
            impostor.send(challenge);
            client.send(impostor.receive().bytes());

            assertThat(accepting.failure()).isInstanceOf(AuthenticationException.class);
            impostor.send(EMPTY);
            assertThat(answering.failure()).isInstanceOf(AuthenticationException.class);
        }
    }

    @Test
    void accept_noAnswer_failsAfterTheDeadlineAndNotBefore() {
        long start = System.nanoTime();

        assertThatThrownBy(() -> Handshake.accept(server, KEY, Deadline.after(Duration.ofMillis(30))))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("in time");

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
    }

    @Test
    void connect_noChallenge_failsAfterTheDeadline() {
        assertThatThrownBy(() -> Handshake.connect(client, KEY, Deadline.after(Duration.ofMillis(1))))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("in time");
    }

    @Test
    void accept_otherSideClosesMeanwhile_isRefused() throws Exception {
        var accepting = accept(KEY);
        client.receive();
        client.close();

        assertThat(accepting.failure())
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("closed");
    }

    private Background<Void> accept(byte[] key) {
        return Background.run(() -> {
            Handshake.accept(server, key, Deadline.never());
            return null;
        });
    }
}
