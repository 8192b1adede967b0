package io.multijvm.ipc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Bytes;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.Ends;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.testkit.Background;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames over a stream, with the bytes of the other side in the test's own hands. */
final class StreamSocketTest {
    private static final Deadline NOW = Deadline.after(Duration.ZERO);

    @RegisterExtension
    private final Ends<Descriptor> ends = Ends.of(Sockets::streamPair);

    private final StreamSocket socket = new StreamSocket(ends.near());
    private final Descriptor raw = ends.far();

    @Test
    void send_aMessage_isItsLengthAndItself() throws IOException {
        socket.send(new byte[] {7, 8});
        socket.send(new byte[0]);

        assertThat(Sockets.receive(raw, 100, List.of())).containsExactly(0, 0, 0, 2, 7, 8, 0, 0, 0, 0);
    }

    @Test
    void receive_framesByteByByte_areWhole() throws Exception {
        byte[] bytes = {0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 1, 9};
        for (int i = 0; i < bytes.length; i++) {
            boolean whole = i == 5 || i == 9 || i == 14;
            put(bytes[i]);
            assertThat(socket.poll(NOW)).as("after byte %d", i).isEqualTo(whole);
            if (whole) {
                assertThat(socket.receive().bytes())
                        .isEqualTo(i == 5 ? new byte[] {7, 8} : i == 9 ? new byte[0] : new byte[] {9});
            }
        }
    }

    @Test
    void poll_aWholeMessage_leavesItWhereOthersSeeIt() throws Exception {
        put(0, 0, 0, 1, 5);

        assertThat(socket.poll(NOW)).isTrue();
        assertThat(socket.descriptor().awaitReadable(NOW)).isTrue();
        var receiving = Background.run(socket::receive);
        assertThat(receiving.get().bytes()).containsExactly(5);
    }

    @Test
    void poll_largeMessageInParts_endsWhenAllIsThere() throws Exception {
        byte[] large = Bytes.random(1_000_000);
        var polling = Background.run(() -> socket.poll(Deadline.never())).awaitWaiting();
        var receiving = Background.run(socket::receive).awaitWaiting();
        var sending = Background.run(() -> {
            raw.writeFully(ByteBuffer.allocate(4).putInt(large.length).array(), 0, 4);
            raw.writeFully(large, 0, large.length);
            return null;
        });

        assertThat(receiving.get().bytes()).isEqualTo(large);
        sending.get();
        put(0, 0, 0, 0);
        assertThat(polling.get()).isTrue();
    }

    @Test
    void receive_interruptedInTheMiddle_goesOnWhereItWas() throws Exception {
        put(0, 0, 0, 3, 1);
        var receiving = Background.run(socket::receive).awaitWaiting();
        assertThat(receiving.interrupt().failure()).isInstanceOf(InterruptedIOException.class);
        put(2, 3);

        assertThat(socket.receive().bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void send_interruptedInTheMiddle_isWholeAllTheSame() throws Exception {
        byte[] message = Bytes.random(3_000_000);
        var sending = Background.run(() -> {
                    socket.send(message);
                    return Thread.interrupted();
                })
                .awaitWaiting();

        sending.interrupt();

        try (var other = new StreamSocket(raw.duplicate())) {
            assertThat(other.receive().bytes()).isEqualTo(message);
        }
        assertThat(sending.get()).as("interrupt status").isTrue();
    }

    @Test
    void send_interruptedBeforeItBegins_sendsNothing() throws Exception {
        byte[] filler = new byte[3_000_000];
        var first = Background.run(() -> {
                    socket.send(filler);
                    return null;
                })
                .awaitWaiting();
        var second = Background.run(() -> {
            socket.send(new byte[] {2});
            return null;
        });

        assertThat(second.interrupt().failure()).isInstanceOf(InterruptedIOException.class);

        try (var other = new StreamSocket(raw.duplicate())) {
            assertThat(other.receive().bytes()).hasSize(filler.length);
            first.get();
            socket.send(new byte[] {3});
            assertThat(other.receive().bytes()).containsExactly(3);
        }
    }

    @Test
    void close_whileSending_endsItAndTheOtherSideSeesABrokenMessage() throws Exception {
        var sending = Background.run(() -> {
                    socket.send(new byte[3_000_000]);
                    return null;
                })
                .awaitWaiting();

        socket.close();

        assertThat(sending.failure()).isInstanceOf(ClosedChannelException.class);
        try (var other = new StreamSocket(raw.duplicate())) {
            assertThatThrownBy(other::receive)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(EOFException.class)
                    .hasMessageContaining("middle of a message");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7})
    void receive_endWithinAFrame_isBrokenForGood(int bytes) throws Exception {
        raw.writeFully(new byte[] {0, 0, 0, 5, 1, 2, 3}, 0, bytes);
        raw.close();

        assertThat(socket.poll(NOW)).isTrue();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(socket::receive)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(EOFException.class)
                    .hasMessageContaining("middle of a message");
        }
    }

    @Test
    void receive_endBetweenFrames_isEndOfFileForGood() throws Exception {
        put(0, 0, 0, 1, 5);
        raw.close();

        assertThat(socket.receive().bytes()).containsExactly(5);
        assertThat(socket.poll(NOW)).isTrue();
        assertThatThrownBy(socket::receive).isInstanceOf(EOFException.class);
        assertThatThrownBy(socket::receive).isInstanceOf(EOFException.class);
    }

    @Test
    void receive_negativeLength_isMalformedForGood() throws Exception {
        put(-1, -1, -1, -1, 0, 0, 0, 1, 5);

        assertThat(socket.poll(NOW)).isTrue();
        assertThatThrownBy(socket::receive).isInstanceOf(IOException.class).hasMessageContaining("malformed");
        assertThatThrownBy(socket::receive).isInstanceOf(IOException.class).hasMessageContaining("malformed");
    }

    @Test
    void receive_twoGibibytesAnnounced_takesNoMemoryForThem() throws Exception {
        put(0x7f, -1, -1, -9, 1, 2, 3);
        long before = Runtime.getRuntime().totalMemory();

        assertThat(socket.poll(NOW)).isFalse();

        assertThat(Runtime.getRuntime().totalMemory() - before).isLessThan(1 << 30);
        raw.close();
        assertThatThrownBy(socket::receive).hasMessageContaining("middle of a message");
    }

    @Test
    void receiveSmall_moreThanAHandshakeHas_isRefusedByItsHeader() throws Exception {
        put(0, 0, 1, 0);
        assertThat(socket.receiveSmall()).isNull();
        raw.writeFully(new byte[256], 0, 256);
        assertThat(socket.receiveSmall()).hasSize(256);
        assertThat(socket.receiveSmall()).isNull();
        put(0, 0, 1, 1);
        assertThatThrownBy(socket::receiveSmall).isInstanceOf(IOException.class).hasMessageContaining("257");
    }

    private void put(int... bytes) throws IOException {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) bytes[i];
        }
        raw.writeFully(Arrays.copyOf(all, all.length), 0, all.length);
    }
}
