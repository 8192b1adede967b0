package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.testkit.Background;
import io.multijvm.testkit.JdkTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@JdkTest
final class PassedChannelTest {
    enum Family {
        TCP4,
        TCP6,
        UNIX;

        ServerSocketChannel listen(Path directory) throws IOException {
            return switch (this) {
                case TCP4 ->
                    ServerSocketChannel.open()
                            .bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
                case TCP6 ->
                    ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getByAddress(new byte[16]), 0));
                case UNIX ->
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                            .bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
            };
        }

        SocketAddress reachable(ServerSocketChannel server) throws IOException {
            return server.getLocalAddress() instanceof InetSocketAddress inet
                    ? new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), inet.getPort())
                    : server.getLocalAddress();
        }
    }

    @TempDir
    private Path directory;

    @Test
    void decode_fileForReading_sharesThePositionBothWays() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        try (var original = FileChannel.open(file, StandardOpenOption.READ)) {
            assertThat(read(original, 3)).isEqualTo("012");
            try (var copy = Copies.copy(original)) {
                assertThat(copy.position()).isEqualTo(3);
                assertThat(read(copy, 2)).isEqualTo("34");
                assertThat(read(original, 2)).isEqualTo("56");
                copy.position(9);
                assertThat(original.position()).isEqualTo(9);
                assertThat(copy.size()).isEqualTo(10);
                assertThatThrownBy(() -> copy.write(ByteBuffer.allocate(1)))
                        .isInstanceOf(NonWritableChannelException.class);
            }
            assertThat(read(original, 1)).as("its copy closed").isEqualTo("9");
        }
    }

    @Test
    void decode_fileForWriting_sharesThePositionAndOutlivesTheOriginal() throws Exception {
        Path file = directory.resolve("file");
        var original = open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        write(original, "abc");
        try (var copy = Copies.copy(original)) {
            original.close();
            write(copy, "def");

            assertThatThrownBy(() -> copy.read(ByteBuffer.allocate(1))).isInstanceOf(NonReadableChannelException.class);
        }
        assertThat(file).hasContent("abcdef");
    }

    @Test
    void decode_fileForBoth_readsWritesMapsAndLocks() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        try (var original = open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var copy = Copies.copy(original)) {
            write(copy, "ab");
            assertThat(read(original, 2)).isEqualTo("23");
            copy.map(FileChannel.MapMode.READ_WRITE, 0, 10).put(9, (byte) 'z');
            copy.truncate(10).force(true);
            copy.lock().release();
            copy.position(8);
            assertThat(read(copy, 2)).isEqualTo("8z");
        }
        assertThat(file).hasContent("ab2345678z");
    }

    @Test
    void decode_fileForAppending_appends() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123");
        try (var original = open(file, StandardOpenOption.APPEND);
                var copy = Copies.copy(original)) {
            write(copy, "a");
            write(original, "b");
        }
        assertThat(file).hasContent("0123ab");
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void decode_connectedSocket_goesOnWhenTheOriginalIsClosed(Family family) throws Exception {
        try (var server = family.listen(directory)) {
            var client = SocketChannel.open(family.reachable(server));
            var accepted = server.accept();
            write(client, "before");
            var clientCopy = Copies.copy(client);
            var acceptedCopy = Copies.copy(accepted);
            var remote = client.getRemoteAddress();
            var local = client.getLocalAddress();
            client.close();
            accepted.close();

            assertThat(clientCopy.isConnected()).isTrue();
            assertThat(clientCopy.getRemoteAddress()).isEqualTo(remote);
            assertThat(clientCopy.getLocalAddress()).isEqualTo(local);
            assertThat(read(acceptedCopy, 6)).isEqualTo("before");
            write(acceptedCopy, "answer");
            assertThat(read(clientCopy, 6)).isEqualTo("answer");
            var waiting = Background.run(() -> clientCopy.read(ByteBuffer.allocate(1)));
            acceptedCopy.close();
            assertThat(waiting.get()).as("end of stream").isEqualTo(-1);
            clientCopy.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void decode_listeningSocket_acceptsWhenTheOriginalIsClosed(Family family) throws Exception {
        var original = family.listen(directory);
        var address = original.getLocalAddress();
        var reachable = family.reachable(original);
        try (var copy = Copies.copy(original)) {
            original.close();
            assertThat(copy.getLocalAddress()).isEqualTo(address);
            try (var client = SocketChannel.open(reachable);
                    var accepted = copy.accept()) {
                write(client, "hello");
                assertThat(read(accepted, 5)).isEqualTo("hello");
            }
        }
    }

    @Test
    void encode_socketNeverConnected_isRefused() throws IOException {
        try (var socket = SocketChannel.open()) {
            assertThatThrownBy(() -> Codec.encode(socket)).isInstanceOf(NotSendableException.class);
        }
    }

    @Test
    void encode_closedChannel_isRefused() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        var channel = FileChannel.open(file);
        channel.close();
        var socket = SocketChannel.open();
        socket.close();

        assertThatThrownBy(() -> Codec.encode(channel)).isInstanceOf(NotSendableException.class);
        assertThatThrownBy(() -> Codec.encode(socket)).isInstanceOf(NotSendableException.class);
    }

    @Test
    void encode_channelOfAnotherKind_isRefusedNamingIt() throws IOException {
        var pipe = Pipe.open();
        try (var source = pipe.source();
                var sink = pipe.sink()) {
            assertThatThrownBy(() -> Codec.encode(source))
                    .isInstanceOf(NotSendableException.class)
                    .hasMessageContaining("SourceChannel");
            assertThat(sink.isOpen()).isTrue();
        }
    }

    private static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Stream.of(options).collect(java.util.stream.Collectors.toSet()));
    }

    private static String read(ReadableByteChannel channel, int count) throws IOException {
        var buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    private static void write(java.nio.channels.WritableByteChannel channel, String text) throws IOException {
        var buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
