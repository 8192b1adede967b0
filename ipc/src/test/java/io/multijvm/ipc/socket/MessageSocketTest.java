package io.multijvm.ipc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Bytes;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.Ends;
import io.multijvm.ipc.OpenFiles;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Packets;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.StressTest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageSocketTest {
    private static final int MEBIBYTE = 1024 * 1024;

    @TempDir
    private Path directory;

    @RegisterExtension
    private final Ends<MessageSocket> ends = Ends.of(MessageSocket::pair);

    private final MessageSocket near = ends.near();
    private final MessageSocket far = ends.far();

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 4096, 65_535, 65_536, 65_537, 131_072, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 16 * MEBIBYTE})
    void receive_messageOfAnySize_arrivesWhole(int size) throws IOException {
        assertArrivesWhole(size);
    }

    @Test
    @StressTest
    void receive_messageOfManyMebibytes_arrivesWhole() throws IOException {
        assertArrivesWhole(100_000_000);
    }

    private void assertArrivesWhole(int size) throws IOException {
        byte[] sent = Bytes.random(size);

        near.send(sent);

        assertThat(receive(far)).isEqualTo(sent);
        assertThat(far.poll(Deadline.after(Duration.ZERO))).isFalse();
    }

    @Test
    void send_partOfAnArray_sendsThatPart() throws IOException {
        byte[] bytes = Bytes.random(3 * MEBIBYTE);

        near.send(bytes, 5, 2 * MEBIBYTE, List.of());
        near.send(bytes, bytes.length, 0, List.of());

        byte[] received = receive(far);
        assertThat(received).hasSize(2 * MEBIBYTE);
        assertThat(ByteBuffer.wrap(received)).isEqualTo(ByteBuffer.wrap(bytes, 5, 2 * MEBIBYTE));
        assertThat(receive(far)).isEmpty();
    }

    @Test
    @Conforms("_TestPoll.test_dont_merge")
    void receive_threeMessages_areNeverMerged() throws IOException {
        assertThat(far.poll(Deadline.after(Duration.ZERO))).isFalse();
        near.send(Bytes.of("a"));
        near.send(Bytes.of("b"));
        near.send(Bytes.of("cd"));

        assertThat(receive(far)).isEqualTo(Bytes.of("a"));
        assertThat(far.poll(Deadline.after(Duration.ofSeconds(1)))).isTrue();
        assertThat(far.poll(Deadline.after(Duration.ofSeconds(1)))).isTrue();
        assertThat(receive(far)).isEqualTo(Bytes.of("b"));
        assertThat(receive(far)).isEqualTo(Bytes.of("cd"));
    }

    @Test
    void receive_largeAndSmallMixed_keepsTheirOrder() throws Exception {
        var sizes = List.of(10, 200_000, 0, 65_536, 65_537, 1, 3_000_000, 2);
        var sending = Background.run(() -> {
            for (int size : sizes) {
                near.send(Bytes.random(size));
            }
            return null;
        });

        for (int size : sizes) {
            assertThat(receive(far)).isEqualTo(Bytes.random(size));
        }
        sending.get();
    }

    @Test
    void send_receiverFarBehind_blocksBeforeMuchIsUnderWay() throws Exception {
        int messages = 200;
        var sent = new AtomicInteger();
        var sending = Background.run(() -> {
                    for (int i = 0; i < messages; i++) {
                        near.send(new byte[MEBIBYTE + i]);
                        sent.incrementAndGet();
                    }
                    return null;
                })
                .awaitWaiting();

        assertThat(sent.get()).isLessThan(20);

        for (int i = 0; i < messages; i++) {
            assertThat(receive(far)).hasSize(MEBIBYTE + i);
        }
        sending.get();
        assertThat(sent.get()).isEqualTo(messages);
    }

    @Test
    void sendAndReceive_manyThreadsOnEachEnd_mixNothing() throws Exception {
        int senders = 4;
        int receivers = 3;
        int each = 300;
        var sending = new ArrayList<Background<Void>>();
        for (int sender = 0; sender < senders; sender++) {
            int number = sender;
            sending.add(Background.run(() -> {
                for (int i = 0; i < each; i++) {
                    near.send(patterned(number, i, i % 30 == 0 ? 100_000 : i));
                }
                return null;
            }));
        }
        var received = Collections.synchronizedList(new ArrayList<String>());
        var receiving = new ArrayList<Background<Void>>();
        for (int i = 0; i < receivers; i++) {
            receiving.add(Background.run(() -> {
                try {
                    while (true) {
                        received.add(identify(receive(far)));
                    }
                } catch (EOFException e) {
                    return null;
                }
            }));
        }
        for (var one : sending) {
            one.get();
        }
        near.close();
        for (var one : receiving) {
            one.get();
        }

        assertThat(received).hasSize(senders * each).doesNotHaveDuplicates();
    }

    private static byte[] patterned(int sender, int number, int size) {
        var message = ByteBuffer.allocate(8 + size).putInt(sender).putInt(number);
        while (message.hasRemaining()) {
            message.put((byte) (sender + 31 * number));
        }
        return message.array();
    }

    private static String identify(byte[] bytes) {
        var message = ByteBuffer.wrap(bytes);
        int sender = message.getInt();
        int number = message.getInt();
        assertThat(bytes).isEqualTo(patterned(sender, number, bytes.length - 8));
        return sender + ":" + number;
    }

    @Test
    void receive_lastCopyOfTheOtherEndClosed_isEndOfFileAndNotBefore() throws Exception {
        Descriptor copy = near.descriptor().duplicate();
        near.close();
        assertThat(far.poll(Deadline.after(Duration.ZERO))).isFalse();
        var waiting = Background.run(() -> far.receive()).awaitWaiting();

        copy.close();

        assertThat(waiting.failure()).isInstanceOf(EOFException.class);
        assertThat(far.poll(Deadline.never())).isTrue();
        assertThatThrownBy(() -> far.receive()).isInstanceOf(EOFException.class);
    }

    @Test
    void receive_copyOfTheOtherEndUnderWay_isNoEndOfFile() throws IOException {
        try (var carrier = Ends.of(MessageSocket::pair)) {
            carrier.near().send(Bytes.of("take it"), 0, 7, List.of(near.descriptor()));
            near.close();
            assertThat(far.poll(Deadline.after(Duration.ZERO))).isFalse();

            var message = carrier.far().receive();
            try (var arrived = new MessageSocket(message.descriptors().get(0))) {
                arrived.send(Bytes.of("from there"));
            }

            assertThat(receive(far)).isEqualTo(Bytes.of("from there"));
            assertThatThrownBy(() -> far.receive()).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void receive_otherEndClosedAfterSending_givesEverythingFirst() throws IOException {
        near.send(Bytes.of("small"));
        near.send(Bytes.random(MEBIBYTE));
        near.send(new byte[0]);
        near.close();

        assertThat(receive(far)).isEqualTo(Bytes.of("small"));
        assertThat(receive(far)).hasSize(MEBIBYTE);
        assertThat(receive(far)).isEmpty();
        assertThatThrownBy(() -> far.receive()).isInstanceOf(EOFException.class);
    }

    @Test
    void receive_otherEndClosedWithOurMessageUnread_givesItsOwnThenEndOfFile() throws IOException {
        far.send(Bytes.of("never read"));
        near.send(Bytes.of("last words"));
        near.close();

        assertThat(receive(far)).isEqualTo(Bytes.of("last words"));
        assertThatThrownBy(() -> far.receive()).isInstanceOf(EOFException.class);
    }

    @Test
    void send_otherEndClosed_saysSo() {
        near.close();

        for (int size : new int[] {0, 1, MEBIBYTE}) {
            assertThatThrownBy(() -> far.send(new byte[size]))
                    .isInstanceOfSatisfying(
                            PosixException.class,
                            e -> assertThat(e.isPeerGone()).isTrue());
        }
    }

    @Test
    void send_otherEndClosedWhileBlocked_saysSo() throws Exception {
        var sending = Background.run(() -> fill(near)).awaitWaiting();

        far.close();

        assertThat(sending.failure())
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.isPeerGone()).isTrue());
    }

    @Test
    void close_ownEndWhileOthersWait_throwsClosedChannelThere() throws Exception {
        var receiving = Background.run(() -> far.receive()).awaitWaiting();
        var polling = Background.run(() -> far.poll(Deadline.never())).awaitWaiting();
        var sending = Background.run(() -> fill(far)).awaitWaiting();

        far.close();

        assertThat(receiving.failure()).isInstanceOf(ClosedChannelException.class);
        assertThat(polling.failure()).isInstanceOf(ClosedChannelException.class);
        assertThat(sending.failure()).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> far.send(new byte[1])).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> far.receive()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void poll_messageThere_isTrueAgainAndAgain() throws IOException {
        near.send(new byte[0]);

        assertThat(far.poll(Deadline.after(Duration.ZERO))).isTrue();
        assertThat(far.poll(Deadline.never())).isTrue();
        assertThat(receive(far)).isEmpty();
        assertThat(far.poll(Deadline.after(Duration.ZERO))).isFalse();
    }

    @Test
    void poll_nothingComes_waitsAtLeastTheTimeout() throws IOException {
        long start = System.nanoTime();

        assertThat(far.poll(Deadline.after(Duration.ofMillis(30)))).isFalse();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
    }

    @Test
    void receive_interrupted_losesNothing() throws Exception {
        var receiving = Background.run(() -> far.receive()).awaitWaiting().interrupt();

        assertThat(receiving.failure()).isInstanceOf(InterruptedIOException.class);
        near.send(Bytes.of("after"));
        assertThat(receive(far)).isEqualTo(Bytes.of("after"));
    }

    @Test
    void send_interruptedWhileBlocked_sendsNothingOfThatMessage() throws Exception {
        var sent = new AtomicInteger();
        var sending = Background.run(() -> {
                    while (true) {
                        near.send(patterned(1, sent.get(), 200_000));
                        sent.incrementAndGet();
                    }
                })
                .awaitWaiting()
                .interrupt();
        assertThat(sending.failure()).isInstanceOf(InterruptedIOException.class);

        for (int i = 0; i < sent.get(); i++) {
            assertThat(identify(receive(far))).isEqualTo("1:" + i);
        }
        assertThat(far.poll(Deadline.after(Duration.ZERO))).isFalse();
        near.send(Bytes.of("usable"));
        assertThat(receive(far)).isEqualTo(Bytes.of("usable"));
    }

    @Test
    void send_descriptors_arriveInOrderAlsoWithALargeMessage() throws IOException {
        for (int size : new int[] {1, MEBIBYTE}) {
            Path first = directory.resolve("first" + size);
            Path second = directory.resolve("second" + size);
            try (Descriptor one = Descriptor.openForWriting(first, false);
                    Descriptor two = Descriptor.openForWriting(second, false)) {
                near.send(Bytes.random(size), 0, size, List.of(one, two));
            }
            var message = far.receive();

            assertThat(message.bytes()).isEqualTo(Bytes.random(size));
            assertThat(message.descriptors()).hasSize(2);
            message.descriptors().get(0).writeFully(Bytes.of("one"), 0, 3);
            message.descriptors().get(1).writeFully(Bytes.of("two"), 0, 3);
            assertThat(first).hasContent("one");
            assertThat(second).hasContent("two");
            message.discard();
            assertThat(OpenFiles.of(first)).isZero();
        }
    }

    @Test
    void send_tooManyDescriptors_isRefused() throws IOException {
        try (Descriptor devNull = Descriptor.devNull()) {
            var tooMany = Collections.nCopies(Sockets.MAX_DESCRIPTORS, devNull);
            assertThatThrownBy(() -> near.send(new byte[1], 0, 1, tooMany))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at most 252");

            near.send(new byte[MEBIBYTE], 0, MEBIBYTE, tooMany.subList(1, tooMany.size()));
            var message = far.receive();
            assertThat(message.descriptors()).hasSize(252);
            message.discard();
        }
    }

    @Test
    void receive_largeMessages_leaveNoDescriptorOpen() throws IOException {
        int lowest;
        try (Descriptor probe = Descriptor.devNull()) {
            lowest = probe.number();
        }
        for (int i = 0; i < 100; i++) {
            near.send(new byte[MEBIBYTE]);
            receive(far);
        }

        try (Descriptor probe = Descriptor.devNull()) {
            assertThat(probe.number()).isLessThan(lowest + 50);
        }
    }

    /** Only a program of another kind, or of another version, sends such packets. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 1 << 20, Integer.MAX_VALUE})
    void receive_malformedPacket_isAnIoErrorAndLeaksNothing(int announced) throws IOException {
        var nothing = new Packets.Part(new byte[0], 0, 0);
        Path file = directory.resolve("passed");
        try (Descriptor passed = Descriptor.openForWriting(file, false)) {
            Packets.send(near.descriptor(), announced, nothing, List.of());
            Packets.send(near.descriptor(), announced, nothing, List.of(passed));
            Sockets.send(near.descriptor(), new Sockets.Chunk(new byte[3], new byte[0], 0, 0), List.of(passed));
        }

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> far.receive()).isInstanceOf(IOException.class);
        }
        assertThat(OpenFiles.of(file)).isZero();
        near.send(Bytes.of("next"));
        assertThat(receive(far)).isEqualTo(Bytes.of("next"));
    }

    @Test
    void connect_listener_carriesMessages() throws Exception {
        Path path = directory.resolve("socket");
        try (Descriptor listener = Sockets.listen(path, 5)) {
            var connecting = Background.run(() -> MessageSocket.connect(path));
            listener.awaitReadable(Deadline.never());
            try (var accepted = new MessageSocket(Sockets.accept(listener));
                    var connected = connecting.get()) {
                connected.send(Bytes.random(MEBIBYTE));
                assertThat(receive(accepted)).isEqualTo(Bytes.random(MEBIBYTE));
            }
        }
    }

    private static Void fill(MessageSocket socket) throws IOException {
        while (true) {
            socket.send(new byte[10_000]);
        }
    }

    private static byte[] receive(MessageSocket socket) throws IOException {
        var message = socket.receive();
        message.discard();
        assertThat(message.descriptors()).isEmpty();
        return message.bytes();
    }
}
