package io.multijvm.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.multijvm.ipc.socket.AuthenticationException;
import io.multijvm.ipc.socket.ListeningSocket;
import io.multijvm.ipc.socket.MessageChannel;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever connects to a listener with a key and does not know it, or does not even try. */
@SuppressWarnings("try") // resources closed early
final class UnfriendlyClientsTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final byte[] WRONG_KEY = {1, 2, 4};
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    /** Half of what a silent client is given: it takes milliseconds, unless somebody waits for such a one. */
    private static final Duration A_HANDSHAKES_TIME = Duration.ofSeconds(5);

    private static final int SILENT_AT_ONCE = 300;

    enum Kind {
        UNIX,
        TCP
    }

    @ParameterizedTest
    @EnumSource
    void accept_aThousandBadConnections_servesTheGoodOnes(Kind kind) throws Exception {
        attack(kind, 1_000);
    }

    @StressTest
    @ParameterizedTest
    @EnumSource
    void accept_tenThousandBadConnections_servesTheGoodOnes(Kind kind) throws Exception {
        attack(kind, 10_000);
    }

    private static void attack(Kind kind, int bad) throws Exception {
        warmUp(kind);
        long descriptors = openDescriptors();
        int threads = Thread.activeCount();
        var wrong = new AtomicInteger();
        int good;
        try (var listener = Listener.open(kind == Kind.UNIX ? null : ANY_PORT, KEY)) {
            var serving = Background.run(() -> serve(listener, wrong));
            var attacking = Background.run(() -> {
                attackWith(listener.address(), bad, wrong);
                return null;
            });
            good = 0;
            do {
                long begin = System.nanoTime();
                try (Connection connection = Connection.connect(listener.address(), KEY)) {
                    connection.send(good);
                    assertThat(connection.recv()).isEqualTo(good);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .as("time of good connection %d", good)
                        .isLessThan(A_HANDSHAKES_TIME);
                good++;
            } while (!attacking.isDone() || good < 20);
            attacking.get();
            Awaitility.await().until(() -> listener.dropped() + wrong.get() >= bad - SILENT_AT_ONCE);
            listener.close();
            assertThat(serving.get()).isEqualTo(good);
        }
        assertThat(wrong.get()).isPositive();
        Awaitility.await().untilAsserted(() -> {
            assertThat(openDescriptors()).isLessThanOrEqualTo(descriptors + 5);
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 1);
        });
    }

    /** What is made once, and stays: pools, loaded classes' files. */
    private static void warmUp(Kind kind) throws Exception {
        try (var listener = Listener.open(kind == Kind.UNIX ? null : ANY_PORT, KEY)) {
            var connecting = Background.run(() -> Connection.connect(listener.address(), KEY));
            listener.accept().close();
            connecting.get().close();
        }
    }

    private static int serve(Listener listener, AtomicInteger wrong) throws IOException {
        int served = 0;
        while (true) {
            try (Connection connection = listener.accept()) {
                connection.send(connection.recv());
                served++;
            } catch (AuthenticationException e) {
                wrong.incrementAndGet();
            } catch (ClosedChannelException e) {
                return served;
            }
        }
    }

    private static void attackWith(SocketAddress address, int count, AtomicInteger wrong) throws IOException {
        var silent = new ArrayDeque<AutoCloseable>();
        var random = new Random(3);
        try {
            for (int i = 0; i < count; i++) {
                AutoCloseable left = address instanceof InetSocketAddress
                        ? overTcp(address, i % 7, random)
                        : inTheUnixDomain(address, i % 7, random);
                if (left != null) {
                    silent.add(left);
                }
                if (silent.size() > SILENT_AT_ONCE) {
                    close(silent.remove());
                }
            }
            Awaitility.await().until(() -> wrong.get() > 0); // nothing is wrong with an answer that nobody waits for
        } finally {
            silent.forEach(UnfriendlyClientsTest::close);
        }
    }

    /** Returns what is to be left open, if anything. */
    private static @Nullable AutoCloseable overTcp(SocketAddress address, int kind, Random random) throws IOException {
        var socket = SocketChannel.open(address);
        byte[] bytes = switch (kind) {
            case 0 -> new byte[0]; // silent
            case 1 -> new byte[] {0, 0}; // half a header, and then nothing
            case 2 -> new byte[] {0x7f, -1, -1, -1, 1, 2, 3}; // two gibibytes, it says
            case 3 -> random(random, 100);
            case 4 -> frame(random(random, 32)); // a wrong answer
            case 5 -> frame(new byte[7]);
            default -> new byte[0];
        };
        try {
            socket.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            close(socket);
            return null; // thrown out already
        }
        if (kind == 6) {
            close(socket);
            return null;
        }
        return socket;
    }

    private static @Nullable AutoCloseable inTheUnixDomain(SocketAddress address, int kind, Random random)
            throws IOException {
        MessageChannel channel = ListeningSocket.connect(address);
        try {
            switch (kind) {
                case 1 -> channel.send(new byte[0]);
                case 2 -> channel.send(new byte[100_000]); // with a descriptor
                case 3 -> channel.send(random(random, 100));
                case 4 -> channel.send(random(random, 32));
                case 5 -> channel.send(new byte[32], 0, 32, List.of(channel.descriptor()));
                default -> {
                    // silent, or gone at once
                }
            }
        } catch (IOException e) {
            channel.close();
            return null;
        }
        if (kind == 6) {
            channel.close();
            return null;
        }
        return channel;
    }

    private static byte[] frame(byte[] message) {
        return ByteBuffer.allocate(4 + message.length)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] random(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void accept_manyWrongKeys_saysSoOfEachAndStays(Kind kind) throws Exception {
        try (var listener = Listener.open(kind == Kind.UNIX ? null : ANY_PORT, KEY)) {
            var wrong = new AtomicInteger();
            var serving = Background.run(() -> serve(listener, wrong));
            for (int i = 0; i < 50; i++) {
                var connecting = Background.run(() -> Connection.connect(listener.address(), WRONG_KEY));
                assertThat(connecting.failure()).isInstanceOf(AuthenticationException.class);
            }
            Awaitility.await().untilAtomic(wrong, org.hamcrest.Matchers.is(50));
            assertThat(listener.dropped()).isZero();
            listener.close();
            assertThat(serving.get()).isZero();
        }
    }

    @Test
    void connect_toWhoIsNoListenerOfThisLibrary_isNoAuthentication() throws Exception {
        try (var server = java.nio.channels.ServerSocketChannel.open().bind(ANY_PORT)) {
            SocketAddress address = server.getLocalAddress();
            for (byte[] said : List.of(new byte[] {0x7f, -1, -1, -1}, frame(new byte[31]), new byte[0])) {
                var connecting = Background.run(() -> Connection.connect(address, KEY));
                try (SocketChannel accepted = server.accept()) {
                    accepted.write(ByteBuffer.wrap(said));
                    accepted.shutdownOutput();
                    assertThat(connecting.failure()).isInstanceOf(AuthenticationException.class);
                }
            }
        }
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private static void close(AutoCloseable what) {
        assertThatCode(what::close).doesNotThrowAnyException();
    }
}
