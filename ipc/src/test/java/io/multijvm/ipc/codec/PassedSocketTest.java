package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Bytes;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.JdkTest;
import io.multijvm.testkit.StressTest;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain sockets, datagrams and file streams; {@link PassedChannelTest} has the channels. */
@JdkTest
final class PassedSocketTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int CLOSED = -2;

    @TempDir
    private Path directory;

    /** The two ends of a connection. */
    private record Connected(Socket client, Socket accepted) implements AutoCloseable {
        static Connected open() throws IOException {
            try (var server = new ServerSocket(0, 1, HERE)) {
                return new Connected(new Socket(HERE, server.getLocalPort()), server.accept());
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            accepted.close();
        }
    }

    @Test
    void decode_socket_goesOnWhenTheOriginalIsClosed() throws Exception {
        try (var connected = Connected.open();
                var copy = Copies.copy(connected.accepted)) {
            assertThat(copy.getRemoteSocketAddress()).isEqualTo(connected.accepted.getRemoteSocketAddress());
            assertThat(copy.getLocalPort()).isEqualTo(connected.accepted.getLocalPort());
            connected.accepted.close();

            assertArrives("from the copy", copy, connected.client);
            assertArrives("to the copy", connected.client, copy);
        }
    }

    @Test
    void decode_socket_originalGoesOnWhenTheCopyIsClosed() throws Exception {
        try (var connected = Connected.open()) {
            Copies.copy(connected.accepted).close();

            assertArrives("still there", connected.accepted, connected.client);
            assertThat(connected.accepted.isConnected()).isTrue();
        }
    }

    @Test
    void close_lastOfTheSockets_endsTheConnection() throws Exception {
        try (var connected = Connected.open()) {
            var copy = Copies.copy(connected.accepted);
            var waiting = Background.run(() -> connected.client.getInputStream().read());
            connected.accepted.close();
            copy.close();

            assertThat(waiting.get()).isEqualTo(-1);
        }
    }

    @Test
    void close_originalWithAThreadInARead_wakesItAndLeavesTheConnectionToTheCopy() throws Exception {
        try (var connected = Connected.open();
                var copy = Copies.copy(connected.accepted)) {
            var reading = readUntilClosed(connected.accepted);
            reading.awaitWaiting();
            connected.accepted.close();

            assertThat(reading.get()).isEqualTo(CLOSED);
            assertArrives("from the copy", copy, connected.client);
            assertArrives("to the copy", connected.client, copy);
        }
    }

    @Test
    void close_originalWithAThreadOnItsWayIntoARead_wakesIt() throws Exception {
        assertCloseWakesReaders(10);
    }

    @Test
    @StressTest
    void close_oftenWithAThreadOnItsWayIntoARead_wakesIt() throws Exception {
        assertCloseWakesReaders(2_000);
    }

    private static void assertCloseWakesReaders(int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            try (var connected = Connected.open();
                    var copy = Copies.copy(connected.accepted)) {
                var reading = readUntilClosed(connected.accepted);
                connected.accepted.close();

                assertThat(reading.get()).isEqualTo(CLOSED);
                assertArrives("still there", copy, connected.client);
            }
        }
    }

    private static Background<Integer> readUntilClosed(Socket socket) {
        return Background.run(() -> {
            try {
                return socket.getInputStream().read();
            } catch (SocketException e) {
                return CLOSED;
            }
        });
    }

    @Test
    void decode_socketWhoseOutputIsShutDown_isShutDownForBoth() throws Exception {
        try (var connected = Connected.open();
                var copy = Copies.copy(connected.accepted)) {
            copy.shutdownOutput();

            assertThat(connected.client.getInputStream().read()).isEqualTo(-1);
            assertArrives("other way", connected.client, connected.accepted);
        }
    }

    @Test
    void encode_sharedSocket_keepsItsOptions() throws Exception {
        try (var connected = Connected.open()) {
            connected.accepted.setTcpNoDelay(true);
            connected.accepted.setSoTimeout(60_000);
            try (var copy = Copies.copy(connected.accepted)) {
                assertThat(copy.getTcpNoDelay()).isTrue();
                assertThat(connected.accepted.getSoTimeout()).isEqualTo(60_000);
                connected.accepted.setKeepAlive(true);
                assertThat(copy.getKeepAlive()).isTrue();
            }
        }
    }

    @Test
    void decode_socketOfAChannel_isConnected() throws Exception {
        var server = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0));
        try (var client = SocketChannel.open(server.getLocalAddress())) {
            var accepted = server.accept();
            try (var copy = Copies.copy(accepted.socket());
                    var serverCopy = Copies.copy(server.socket())) {
                accepted.close();
                server.close();

                assertArrives("hello", copy, client.socket());
                try (var second = new Socket(HERE, serverCopy.getLocalPort());
                        var secondAccepted = serverCopy.accept()) {
                    assertArrives("second", secondAccepted, second);
                }
            }
        }
    }

    @Test
    void decode_serverSocket_acceptsWhenTheOriginalIsClosed() throws Exception {
        var original = new ServerSocket(0, 5, HERE);
        int port = original.getLocalPort();
        try (var copy = Copies.copy(original)) {
            original.close();
            assertThat(copy.getLocalPort()).isEqualTo(port);
            try (var client = new Socket(HERE, port);
                    var accepted = copy.accept()) {
                assertArrives("hello", client, accepted);
            }
        }
    }

    @Test
    void decode_datagramChannel_receivesAndSendsWhenTheOriginalIsClosed() throws Exception {
        var original = DatagramChannel.open().bind(new InetSocketAddress(HERE, 0));
        try (var peer = DatagramChannel.open().bind(new InetSocketAddress(HERE, 0));
                var copy = Copies.copy(original)) {
            var address = original.getLocalAddress();
            original.close();
            assertThat(copy.getLocalAddress()).isEqualTo(address);
            peer.send(ByteBuffer.wrap(new byte[] {1}), address);
            var buffer = ByteBuffer.allocate(1);
            assertThat(copy.receive(buffer)).isEqualTo(peer.getLocalAddress());
            copy.send(buffer.flip(), peer.getLocalAddress());
            assertThat(peer.receive(ByteBuffer.allocate(1))).isEqualTo(address);
        }
    }

    @Test
    void decode_datagramChannelWithAPeer_hasIt() throws Exception {
        try (var peer = DatagramChannel.open().bind(new InetSocketAddress(HERE, 0));
                var original = DatagramChannel.open().connect(peer.getLocalAddress());
                var copy = Copies.copy(original)) {
            assertThat(copy.getRemoteAddress()).isEqualTo(peer.getLocalAddress());
            copy.write(ByteBuffer.wrap(new byte[] {7}));
            var buffer = ByteBuffer.allocate(1);
            peer.receive(buffer);
            assertThat(buffer.get(0)).isEqualTo((byte) 7);
        }
    }

    @Test
    void decode_datagramSocket_receivesWhenTheOriginalIsClosed() throws Exception {
        var original = new DatagramSocket(0, HERE);
        int port = original.getLocalPort();
        try (var peer = new DatagramSocket(0, HERE);
                var copy = Copies.copy(original)) {
            original.close();
            peer.send(new DatagramPacket(new byte[] {5}, 1, HERE, port));
            var packet = new DatagramPacket(new byte[1], 1);
            copy.receive(packet);
            assertThat(packet.getData()[0]).isEqualTo((byte) 5);
            assertThat(packet.getPort()).isEqualTo(peer.getLocalPort());
        }
    }

    @Test
    void decode_fileStreams_shareThePosition() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        try (var original = new FileInputStream(file.toFile());
                var copy = Copies.copy(original)) {
            assertThat(original.readNBytes(2)).asString().isEqualTo("01");
            assertThat(copy.readNBytes(2)).asString().isEqualTo("23");
            assertThat(original.read()).isEqualTo('4');
        }
        try (var original = new RandomAccessFile(file.toFile(), "rw");
                var copy = Copies.copy(original)) {
            original.seek(8);
            copy.write('a');
            assertThat(original.read()).isEqualTo('9');
            assertThat(copy.length()).isEqualTo(10);
        }
        var original = new FileOutputStream(file.toFile());
        try (var copy = Copies.copy(original)) {
            original.write(Bytes.of("first, "));
            original.close();
            copy.write(Bytes.of("second"));
        }
        assertThat(file).hasContent("first, second");
    }

    @Test
    void encode_whatIsNotConnectedOrClosed_isRefused() throws Exception {
        var closed =
                new FileInputStream(Files.createFile(directory.resolve("file")).toFile());
        closed.close();
        var closedSocket = Connected.open();
        closedSocket.close();
        try (var fresh = new Socket();
                var unbound = new ServerSocket()) {
            for (Object each : new Object[] {fresh, unbound, closed, closedSocket.client}) {
                assertThatThrownBy(() -> Codec.encode(each))
                        .as(each.toString())
                        .isInstanceOf(NotSendableException.class);
            }
        }
    }

    private static void assertArrives(String text, Socket from, Socket to) throws IOException {
        byte[] bytes = Bytes.of(text);
        from.getOutputStream().write(bytes);
        assertThat(to.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }
}
