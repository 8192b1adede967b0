package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Bytes;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.Ends;
import io.multijvm.ipc.OpenFiles;
import io.multijvm.testkit.Background;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class SocketsTest {
    private static final byte[] NONE = {};

    @TempDir
    private Path directory;

    @RegisterExtension
    private final Ends<Descriptor> ends = Ends.of(Sockets::packetPair);

    private final Descriptor left = ends.near();
    private final Descriptor right = ends.far();

    @Test
    void receive_packets_keepsThemApartAndPutsPrefixFirst() throws IOException {
        Sockets.send(left, chunk("ab", "xcdy", 1, 2), List.of());
        Sockets.send(left, chunk("e", "", 0, 0), List.of());

        assertThat(receive(right)).isEqualTo("abcd");
        assertThat(receive(right)).isEqualTo("e");
        assertThat(Sockets.receive(right, 100, new ArrayList<>())).isNull();
    }

    @Test
    void receive_bothDirections_areIndependent() throws IOException {
        send(left, "to right");
        send(right, "to left");

        assertThat(receive(left)).isEqualTo("to left");
        assertThat(receive(right)).isEqualTo("to right");
    }

    @Test
    void isUnread_stream_untilTheLastByteIsReceived() throws IOException {
        try (var stream = Ends.of(Sockets::streamPair)) {
            Descriptor out = stream.near();
            Descriptor in = stream.far();
            assertThat(Sockets.isUnread(out)).isFalse();
            send(out, "abc");
            Sockets.endSending(out);
            assertThat(Sockets.isUnread(out)).isTrue();
            assertThat(Sockets.receive(in, 2, new ArrayList<>())).hasSize(2);
            assertThat(Sockets.isUnread(out)).isTrue();
            assertThat(Sockets.receive(in, 2, new ArrayList<>())).hasSize(1);
            assertThat(Sockets.isUnread(out)).isFalse();
        }
    }

    @Test
    void receive_stream_mergesAndTakesPart() throws IOException {
        try (var stream = Ends.of(Sockets::streamPair)) {
            Descriptor out = stream.near();
            Descriptor in = stream.far();
            send(out, "ab");
            send(out, "cd");

            assertThat(new String(Sockets.receive(in, 3, new ArrayList<>()), StandardCharsets.UTF_8))
                    .isEqualTo("abc");
            assertThat(receive(in)).isEqualTo("d");
        }
    }

    @Test
    void receive_peerClosed_givesWhatIsLeftThenEndOfFile() throws IOException {
        send(left, "last");
        left.close();

        assertThat(receive(right)).isEqualTo("last");
        assertThat(Sockets.receive(right, 100, new ArrayList<>())).isEmpty();
        assertThat(Sockets.receive(right, 100, new ArrayList<>())).isEmpty();
    }

    @Test
    void receive_peerClosedWithUnreadPackets_givesEndOfFileNotAnError() throws IOException {
        send(right, "never read");
        send(left, "last");
        left.close();

        assertThat(receive(right)).isEqualTo("last");
        assertThat(Sockets.receive(right, 100, new ArrayList<>())).isEmpty();
    }

    @Test
    void send_peerClosed_saysSo() {
        left.close();

        assertThatThrownBy(() -> send(right, "x"))
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.isPeerGone()).isTrue());
    }

    @Test
    void send_fullBuffer_wouldBlockAndIsWritableAfterReading() throws IOException {
        byte[] kilobyte = new byte[1024];
        int sent = 0;
        while (Sockets.send(left, new Sockets.Chunk(NONE, kilobyte, 0, 1024), List.of()) != Sockets.WOULD_BLOCK) {
            sent++;
        }
        assertThat(sent).isPositive();
        assertThat(left.awaitWritable(Deadline.after(Duration.ZERO))).isFalse();

        int received = 0;
        while (Sockets.receive(right, 2048, new ArrayList<>()) != null) {
            received++;
        }
        assertThat(received).isEqualTo(sent);
        assertThat(left.awaitWritable(Deadline.after(Duration.ZERO))).isTrue();
    }

    @Test
    void endSending_otherDirection_staysOpen() throws IOException {
        Sockets.endSending(left);

        assertThat(Sockets.receive(right, 100, new ArrayList<>())).isEmpty();
        send(right, "still");
        assertThat(receive(left)).isEqualTo("still");
    }

    @Test
    void receive_packetLargerThanAskedFor_isRefusedAndLeaksNoDescriptor() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        try (Descriptor passed = Descriptor.openForWriting(file, true)) {
            Sockets.send(left, chunk("", "0123456789", 0, 10), List.of(passed));
        }

        assertThatThrownBy(() -> Sockets.receive(right, 5, new ArrayList<>()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too large");
        assertThat(OpenFiles.of(file)).isZero();
        send(left, "next");
        assertThat(receive(right)).isEqualTo("next");
    }

    @Test
    void receive_descriptorOfAFile_sharesItsPosition() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        try (var channel = FileChannel.open(file, StandardOpenOption.READ);
                Descriptor opened = OpenChannels.duplicate(channel)) {
            channel.read(ByteBuffer.allocate(3));
            Sockets.send(left, chunk("", "f", 0, 1), List.of(opened));
            var passed = new ArrayList<Descriptor>();
            Sockets.receive(right, 10, passed);

            byte[] next = new byte[4];
            assertThat(passed).hasSize(1);
            assertThat(passed.get(0).readNow(next)).isEqualTo(4);
            assertThat(next).asString(StandardCharsets.UTF_8).isEqualTo("3456");
            assertThat(channel.position()).isEqualTo(7);
            passed.get(0).close();
        }
    }

    @Test
    void receive_descriptorOfThePeerItself_keepsTheConnectionOpen() throws IOException {
        try (var second = Ends.of(Sockets::packetPair)) {
            Descriptor near = second.near();
            Sockets.send(left, chunk("", "s", 0, 1), List.of(second.far()));
            second.far().close();
            var passed = new ArrayList<Descriptor>();
            Sockets.receive(right, 10, passed);

            send(passed.get(0), "through the passed end");

            assertThat(receive(near)).isEqualTo("through the passed end");
            passed.get(0).close();
            assertThat(Sockets.receive(near, 10, passed)).isEmpty();
        }
    }

    @Test
    void receive_asManyDescriptorsAsThereMayBe_givesThemInOrder() throws IOException {
        var files = new ArrayList<Path>();
        var opened = new ArrayList<Descriptor>();
        for (int i = 0; i < Sockets.MAX_DESCRIPTORS; i++) {
            files.add(directory.resolve("f" + i));
            opened.add(Descriptor.openForWriting(files.get(i), false));
        }
        Sockets.send(left, chunk("", "many", 0, 4), opened);
        opened.forEach(Descriptor::close);
        var passed = new ArrayList<Descriptor>();

        assertThat(Sockets.receive(right, 10, passed)).hasSize(4);

        assertThat(passed).hasSize(Sockets.MAX_DESCRIPTORS);
        for (int i = 0; i < passed.size(); i++) {
            byte[] name = Bytes.of("file " + i);
            passed.get(i).writeFully(name, 0, name.length);
            passed.get(i).close();
            assertThat(files.get(i)).hasContent("file " + i);
        }
    }

    @Test
    void send_closedDescriptorAlong_isRefusedAndSendsNothing() throws IOException {
        Descriptor closed = Descriptor.devNull();
        Descriptor open = Descriptor.devNull();
        closed.close();

        assertThatThrownBy(() -> Sockets.send(left, chunk("", "x", 0, 1), List.of(open, closed)))
                .isInstanceOf(ClosedChannelException.class);

        open.close();
        assertThat(OpenFiles.isOpen(open.number())).isFalse();
        assertThat(Sockets.receive(right, 10, new ArrayList<>())).isNull();
    }

    @Test
    void accept_connection_carriesPacketsBothWays() throws Exception {
        Path path = directory.resolve("socket");
        try (Descriptor listener = Sockets.listen(path, 5)) {
            var client = Background.run(() -> Sockets.connect(path));
            listener.awaitReadable(Deadline.never());
            try (Descriptor accepted = Sockets.accept(listener);
                    Descriptor connected = client.get()) {
                send(connected, "ping");
                assertThat(receive(accepted)).isEqualTo("ping");
                send(accepted, "pong");
                assertThat(receive(connected)).isEqualTo("pong");
            }
        }
    }

    @Test
    void connect_nobodyListens_namesPathAndError() throws IOException {
        Path path = directory.resolve("socket");
        assertThatThrownBy(() -> Sockets.connect(path))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("ENOENT");

        Sockets.listen(path, 5).close();
        assertThatThrownBy(() -> Sockets.connect(path)).hasMessageContaining("ECONNREFUSED");
        assertThatThrownBy(() -> Sockets.listen(path, 5)).hasMessageContaining("EADDRINUSE");
    }

    @Test
    void listen_pathTooLong_saysWhatToSet() {
        Path path = directory.resolve("x".repeat(108));

        assertThatThrownBy(() -> Sockets.listen(path, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multijvm.run.directory");
    }

    private static Sockets.Chunk chunk(String prefix, String text, int offset, int size) {
        return new Sockets.Chunk(Bytes.of(prefix), Bytes.of(text), offset, size);
    }

    private static void send(Descriptor socket, String text) throws IOException {
        assertThat(Sockets.send(socket, chunk("", text, 0, text.length()), List.of()))
                .isEqualTo(text.length());
    }

    private static String receive(Descriptor socket) throws IOException {
        byte[] packet = Sockets.receive(socket, 100, new ArrayList<>());
        return new String(packet, StandardCharsets.UTF_8);
    }
}
