package io.multijvm.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.multijvm.MultiJvm;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Waiting for many objects, in one JVM. */
@SuppressWarnings("try") // resources closed early
final class ConnectionsTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    @Conforms("TestWait.test_wait_timeout")
    void wait_nothingReady_isEmptyAfterTheTimeoutThenExactlyTheReadyOne() throws Exception {
        try (Pipe one = MultiJvm.pipe();
                Pipe other = MultiJvm.pipe()) {
            var both = List.of(one.first(), other.first());
            long start = System.nanoTime();
            assertThat(Connections.wait(both, Duration.ofSeconds(1))).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);

            other.second().send(null);

            assertThat(Connections.wait(both, Duration.ofSeconds(20))).containsExactly(other.first());
            assertThat(Connections.wait(both, null)).containsExactly(other.first());
            assertThat(other.first().recv()).isNull();
            assertThat(Connections.wait(both, Duration.ofSeconds(-1))).isEmpty();
            assertThat(Connections.wait(both, Duration.ZERO)).isEmpty();
            assertThat(Connections.wait(List.of(), SHORT)).isEmpty();
        }
    }

    @Test
    void wait_severalReady_givesThemInOrderAndOnce() throws Exception {
        try (Pipe one = MultiJvm.pipe();
                Pipe two = MultiJvm.pipe();
                Pipe three = MultiJvm.pipe()) {
            three.second().send(1);
            one.second().close();
            var asked = List.of(
                    three.first(), two.first(), one.first(), three.first(), two.first(), one.first(), two.second());

            assertThat(Connections.wait(asked, null)).containsExactly(three.first(), one.first());
        }
    }

    @Test
    void wait_mixedKinds_givesWhateverIsReady() throws Exception {
        try (Pipe pipe = MultiJvm.pipe();
                Listener plain = Listener.open();
                Listener tcp = Listener.open(ANY_PORT);
                Listener keyed = Listener.open(null, new byte[] {1});
                var server = ServerSocketChannel.open().bind(ANY_PORT);
                var client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept()) {
            var all = List.<Object>of(pipe.first(), plain, tcp, keyed, server, accepted.socket(), client);
            assertThat(Connections.wait(all, SHORT)).isEmpty();

            var waiting = Background.run(() -> Connections.wait(all, null)).awaitWaiting();
            var connecting = Background.run(() -> Connection.connect(keyed.address(), new byte[] {1}));
            assertThat(waiting.get()).containsExactly(keyed);
            keyed.accept().close();
            connecting.get().close();
            assertThat(Connections.wait(all, Duration.ZERO)).isEmpty();

            client.write(ByteBuffer.wrap(new byte[] {1}));
            assertThat(Connections.wait(all, null)).containsExactly(accepted.socket());
            try (Connection first = Connection.connect(plain.address());
                    Connection second = Connection.connect(tcp.address());
                    Socket third = new Socket(
                            InetAddress.getLoopbackAddress(), server.socket().getLocalPort())) {
                assertThat(first.isClosed() || second.isClosed() || third.isClosed())
                        .isFalse();
                assertThat(Connections.wait(all, null)).contains(plain, accepted.socket());
                plain.accept().close();
                tcp.accept().close();
                server.accept().close();
            }
        }
    }

    @Test
    void wait_wrongKeyAtAListener_isReadyForAcceptToSaySo() throws Exception {
        try (Listener keyed = Listener.open(null, new byte[] {1})) {
            var connecting = Background.run(() -> Connection.connect(keyed.address(), new byte[] {2}));

            assertThat(Connections.wait(List.of(keyed), null)).containsExactly(keyed);

            assertThatThrownBy(keyed::accept).isInstanceOf(IOException.class);
            assertThat(connecting.failure()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void wait_partOfAMessageOverTcp_isNotReadyUntilAllIsThere() throws Exception {
        try (Listener listener = Listener.open(ANY_PORT);
                var client = SocketChannel.open(listener.address());
                Connection near = listener.accept()) {
            client.write(ByteBuffer.wrap(new byte[] {0, 0}));
            assertThat(Connections.wait(List.of(near), SHORT)).isEmpty();
            client.write(ByteBuffer.wrap(new byte[] {0, 2, 5}));
            assertThat(Connections.wait(List.of(near), SHORT)).isEmpty();
            var waiting =
                    Background.run(() -> Connections.wait(List.of(near), null)).awaitWaiting();
            client.write(ByteBuffer.wrap(new byte[] {6}));

            assertThat(waiting.get()).containsExactly(near);
            assertThat(near.recvBytes()).containsExactly(5, 6);
        }
    }

    @Test
    void wait_closedObject_isAnExceptionAlsoWhenItIsClosedMeanwhile() throws Exception {
        try (Pipe pipe = MultiJvm.pipe();
                Pipe other = MultiJvm.pipe();
                Listener listener = Listener.open();
                var server = ServerSocketChannel.open().bind(ANY_PORT)) {
            var all = List.of(other.first(), pipe.first(), listener, server);
            var waiting = Background.run(() -> Connections.wait(all, null)).awaitWaiting();
            pipe.first().close();
            assertThat(waiting.failure()).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> Connections.wait(all, SHORT)).isInstanceOf(ClosedChannelException.class);

            var listening = Background.run(() -> Connections.wait(List.of(listener), null))
                    .awaitWaiting();
            listener.close();
            assertThat(listening.failure()).isInstanceOf(ClosedChannelException.class);
            server.close();
            assertThatThrownBy(() -> Connections.wait(List.of(server), null))
                    .isInstanceOf(ClosedChannelException.class);
            other.second().send("usable");
            assertThat(Connections.wait(List.of(other.first()), null)).hasSize(1);
        }
    }

    @Test
    void wait_interrupted_saysSoAndConsumesNothing() throws Exception {
        try (Pipe pipe = MultiJvm.pipe()) {
            var waiting = Background.run(() -> Connections.wait(List.of(pipe.first()), null))
                    .awaitWaiting();
            assertThat(waiting.interrupt().failure()).isInstanceOf(InterruptedIOException.class);
            pipe.second().send(1);
            assertThat(Connections.wait(List.of(pipe.first()), null)).hasSize(1);
        }
    }

    @Test
    void wait_byManyVirtualThreads_keepsNoCarrier() throws Exception {
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(21);
        try (Pipe pipe = MultiJvm.pipe();
                Pipe closed = MultiJvm.pipe()) {
            closed.first().close();
            var ready = new CountDownLatch(100);
            for (int i = 0; i < 100; i++) {
                startVirtual(() -> {
                    if (Connections.wait(List.of(pipe.first()), null).equals(List.of(pipe.first()))) {
                        ready.countDown();
                    }
                    return null;
                });
            }
            var refused = new CompletableFuture<Throwable>();
            startVirtual(() -> {
                try {
                    return Connections.wait(List.of(closed.first()), null);
                } catch (IOException e) {
                    refused.complete(e);
                    return null;
                }
            });
            assertThat(refused.get()).isInstanceOf(ClosedChannelException.class);
            pipe.second().send("for all");
            ready.await();
        }
    }

    /** The release this is compiled for knows nothing of virtual threads. */
    private static void startVirtual(Callable<?> call) throws ReflectiveOperationException {
        Runnable body = () -> {
            try {
                call.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
    }

    @Test
    void wait_whatCannotBeWaitedFor_isRefused() throws Exception {
        try (Pipe oneWay = MultiJvm.pipe(false);
                var plain = new Socket()) {
            assertThatThrownBy(() -> Connections.wait(List.of("text"), SHORT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("text");
            assertThatThrownBy(() -> Connections.wait(Arrays.asList((Object) null), SHORT))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Connections.wait(List.of(plain), SHORT))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Connections.wait(List.of(oneWay.writer()), SHORT))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> Connections.wait(List.of(MultiJvm.process(() -> {})), SHORT))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void wait_thousandsOfConnections_findsTheOne() throws Exception {
        var pipes = new ArrayList<Pipe>();
        try {
            var ends = new ArrayList<Connection>();
            for (int i = 0; i < 1500; i++) {
                Pipe pipe = MultiJvm.pipe();
                pipes.add(pipe);
                ends.add(pipe.first());
            }
            int threads = Thread.activeCount();
            var waiting = Background.run(() -> Connections.wait(ends, null)).awaitWaiting();
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
            pipes.get(1234).second().send("here");

            assertThat(waiting.get()).containsExactly(ends.get(1234));
            for (Pipe pipe : pipes) {
                pipe.second().send("all");
            }
            assertThat(Connections.wait(ends, null)).isEqualTo(ends);
        } finally {
            pipes.forEach(Pipe::close);
        }
    }
}
