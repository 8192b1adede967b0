package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.JdkInternals;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.testkit.Background;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ParentChannelTest {
    private static final byte[] BODY = {5, 6, 7};

    private Descriptor parent;
    private Descriptor child;
    private ParentChannel channel;

    @BeforeEach
    void connect() throws IOException {
        Descriptor[] ends = Sockets.streamPair();
        parent = ends[0];
        child = ends[1];
        channel = new ParentChannel(JdkInternals.fileDescriptor(child.number()), child.number(), "/nonexistent");
    }

    @AfterEach
    void close() {
        parent.close();
        child.close();
    }

    @Test
    void receive_twoFramesInOneGo_areTwo() throws IOException {
        say(frame(Frame.WARM, BODY, 0));
        say(frame(Frame.START, new byte[0], 0));

        ParentChannel.Received first = receive();
        ParentChannel.Received second = receive();

        assertThat(first.frame()).isEqualTo(Frame.WARM);
        assertThat(first.body()).isEqualTo(BODY);
        assertThat(first.descriptors()).isEmpty();
        assertThat(second.frame()).isEqualTo(Frame.START);
        assertThat(second.body()).isEmpty();
    }

    @Test
    void receive_frameInPieces_waitsForTheLast() throws Exception {
        byte[] whole = frame(Frame.START, BODY, 0);
        var received = Background.run(this::receive);

        for (byte each : whole) {
            assertThat(received.isDone()).isFalse();
            say(each);
        }

        assertThat(received.get().frame()).isEqualTo(Frame.START);
        assertThat(received.get().body()).isEqualTo(BODY);
    }

    @Test
    void receive_largeBody_isWhole() throws Exception {
        byte[] large = new byte[3_000_000];
        Arrays.fill(large, (byte) 3);
        large[large.length - 1] = 4;
        var sent = Background.run(() -> {
            say(frame(Frame.START, large, 0));
            return true;
        });

        assertThat(receive().body()).isEqualTo(large);
        assertThat(sent.get()).isTrue();
    }

    @Test
    void receive_parentGoneBeforeTheEndOfAFrame_isNullWhereverThatIs() throws IOException {
        byte[] whole = frame(Frame.START, BODY, 0);
        for (int size = 0; size < whole.length; size++) {
            connect();
            say(Arrays.copyOf(whole, size));
            parent.close();

            assertThat(channel.receive()).as("%s bytes", size).isNull();
            child.close();
        }
    }

    @Test
    void receive_parentHasEndedItsDirection_isNullAfterTheFrame() throws IOException {
        say(frame(Frame.START, BODY, 0));
        Sockets.endSending(parent);

        assertThat(receive().body()).isEqualTo(BODY);
        assertThat(channel.receive()).isNull();
        channel.ready();
        assertThat(heard()).isEqualTo(frame(Frame.READY, new byte[0], 0));
    }

    @Test
    void receive_descriptorsInTwoBatches_areAllThereInOrder() throws Exception {
        Descriptor[] pipe = Descriptor.pipe();
        int count = Sockets.MAX_DESCRIPTORS + 2;
        try (Descriptor reading = pipe[0];
                Descriptor writing = pipe[1]) {
            var many = new ArrayList<>(Collections.nCopies(count - 1, reading));
            many.add(writing);
            say(frame(Frame.START, BODY, count));
            sendDescriptors(many.subList(0, Sockets.MAX_DESCRIPTORS));
            var receiving = Background.run(this::receive).awaitWaiting();
            assertThat(receiving.isDone()).isFalse();
            sendDescriptors(many.subList(Sockets.MAX_DESCRIPTORS, count));

            List<Descriptor> received = receiving.get().descriptors();

            assertThat(received).hasSize(count);
            received.get(count - 1).writeFully(BODY, 0, BODY.length);
            byte[] read = new byte[BODY.length];
            assertThat(received.get(0).readNow(read)).isEqualTo(BODY.length);
            assertThat(read).isEqualTo(BODY);
            received.forEach(Descriptor::close);
        }
    }

    @Test
    void receive_parentGoneWhileItSentDescriptors_fails() throws IOException {
        say(frame(Frame.START, BODY, 1));
        parent.close();

        assertThatThrownBy(() -> channel.receive())
                .isInstanceOf(IOException.class)
                .hasMessage("parent gone while it sent descriptors");
    }

    @Test
    void receive_unknownKind_fails() throws IOException {
        byte[] frame = frame(Frame.ENDING, BODY, 0);
        frame[4]++;
        say(frame);

        assertThatThrownBy(() -> channel.receive()).isInstanceOf(IOException.class);
    }

    @Test
    void send_eachWord_isItsFrame() throws IOException {
        channel.ready();
        channel.failed(BODY);
        channel.signalled(15);
        channel.ended(-2);
        channel.ending();

        var expected = ByteBuffer.allocate(200);
        expected.put(frame(Frame.READY, new byte[0], 0));
        expected.put(frame(Frame.FAILED, BODY, 0));
        expected.put(frame(Frame.SIGNALLED, new byte[] {0, 0, 0, 15}, 0));
        expected.put(frame(Frame.ENDED, new byte[] {-1, -1, -1, -2}, 0));
        expected.put(frame(Frame.ENDING, new byte[0], 0));
        assertThat(heard()).isEqualTo(Arrays.copyOf(expected.array(), expected.position()));
    }

    @Test
    void running_nobodyAwaitsIt_saysNothing() throws IOException {
        channel.running();
        channel.ready();

        assertThat(heard()).isEqualTo(frame(Frame.READY, new byte[0], 0));
    }

    @Test
    void ended_code_isKnownFromThenOn() {
        assertThat(channel.endedWith()).isEmpty();

        channel.ended(3);

        assertThat(channel.endedWith()).hasValue(3);
    }

    @Test
    void send_parentGone_isNoError() {
        parent.close();

        channel.failed(BODY);
        channel.ended(3);

        assertThat(channel.endedWith()).hasValue(3);
    }

    @Test
    void awaitEnd_noLifeline_returns() {
        channel.awaitEnd();

        assertThat(child.isClosed()).isFalse();
    }

    private ParentChannel.Received receive() throws IOException {
        return Objects.requireNonNull(channel.receive());
    }

    private void say(byte... bytes) throws IOException {
        parent.writeFully(bytes, 0, bytes.length);
    }

    private void sendDescriptors(List<Descriptor> descriptors) throws IOException {
        int sent = Sockets.send(parent, new Sockets.Chunk(new byte[1], new byte[0], 0, 0), descriptors);
        assertThat(sent).isOne();
    }

    private byte[] heard() throws IOException {
        return Objects.requireNonNull(Sockets.receive(parent, 1000, new ArrayList<>()));
    }

    private static byte[] frame(Frame kind, byte[] body, int descriptors) {
        return ByteBuffer.allocate(Frame.HEADER + body.length)
                .put(kind.header(body.length, descriptors))
                .put(body)
                .array();
    }
}
