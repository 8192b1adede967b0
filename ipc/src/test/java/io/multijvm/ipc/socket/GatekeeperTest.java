package io.multijvm.ipc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Deadline;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GatekeeperTest {
    private static final byte[] KEY = {1};
    private static final byte[] OTHER_KEY = {2};
    private static final Duration LONG = Duration.ofMinutes(10);

    private ListeningSocket door;

    @BeforeEach
    void open() throws IOException {
        door = ListeningSocket.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void start_silentAndSlowOnes_areDroppedWhenTheirTimeIsUp() throws Exception {
        var patience = Duration.ofMillis(100);
        long start = System.nanoTime();
        try (var gatekeeper = Gatekeeper.start(door, KEY, patience);
                var silent = SocketChannel.open(door.address());
                var slow = SocketChannel.open(door.address())) {
            slow.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 32, 1}));

            assertThat(readAll(silent)).isEqualTo(4 + Handshake.CHALLENGE);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(patience.toNanos());
            assertThat(readAll(slow)).isGreaterThanOrEqualTo(0);
            Eventually.holds(() -> gatekeeper.dropped() == 2);
        }
    }

    @Test
    void start_moreThanThereArePlaces_dropsTheOldestForAGoodOne() throws Exception {
        var silent = new ArrayList<SocketChannel>();
        try (var gatekeeper = Gatekeeper.start(door, KEY, LONG)) {
            for (int i = 0; i < 700; i++) {
                silent.add(SocketChannel.open(door.address()));
            }
            var good = connecting(KEY);

            gatekeeper.take().channel().close();

            good.get().close();
            assertThat(gatekeeper.dropped()).isBetween(100L, 200L);
            assertThat(readAll(silent.get(0))).isEqualTo(4 + Handshake.CHALLENGE);
        } finally {
            for (SocketChannel each : silent) {
                each.close();
            }
        }
    }

    @Test
    void take_manyGoodOnesThatNobodyTook_givesThemAll() throws Exception {
        int many = 200;
        try (var gatekeeper = Gatekeeper.start(door, KEY, LONG)) {
            var good = new ArrayList<Background<MessageChannel>>();
            for (int i = 0; i < many; i++) {
                good.add(connecting(KEY));
            }
            for (int i = 0; i < many; i++) {
                gatekeeper.take().channel().close();
            }
            for (Background<MessageChannel> each : good) {
                each.get().close();
            }
            assertThat(gatekeeper.descriptor().awaitReadable(Deadline.after(Duration.ZERO)))
                    .isFalse();
        }
    }

    @Test
    void take_wrongKey_isReadyAndSaysSoOnce() throws Exception {
        try (var gatekeeper = Gatekeeper.start(door, KEY, LONG)) {
            assertThat(connecting(OTHER_KEY).failure()).isInstanceOf(AuthenticationException.class);
            assertThat(gatekeeper.descriptor().awaitReadable(Deadline.never())).isTrue();

            assertThatThrownBy(gatekeeper::take).isInstanceOf(AuthenticationException.class);

            assertThat(gatekeeper.descriptor().awaitReadable(Deadline.after(Duration.ZERO)))
                    .isFalse();
        }
    }

    @Test
    void close_handshakesUnderWayAndPassed_closesThemAndEndsTake() throws Exception {
        var gatekeeper = Gatekeeper.start(door, KEY, LONG);
        try (var silent = SocketChannel.open(door.address());
                MessageChannel passed = connecting(KEY).get()) {
            gatekeeper.descriptor().awaitReadable(Deadline.never());
            gatekeeper.close();

            assertThat(readAll(silent)).isLessThanOrEqualTo(4 + Handshake.CHALLENGE);
            assertThatThrownBy(passed::receive).isInstanceOf(IOException.class);
            assertThatThrownBy(gatekeeper::take).isInstanceOf(ClosedChannelException.class);
        }
    }

    private Background<MessageChannel> connecting(byte[] key) {
        return Background.run(() -> {
            MessageChannel channel = ListeningSocket.connect(door.address());
            try {
                Handshake.connect(channel, key, Deadline.never());
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        });
    }

    private static int readAll(SocketChannel channel) throws IOException {
        var buffer = ByteBuffer.allocate(1000);
        try {
            while (channel.read(buffer) >= 0) {}
        } catch (IOException e) {
            // it was reset, which is an end as well
        }
        return buffer.position();
    }
}
