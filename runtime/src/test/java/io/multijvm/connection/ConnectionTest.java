package io.multijvm.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.MultiJvm;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ConnectionTest {
    private static final byte[] ALPHABET = "abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final int MEBIBYTE = 1024 * 1024;

    private Connection near;
    private Connection far;

    @BeforeEach
    void openPipe() {
        Pipe pipe = MultiJvm.pipe();
        near = pipe.first();
        far = pipe.second();
    }

    @AfterEach
    void closePipe() {
        near.close();
        far.close();
    }

    @Test
    void send_objects_arriveEqualAndInOrder() throws IOException {
        var values = new ArrayList<Object>(Arrays.asList(1, 2.25, "text", null, true, List.of("a", Map.of("k", 1L))));
        for (Object value : values) {
            near.send(value);
        }

        for (Object value : values) {
            assertThat(far.recv()).isEqualTo(value);
        }
    }

    @Test
    void recv_typed_castsOrSaysSo() throws IOException {
        near.send("text");
        near.send("text");
        near.send(null);

        String text = far.recv(String.class);
        assertThat(text).isEqualTo("text");
        assertThatThrownBy(() -> far.recv(Integer.class)).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> far.recv(String.class)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void send_unsendableField_isRefusedNamingItAndNothingIsSent() throws IOException {
        var unsendable = new ArrayList<Object>(List.of("fine", new ReentrantLock()));

        assertThatThrownBy(() -> near.send(unsendable))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining("element 1 (java.util.concurrent.locks.ReentrantLock)");

        assertThat(far.poll()).isFalse();
        near.send("next");
        assertThat(far.recv()).isEqualTo("next");
    }

    @Test
    void recv_bytesThatAreNoObject_isAnErrorAndTheNextMessageComes() throws IOException {
        near.sendBytes(new byte[] {99, 1, 2});
        near.sendBytes(new byte[0]);
        near.send("next");

        assertThatThrownBy(far::recv).isInstanceOf(IOException.class);
        assertThatThrownBy(far::recv).isInstanceOf(IOException.class);
        assertThat(far.recv()).isEqualTo("next");
    }

    @Test
    void recvBytes_ofThreeMessages_keepsThemApart() throws IOException {
        near.sendBytes(new byte[] {1});
        near.sendBytes(new byte[0]);
        near.sendBytes(new byte[] {2, 3});

        assertThat(far.recvBytes()).containsExactly(1);
        assertThat(far.recvBytes()).isEmpty();
        assertThat(far.recvBytes()).containsExactly(2, 3);
    }

    @ParameterizedTest
    @Conforms("_TestConnection.test_sendbytes")
    @CsvSource({"0, 26, 26", "5, 21, 21", "7, 8, 8", "20, 6, 6", "26, 0, 0", "0, 0, 0"})
    void sendBytes_rangeWithin_sendsIt(int offset, int size, int expected) throws IOException {
        near.sendBytes(ALPHABET, offset, size);

        assertThat(far.recvBytes()).hasSize(expected).isEqualTo(Arrays.copyOfRange(ALPHABET, offset, offset + size));
    }

    @ParameterizedTest
    @Conforms("_TestConnection.test_sendbytes")
    @CsvSource({"27, 0", "22, 5", "26, 1", "-1, 1", "4, -1", "0, 27", "2147483647, 2147483647"})
    void sendBytes_rangeOutside_isRefusedAndSendsNothing(int offset, int size) throws IOException {
        assertThatThrownBy(() -> near.sendBytes(ALPHABET, offset, size)).isInstanceOf(IndexOutOfBoundsException.class);

        assertThat(far.poll()).isFalse();
    }

    @Test
    void recvBytesInto_fits_returnsTheLengthAndLeavesTheRest() throws IOException {
        near.sendBytes(new byte[] {1, 2, 3});
        near.sendBytes(new byte[] {4, 5});
        near.sendBytes(new byte[0]);
        byte[] into = {9, 9, 9, 9, 9};

        assertThat(far.recvBytesInto(into, 0)).isEqualTo(3);
        assertThat(far.recvBytesInto(into, 3)).isEqualTo(2);
        assertThat(far.recvBytesInto(into, 5)).isZero();

        assertThat(into).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void recvBytesInto_tooShort_carriesTheMessageAndGoesOn() throws IOException {
        near.sendBytes(ALPHABET);
        near.sendBytes(new byte[] {7});
        byte[] into = new byte[30];

        assertThatThrownBy(() -> far.recvBytesInto(into, 5))
                .isInstanceOfSatisfying(BufferTooShortException.class, e -> {
                    assertThat(e.message()).isEqualTo(ALPHABET);
                    e.message()[0] = 0;
                    assertThat(e.message()).isEqualTo(ALPHABET);
                })
                .hasMessageContaining("26")
                .hasMessageContaining("25");
        assertThat(into).containsOnly(0);
        assertThat(far.recvBytes()).containsExactly(7);
    }

    @ParameterizedTest
    @CsvSource({"-1", "6", "2147483647"})
    void recvBytesInto_badOffset_isRefusedAndConsumesNothing(int offset) throws IOException {
        near.sendBytes(new byte[] {1});

        assertThatThrownBy(() -> far.recvBytesInto(new byte[5], offset)).isInstanceOf(IndexOutOfBoundsException.class);

        assertThat(far.recvBytes()).containsExactly(1);
    }

    @Test
    void recvBytesInto_wholeArray_fillsFromTheBeginning() throws IOException {
        near.sendBytes(new byte[] {1, 2});
        byte[] into = {9, 9, 9};

        assertThat(far.recvBytesInto(into)).isEqualTo(2);

        assertThat(into).containsExactly(1, 2, 9);
    }

    static Stream<ByteBuffer> buffersOfTen() {
        return Stream.of(
                ByteBuffer.allocate(10),
                ByteBuffer.allocateDirect(10),
                ByteBuffer.allocate(30).position(7).limit(17).slice());
    }

    @ParameterizedTest
    @MethodSource("buffersOfTen")
    void sendBytes_buffer_sendsWhatRemainsAndMovesThePosition(ByteBuffer buffer) throws IOException {
        buffer.put(ALPHABET, 0, 10).position(2).limit(6);

        near.sendBytes(buffer);

        assertThat(far.recvBytes()).containsExactly('c', 'd', 'e', 'f');
        assertThat(buffer.position()).isEqualTo(6);
        near.sendBytes(buffer);
        assertThat(far.recvBytes()).isEmpty();
        buffer.position(5);
        near.sendBytes(buffer.asReadOnlyBuffer());
        assertThat(far.recvBytes()).containsExactly('f');
    }

    @ParameterizedTest
    @MethodSource("buffersOfTen")
    void recvBytesInto_buffer_fillsBetweenPositionAndLimit(ByteBuffer buffer) throws IOException {
        near.sendBytes(ALPHABET, 0, 3);
        near.sendBytes(ALPHABET, 3, 1);
        near.sendBytes(new byte[0]);
        buffer.position(4).limit(8);

        assertThat(far.recvBytesInto(buffer)).isEqualTo(3);
        assertThat(far.recvBytesInto(buffer)).isEqualTo(1);
        assertThat(far.recvBytesInto(buffer)).isZero();

        assertThat(buffer.position()).isEqualTo(8);
        byte[] content = new byte[10];
        buffer.clear().get(content);
        assertThat(content).containsExactly(0, 0, 0, 0, 'a', 'b', 'c', 'd', 0, 0);
    }

    @ParameterizedTest
    @MethodSource("buffersOfTen")
    void recvBytesInto_bufferTooShort_carriesTheMessageAndLeavesTheBuffer(ByteBuffer buffer) throws IOException {
        near.sendBytes(ALPHABET, 0, 4);
        near.sendBytes(new byte[] {7});
        buffer.position(1).limit(4);

        assertThatThrownBy(() -> far.recvBytesInto(buffer))
                .isInstanceOfSatisfying(
                        BufferTooShortException.class,
                        e -> assertThat(e.message()).containsExactly('a', 'b', 'c', 'd'));

        assertThat(buffer.position()).isEqualTo(1);
        assertThat(far.recvBytes()).containsExactly(7);
    }

    @Test
    void recvBytesInto_readOnlyBuffer_isRefusedAndConsumesNothing() throws IOException {
        near.sendBytes(new byte[] {1});

        assertThatThrownBy(() -> far.recvBytesInto(ByteBuffer.allocate(5).asReadOnlyBuffer()))
                .isInstanceOf(ReadOnlyBufferException.class);

        assertThat(far.recvBytes()).containsExactly(1);
    }

    @Test
    void sendBytes_largerThanAMessageCanBe_isRefusedNamingTheLimit(@TempDir Path directory) throws IOException {
        Path sparse = directory.resolve("sparse");
        try (var file = FileChannel.open(
                sparse, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer huge = file.map(FileChannel.MapMode.READ_WRITE, 0, Integer.MAX_VALUE);

            assertThatThrownBy(() -> near.sendBytes(huge))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at most 2147483615 bytes");

            assertThat(huge.position()).isZero();
            assertThat(far.poll()).isFalse();
        }
    }

    @Test
    void recvBytes_withinTheLimit_isGiven() throws IOException {
        near.sendBytes(new byte[] {1, 2});
        near.sendBytes(new byte[0]);

        assertThat(far.recvBytes(2)).containsExactly(1, 2);
        assertThat(far.recvBytes(0)).isEmpty();
        assertThatThrownBy(() -> far.recvBytes(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(far.isReadable()).isTrue();
    }

    @Test
    void recvBytes_beyondTheLimit_closesThisEndForReadingOnly() throws IOException {
        near.sendBytes(new byte[3]);
        near.sendBytes(new byte[1]);

        assertThatThrownBy(() -> far.recvBytes(2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("3")
                .hasMessageContaining("closed for reading");

        assertThat(far.isReadable()).isFalse();
        assertThatThrownBy(far::recvBytes).isInstanceOf(IOException.class);
        assertThatThrownBy(far::poll).isInstanceOf(IOException.class);
        far.send("still sends");
        assertThat(near.recv()).isEqualTo("still sends");
    }

    @Test
    void recvBytes_beyondTheLimitOfAOneWayPipe_closesIt() throws IOException {
        try (Pipe pipe = MultiJvm.pipe(false)) {
            pipe.writer().sendBytes(new byte[3]);

            assertThatThrownBy(() -> pipe.reader().recvBytes(2)).isInstanceOf(IOException.class);

            assertThat(pipe.reader().isClosed()).isTrue();
            assertThatThrownBy(() -> pipe.reader().recv()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> pipe.writer().send(1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    @Conforms("_TestPoll.test_empty_string")
    void poll_emptyMessage_isTrueUntilItIsRead() throws IOException {
        assertThat(far.poll()).isFalse();
        near.sendBytes(new byte[0]);

        assertThat(far.poll()).isTrue();
        assertThat(far.poll()).isTrue();
        assertThat(far.recvBytes()).isEmpty();
        assertThat(far.poll()).isFalse();
    }

    @Test
    @Conforms("_TestPoll.test_strings")
    void poll_inSmallSteps_givesEachMessageWhole() throws Exception {
        var strings = List.of("hello", "", "a", "b", "", "bye", "", "lop");
        var sending = Background.run(() -> {
            for (String string : strings) {
                near.sendBytes(string.getBytes(StandardCharsets.UTF_8));
                // The other side has seen it, and maybe nothing after it.
                assertThat(near.recv()).isEqualTo("seen");
            }
            return null;
        });

        for (String string : strings) {
            while (!far.poll(Duration.ofMillis(10))) {}
            assertThat(far.recvBytes()).asString(StandardCharsets.UTF_8).isEqualTo(string);
            far.send("seen");
        }
        sending.get();
    }

    @Test
    @Conforms("_TestPoll.test_dont_merge")
    void poll_severalMessages_neitherMergesNorConsumes() throws IOException {
        near.sendBytes(new byte[] {'a'});
        near.sendBytes(new byte[] {'b'});
        near.sendBytes(new byte[] {'c', 'd'});

        assertThat(far.poll(Duration.ofSeconds(1))).isTrue();
        assertThat(far.recvBytes()).containsExactly('a');
        assertThat(far.poll(Duration.ofSeconds(1))).isTrue();
        assertThat(far.poll(Duration.ofSeconds(1))).isTrue();
        assertThat(far.recvBytes()).containsExactly('b');
        assertThat(far.poll(Duration.ofSeconds(1))).isTrue();
        assertThat(far.recvBytes()).containsExactly('c', 'd');
    }

    @Test
    void poll_nothingThere_returnsAtOnceOrWaitsTheTimeout() throws IOException {
        assertThat(far.poll()).isFalse();
        assertThat(far.poll(Duration.ZERO)).isFalse();
        assertThat(far.poll(Duration.ofSeconds(-1))).isFalse();
        long start = System.nanoTime();

        assertThat(far.poll(Duration.ofMillis(30))).isFalse();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
    }

    @Test
    void poll_noTimeout_waitsForAMessage() throws Exception {
        var polling = Background.run(() -> far.poll(null)).awaitWaiting();

        near.send(1);

        assertThat(polling.get()).isTrue();
    }

    @Test
    void poll_endOfFile_isTrue() throws IOException {
        near.close();

        assertThat(far.poll()).isTrue();
        assertThatThrownBy(far::recv).isInstanceOf(EOFException.class);
    }

    @Test
    void recv_otherEndClosed_givesWhatIsLeftThenEndOfFile() throws IOException {
        near.send("last");
        near.sendBytes(new byte[0]);
        near.close();

        assertThat(far.recv()).isEqualTo("last");
        assertThat(far.recvBytes()).isEmpty();
        assertThatThrownBy(far::recv).isInstanceOf(EOFException.class);
        assertThatThrownBy(far::recvBytes).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> far.recvBytes(1)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> far.recvBytesInto(new byte[1], 0)).isInstanceOf(EOFException.class);
    }

    @Test
    void send_otherEndClosed_saysSo() {
        near.close();

        assertThatThrownBy(() -> far.send(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("every copy of the other end is closed");
        assertThatThrownBy(() -> far.sendBytes(new byte[MEBIBYTE])).hasMessageContaining("every copy");
    }

    @Test
    @Conforms("_TestConnection.test_context")
    void close_atTheEndOfTry_closesBoth() throws IOException {
        try (Connection sender = near;
                Connection receiver = far) {
            assertThat(sender.isClosed()).isFalse();
            sender.send(1729);
            assertThat(receiver.recv()).isEqualTo(1729);
        }

        assertThat(near.isClosed()).isTrue();
        assertThat(far.isClosed()).isTrue();
        assertThatThrownBy(near::recv).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void anyCall_closedHere_throwsClosedChannel() {
        near.close();
        near.close();

        assertThatThrownBy(() -> near.send(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> near.sendBytes(new byte[1])).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(near::recv).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(near::recvBytes).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> near.recvBytesInto(new byte[1], 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(near::poll).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(near::fileno).isInstanceOf(ClosedChannelException.class);
        assertThat(near.toString()).contains("closed");
    }

    @Test
    void close_inAnotherThread_endsEveryWaitHere() throws Exception {
        var receiving = Background.run(far::recv).awaitWaiting();
        var polling = Background.run(() -> far.poll(null)).awaitWaiting();
        var sending = Background.run(() -> sendWithoutEnd(far)).awaitWaiting();

        far.close();

        assertThat(receiving.failure()).isInstanceOf(ClosedChannelException.class);
        assertThat(polling.failure()).isInstanceOf(ClosedChannelException.class);
        assertThat(sending.failure()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    @Conforms("TestIgnoreEINTR.test_ignore")
    void recv_interrupted_losesNothingAndTheConnectionStaysUsable() throws Exception {
        var receiving = Background.run(() -> {
                    assertThatThrownBy(far::recv).isInstanceOf(InterruptedIOException.class);
                    return Thread.currentThread().isInterrupted();
                })
                .awaitWaiting()
                .interrupt();
        assertThat(receiving.get()).isTrue();

        near.send(1234);
        assertThat(far.recv()).isEqualTo(1234);
        far.send("back");
        assertThat(near.recv()).isEqualTo("back");
    }

    @Test
    void poll_interrupted_losesNothingAndTheOthersWaitOn() throws Exception {
        var other = Background.run(() -> far.poll(null)).awaitWaiting();
        var polling = Background.run(() -> far.poll(null)).awaitWaiting().interrupt();

        assertThat(polling.failure()).isInstanceOf(InterruptedIOException.class);
        assertThat(other.isDone()).isFalse();
        near.send("still here");
        assertThat(other.get()).isTrue();
        assertThat(far.recv()).isEqualTo("still here");
    }

    @Test
    void recv_interruptedBefore_throwsWithoutWaitingButTakesWhatIsThere() throws Exception {
        near.send("there");
        var receiving = Background.run(() -> {
            Thread.currentThread().interrupt();
            Object there = far.recv();
            assertThatThrownBy(far::recv).isInstanceOf(InterruptedIOException.class);
            return there;
        });

        assertThat(receiving.get()).isEqualTo("there");
    }

    @Test
    @Conforms("TestIgnoreEINTR.test_ignore")
    void sendBytes_interruptedWhileTheOtherSideIsBehind_sendsWholeMessagesOnly() throws Exception {
        byte[] large = new byte[512 * 1024];
        Arrays.fill(large, (byte) 'x');
        var sending = Background.run(() -> {
                    int sent = 0;
                    try {
                        while (true) {
                            near.sendBytes(large);
                            sent++;
                        }
                    } catch (InterruptedIOException e) {
                        return sent;
                    }
                })
                .awaitWaiting()
                .interrupt();
        int sent = sending.get();

        near.close();
        for (int i = 0; i < sent; i++) {
            assertThat(far.recvBytes()).isEqualTo(large);
        }
        assertThatThrownBy(far::recvBytes).isInstanceOf(EOFException.class);
    }

    @Test
    void recv_manyThreadsOnOneEnd_eachMessageGoesToExactlyOne() throws Exception {
        var receiving = new ArrayList<Background<List<Object>>>();
        for (int i = 0; i < 4; i++) {
            receiving.add(Background.run(() -> receiveAll(far)));
        }
        var expected = new ArrayList<Object>();
        for (int i = 0; i < 1_000; i++) {
            near.send(i);
            expected.add(i);
        }
        near.close();

        var received = new ArrayList<Object>();
        for (var one : receiving) {
            received.addAll(one.get());
        }
        assertThat(received).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void send_aConnection_worksThereAndTheOriginalHere() throws IOException {
        try (Pipe passed = MultiJvm.pipe()) {
            near.send(List.of(passed.second(), "and something else"));
            var received = (List<?>) far.recv();

            try (var copy = (Connection) received.get(0)) {
                copy.send("from the copy");
                assertThat(passed.first().recv()).isEqualTo("from the copy");
                passed.second().send("from the original");
                assertThat(passed.first().recv()).isEqualTo("from the original");
                passed.second().close();
                passed.first().send("to whoever is left");
                assertThat(copy.recv()).isEqualTo("to whoever is left");
            }
            assertThatThrownBy(() -> passed.first().recv()).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void send_anEndOfAOneWayPipe_keepsItsDirection() throws IOException {
        try (Pipe passed = MultiJvm.pipe(false)) {
            near.send(new Object[] {passed.reader(), passed.writer()});
            var received = (Object[]) far.recv();

            try (var reader = (Connection) received[0];
                    var writer = (Connection) received[1]) {
                assertThat(reader.isWritable()).isFalse();
                assertThat(writer.isReadable()).isFalse();
                assertThatThrownBy(() -> reader.send(1)).hasMessageContaining("receiving");
                assertThatThrownBy(writer::recv).hasMessageContaining("sending");
                writer.send("one way");
                assertThat(reader.recv()).isEqualTo("one way");
            }
        }
    }

    @Test
    void send_itsOwnOtherEnd_isHeldByTheMessage() throws IOException {
        near.send(near);
        near.close();

        try (var copy = far.recv(Connection.class)) {
            assertThat(far.poll()).isFalse();
            copy.send("from the traveller");
            assertThat(far.recv()).isEqualTo("from the traveller");
        }
        assertThatThrownBy(far::recv).isInstanceOf(EOFException.class);
    }

    @Test
    void recv_lastCopyOfTheOtherEndInAnUnreceivedMessage_isEndOfFileOnlyWhenThatIsLost() throws Exception {
        Pipe carrier = MultiJvm.pipe();
        carrier.first().send(near);
        near.close();
        assertThat(far.poll()).isFalse();
        var receiving = Background.run(far::recv).awaitWaiting();

        carrier.close();

        assertThat(receiving.failure()).isInstanceOf(EOFException.class);
    }

    @Test
    void recv_copyInAMessageTakenAsBytes_isEndOfFile() throws IOException {
        try (Pipe carrier = MultiJvm.pipe()) {
            carrier.first().send(near);
            near.close();

            carrier.second().recvBytes();

            assertThatThrownBy(far::recv).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void send_closedConnection_isRefused() {
        Pipe closed = MultiJvm.pipe();
        closed.close();

        assertThatThrownBy(() -> near.send(closed.first()))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void writeObject_outsideOfAPassage_isRefused() {
        assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(near))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("through a connection");
    }

    @Test
    void send_openFile_sharesItsPosition(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        try (var original = FileChannel.open(file, StandardOpenOption.READ)) {
            original.position(4);
            near.send(original);
            try (var copy = far.recv(FileChannel.class)) {
                var buffer = ByteBuffer.allocate(2);
                copy.read(buffer);

                assertThat(buffer.array()).asString(StandardCharsets.US_ASCII).isEqualTo("45");
                assertThat(original.position()).isEqualTo(6);
            }
        }
    }

    @Test
    void fileno_openEnd_isTheNumberOfASocket() throws IOException {
        Path own = Path.of("/proc/self/fd", Integer.toString(near.fileno()));

        assertThat(Files.readSymbolicLink(own).toString()).startsWith("socket:");
        assertThat(near.toString()).startsWith("Connection[rw, descriptor ");
    }

    @Test
    void sendBytes_sixteenMebibytes_areEchoed() throws Exception {
        byte[] large = new byte[16 * MEBIBYTE];
        new Random(1).nextBytes(large);
        var echoing = Background.run(() -> {
            far.sendBytes(far.recvBytes());
            return null;
        });

        near.sendBytes(large);

        assertThat(near.recvBytes()).isEqualTo(large);
        echoing.get();
    }

    private static Void sendWithoutEnd(Connection connection) throws IOException {
        while (true) {
            connection.sendBytes(new byte[10_000]);
        }
    }

    private static List<Object> receiveAll(Connection connection) throws IOException {
        var received = new ArrayList<Object>();
        try {
            while (true) {
                received.add(connection.recv());
            }
        } catch (EOFException e) {
            return received;
        }
    }
}
