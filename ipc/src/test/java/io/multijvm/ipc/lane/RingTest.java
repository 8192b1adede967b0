package io.multijvm.ipc.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.MappedFile;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.InProcessFamily;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RingTest {
    private static final int KIND = 7;
    private static final int PUT = 0;
    private static final int TAKEN = 64;
    private static final int START = 128;
    private static final int CAPACITY = 2048;

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Member sending = family.member();
    private final Member receiving = family.member();
    private final Block block = sending.domain().allocate(START + CAPACITY);
    private final Ring sender = ring(sending.domain(), block);
    private final Ring receiver = ring(receiving.domain(), receiving.view(block));

    RingTest() throws IOException {}

    private static Ring ring(Domain domain, Block memory) throws IOException {
        Block.Ref ref = memory.ref();
        ByteBuffer file =
                MappedFile.open(domain.directory().file(ref.file())).chunks().get(0);
        ByteBuffer bytes = file.slice(ref.offset(), ref.size());
        return new Ring(
                memory, bytes, PUT, TAKEN, START, CAPACITY, new Parcels(domain.directory(), ref.fileName() + "-p"));
    }

    private static long send(Ring ring, int number, int length) throws IOException {
        return ring.send(KIND, number, -number, content(number, length), length);
    }

    private static byte[] content(int number, int length) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) number);
        return content;
    }

    private static void assertIs(Ring.Message message, int number, int length) {
        assertThat(message.number()).isEqualTo(number);
        assertThat(message.kind()).isEqualTo(KIND);
        assertThat(message.aux()).isEqualTo(-number);
        assertThat(message.length()).as("length of %d", number).isEqualTo(length);
        assertThat(Arrays.copyOf(message.bytes(), length)).isEqualTo(content(number, length));
    }

    private static List<Long> receiveAll(Ring ring) throws IOException {
        var numbers = new ArrayList<Long>();
        for (Ring.Message each = ring.receive(); each != null; each = ring.receive()) {
            numbers.add(each.number());
        }
        return numbers;
    }

    @Test
    void messages_ofAllLengths_arriveInOrderAroundTheRing() throws Exception {
        assertArriveInOrder(3_000);
    }

    @Test
    @StressTest
    void messages_manyOfAllLengths_arriveInOrderAroundTheRing() throws Exception {
        assertArriveInOrder(200_000);
    }

    private void assertArriveInOrder(int messages) throws IOException {
        var random = new Random(1);
        int[] lengths = new int[messages];
        int sent = 0;
        int received = 0;
        while (received < lengths.length) {
            for (int burst = random.nextInt(10); burst > 0 && sent < lengths.length; burst--) {
                lengths[sent] = random.nextInt(8) == 0 ? random.nextInt(CAPACITY) : random.nextInt(100);
                if (send(sender, sent, lengths[sent]) == Ring.NO_ROOM) {
                    break;
                }
                sent++;
            }
            for (int burst = random.nextInt(10); burst > 0 && received < sent; burst--) {
                Ring.Message message = receiver.receive();
                assertThat(message).as("message %d of %d", received, sent).isNotNull();
                assertIs(message, received, lengths[received]);
                received++;
            }
        }

        assertThat(receiver.receive()).isNull();
        assertThat(sender.isEmpty()).isTrue();
    }

    @Test
    void send_full_refusesUntilSomethingIsReceived() throws Exception {
        int sent = 0;
        while (send(sender, sent, 32) != Ring.NO_ROOM) {
            sent++;
        }
        assertThat(sent).isEqualTo(CAPACITY / 64);

        assertIs(receiver.receive(), 0, 32);

        assertThat(send(sender, sent, 32)).isNotEqualTo(Ring.NO_ROOM);
        assertThat(send(sender, sent + 1, 32)).isEqualTo(Ring.NO_ROOM);
    }

    @Test
    void withdraw_notBegun_isNeverReceived() throws Exception {
        send(sender, 1, 10);
        long second = send(sender, 2, 10);
        send(sender, 3, 10);

        assertThat(sender.withdraw(second)).isTrue();

        assertThat(sender.withdraw(second)).as("once").isFalse();
        assertThat(receiveAll(receiver)).containsExactly(1L, 3L);
        assertThat(sender.hasBegun(second)).as("long past").isTrue();
    }

    @Test
    void withdraw_large_givesItsFileBack() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(sender.withdraw(send(sender, i, 100_000))).isTrue();
            assertThat(receiver.receive()).isNull();
        }
        send(sender, 100, 100_000);

        assertIs(receiver.receive(), 100, 100_000);
        assertThat(parcels()).isEqualTo(1);
    }

    @Test
    void withdraw_begun_isRefusedAlsoWhenTheRingWentRoundSince() throws Exception {
        long first = send(sender, 1, 10);
        assertThat(sender.hasBegun(first)).isFalse();

        assertIs(receiver.receive(), 1, 10);

        assertThat(sender.hasBegun(first)).isTrue();
        assertThat(sender.withdraw(first)).isFalse();
        for (int i = 2; send(sender, i, 10) != Ring.NO_ROOM; i++) {
            assertThat(sender.withdraw(first)).isFalse();
        }
    }

    @Test
    void send_large_goesThroughFilesThatAreUsedAgain() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(send(sender, i, 100_000)).isNotEqualTo(Ring.NO_ROOM);
            assertIs(receiver.receive(), i, 100_000);
        }

        assertThat(parcels()).isEqualTo(1);
    }

    @Test
    void send_manyLarge_refusesWhenFourWait() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(send(sender, i, 100_000 + i)).isNotEqualTo(Ring.NO_ROOM);
        }

        assertThat(send(sender, 4, 100_000)).isEqualTo(Ring.NO_ROOM);
        assertIs(receiver.receive(), 0, 100_000);
        assertThat(send(sender, 4, 100_000)).isNotEqualTo(Ring.NO_ROOM);
        for (int i = 1; i < 5; i++) {
            assertIs(receiver.receive(), i, i < 4 ? 100_000 + i : 100_000);
        }
    }

    @Test
    void send_veryLarge_keepsNoFileOfThatSize() throws Exception {
        send(sender, 1, 8 << 20);
        assertIs(receiver.receive(), 1, 8 << 20);
        send(sender, 2, 100_000);

        assertThat(parcels()).isEqualTo(1);
        assertIs(receiver.receive(), 2, 100_000);
    }

    private long parcels() {
        String[] files = family.directory().path().toFile().list((directory, name) -> name.contains("-p"));
        return files == null ? -1 : files.length;
    }

    @Test
    void send_killedAtEveryStore_isThereWholeOrNotAtAll() throws Exception {
        family.killAtEveryStore(
                this::withOneMessage,
                (domain, mortal, ready) -> {
                    Ring doomed = ring(domain, mortal);
                    ready.run();
                    send(doomed, 2, 100);
                },
                (left, stores, done) -> {
                    List<Long> received = receiveAll(ring(receiving.domain(), left));
                    assertThat(received).startsWith(1L).isSubsetOf(1L, 2L);
                    assertThat(done && received.size() == 1)
                            .as("sent, and lost")
                            .isFalse();
                });
    }

    @Test
    void receive_killedAtEveryStore_leavesOneMessageBegunAtMost() throws Exception {
        family.killAtEveryStore(
                this::withTwoMessages,
                (domain, mortal, ready) -> {
                    Ring doomed = ring(domain, mortal);
                    ready.run();
                    assertIs(doomed.receive(), 1, 100);
                },
                (left, stores, done) -> {
                    Ring view = ring(sending.domain(), left);
                    long first = 0;
                    long second = 64 + 96;
                    assertThat(view.hasBegun(second)).isFalse();
                    assertThat(view.withdraw(second)).isTrue();
                    assertThat(view.hasBegun(first) || view.withdraw(first)).isTrue();
                    assertThat(done && !view.hasBegun(first))
                            .as("received, and not begun")
                            .isFalse();
                });
    }

    private Block withOneMessage() throws IOException {
        Block fresh = sending.domain().allocate(START + CAPACITY);
        send(ring(sending.domain(), fresh), 1, 100);
        return fresh;
    }

    private Block withTwoMessages() throws IOException {
        Block fresh = sending.domain().allocate(START + CAPACITY);
        Ring ring = ring(sending.domain(), fresh);
        assertThat(send(ring, 1, 100)).isZero();
        assertThat(send(ring, 2, 100)).isEqualTo(64 + 96);
        return fresh;
    }
}
