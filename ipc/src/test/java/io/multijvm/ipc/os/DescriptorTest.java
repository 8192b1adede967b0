package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Bytes;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.Ends;
import io.multijvm.ipc.OpenFiles;
import io.multijvm.testkit.Background;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class DescriptorTest {
    private static final byte[] HELLO = Bytes.of("hello");

    @TempDir
    private Path directory;

    @RegisterExtension
    private final Ends<Descriptor> ends = Ends.of(Descriptor::pipe);

    private final Descriptor reader = ends.near();
    private final Descriptor writer = ends.far();

    @Test
    void readNow_bytesWritten_givesThemThenNothingThenEndOfFile() throws IOException {
        byte[] into = new byte[10];
        assertThat(reader.readNow(into)).isEqualTo(-2);

        writer.writeFully(HELLO, 1, 3);

        assertThat(reader.readNow(into)).isEqualTo(3);
        assertThat(into).startsWith(Bytes.of("ell"));
        assertThat(reader.readNow(into)).isEqualTo(-2);
        writer.close();
        assertThat(reader.readNow(into)).isEqualTo(-1);
    }

    @Test
    void writeFully_moreThanAPipeHolds_arrivesWhole() throws Exception {
        byte[] sent = new byte[1_000_000];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i / 1000);
        }
        var writing = Background.run(() -> {
            writer.writeFully(sent, 0, sent.length);
            writer.close();
            return null;
        });

        assertThat(Bytes.readAll(reader)).isEqualTo(sent);
        writing.get();
    }

    @Test
    void awaitReadable_nothingThere_waitsAtLeastTheTimeout() throws IOException {
        long start = System.nanoTime();

        assertThat(reader.awaitReadable(Deadline.after(Duration.ofMillis(30)))).isFalse();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
    }

    @Test
    void awaitReadable_bytesOrEndOfFile_isTrueAtOnce() throws IOException {
        writer.writeFully(HELLO, 0, 1);
        assertThat(reader.awaitReadable(Deadline.after(Duration.ZERO))).isTrue();

        assertThat(reader.readNow(new byte[1])).isEqualTo(1);
        writer.close();
        assertThat(reader.awaitReadable(Deadline.after(Duration.ZERO))).isTrue();
    }

    @Test
    void awaitReadable_bytesComeWhileWaiting_returnsTrue() throws Exception {
        var waiting =
                Background.run(() -> reader.awaitReadable(Deadline.never())).awaitWaiting();

        writer.writeFully(HELLO, 0, HELLO.length);

        assertThat(waiting.get()).isTrue();
    }

    @Test
    void awaitWritable_fullPipe_waitsForAReader() throws Exception {
        while (writer.awaitWritable(Deadline.after(Duration.ZERO))) {
            writer.writeFully(new byte[4096], 0, 4096);
        }
        var waiting =
                Background.run(() -> writer.awaitWritable(Deadline.never())).awaitWaiting();

        while (reader.readNow(new byte[65_536]) > 0) {}

        assertThat(waiting.get()).isTrue();
    }

    @Test
    void awaitWritable_readerGone_isTrue() throws IOException {
        reader.close();

        assertThat(writer.awaitWritable(Deadline.after(Duration.ZERO))).isTrue();
    }

    @Test
    void close_otherThreadsWait_wakesThemAllWithClosedChannel() throws Exception {
        var first = Background.run(() -> reader.awaitReadable(Deadline.never())).awaitWaiting();
        var second =
                Background.run(() -> reader.awaitReadable(Deadline.never())).awaitWaiting();

        reader.close();

        assertThat(first.failure()).isInstanceOf(ClosedChannelException.class);
        assertThat(second.failure()).isInstanceOf(ClosedChannelException.class);
        assertThat(reader.isClosed()).isTrue();
    }

    @Test
    void close_twice_closesTheNumberOnce() throws IOException {
        reader.close();
        try (Descriptor successor = Descriptor.devNull()) {
            reader.close();

            assertThat(OpenFiles.isOpen(successor.number())).isTrue();
        }
    }

    @Test
    void close_threadInsideACall_keepsTheNumberUntilItHasLeft() throws IOException {
        int number = reader.enter();

        reader.close();

        assertThat(OpenFiles.isOpen(number)).isTrue();
        assertThatThrownBy(reader::enter).isInstanceOf(ClosedChannelException.class);
        reader.leave();
        assertThat(OpenFiles.isOpen(number)).isFalse();
    }

    @Test
    void anyCall_closed_throwsClosedChannel() {
        reader.close();

        assertThatThrownBy(() -> reader.readNow(new byte[1])).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> reader.awaitReadable(Deadline.never())).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> reader.awaitWritable(Deadline.never())).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> reader.writeFully(HELLO, 0, 1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(reader::duplicate).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> reader.duplicateOnto(150)).isInstanceOf(ClosedChannelException.class);
        assertThat(reader).hasToString("descriptor " + reader.number() + " (closed)");
    }

    @Test
    void awaitReadable_interrupted_throwsAndLeavesTheDescriptorUsable() throws Exception {
        var waiting = Background.run(() -> {
                    assertThatThrownBy(() -> reader.awaitReadable(Deadline.never()))
                            .isInstanceOf(InterruptedIOException.class);
                    return Thread.currentThread().isInterrupted();
                })
                .awaitWaiting()
                .interrupt();

        assertThat(waiting.get()).isTrue();
        writer.writeFully(HELLO, 0, HELLO.length);
        assertThat(reader.awaitReadable(Deadline.never())).isTrue();
        assertThat(reader.readNow(new byte[10])).isEqualTo(HELLO.length);
    }

    @Test
    void awaitReadable_oneOfTwoWaitersInterrupted_theOtherGoesOnWaiting() throws Exception {
        var interrupted =
                Background.run(() -> reader.awaitReadable(Deadline.never())).awaitWaiting();
        var other = Background.run(() -> reader.awaitReadable(Deadline.never())).awaitWaiting();

        interrupted.interrupt();
        assertThat(interrupted.failure()).isInstanceOf(InterruptedIOException.class);
        writer.writeFully(HELLO, 0, 1);

        assertThat(other.get()).isTrue();
    }

    @Test
    void awaitReadable_interruptedBeforeAndNothingThere_throwsAtOnce() throws Exception {
        var waiting = Background.run(() -> {
            Thread.currentThread().interrupt();
            return reader.awaitReadable(Deadline.never());
        });

        assertThat(waiting.failure()).isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void awaitReadable_interruptedBeforeButReady_isTrue() throws Exception {
        writer.writeFully(HELLO, 0, 1);
        var waiting = Background.run(() -> {
            Thread.currentThread().interrupt();
            return reader.awaitReadable(Deadline.never())
                    && Thread.currentThread().isInterrupted();
        });

        assertThat(waiting.get()).isTrue();
    }

    @Test
    void awaitReadable_afterManyClosesAndInterrupts_isNotWokenByAnEarlierOne() throws Exception {
        for (int i = 0; i < 50; i++) {
            var pipe = Ends.of(Descriptor::pipe);
            var waiting = Background.run(() -> pipe.near().awaitReadable(Deadline.never()))
                    .awaitWaiting();
            if (i % 2 == 0) {
                waiting.interrupt();
            }
            pipe.close();
            assertThat(waiting.failure()).isInstanceOf(IOException.class);
        }

        assertThat(reader.awaitReadable(Deadline.after(Duration.ofMillis(5)))).isFalse();
    }

    @Test
    void duplicate_originalClosed_isOfTheSameDescriptionAndLivesOn() throws IOException {
        Descriptor copy = writer.duplicate();
        writer.close();

        copy.writeFully(HELLO, 0, HELLO.length);

        byte[] into = new byte[10];
        assertThat(reader.readNow(into)).isEqualTo(HELLO.length);
        assertThat(reader.readNow(into)).isEqualTo(-2);
        copy.close();
        assertThat(reader.readNow(into)).isEqualTo(-1);
    }

    @Test
    void duplicateOnto_number_standsForTheSameDescription() throws IOException {
        try (Descriptor target = Descriptor.devNull()) {
            writer.duplicateOnto(target.number());
            target.writeFully(HELLO, 0, HELLO.length);
        }

        assertThat(reader.readNow(new byte[10])).isEqualTo(HELLO.length);
    }

    @Test
    void openForWriting_append_keepsAndOtherwiseEmpties() throws IOException {
        Path file = directory.resolve("out");
        write(file, true);
        write(file, true);
        assertThat(file).hasContent("hellohello");

        write(file, false);
        assertThat(file).hasContent("hello");
    }

    private static void write(Path file, boolean append) throws IOException {
        try (Descriptor descriptor = Descriptor.openForWriting(file, append)) {
            descriptor.writeFully(HELLO, 0, HELLO.length);
        }
    }

    @Test
    void openForWriting_noSuchDirectory_namesTheFileAndTheError() {
        Path file = directory.resolve("missing").resolve("out");

        assertThatThrownBy(() -> Descriptor.openForWriting(file, true))
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.isMissing()).isTrue())
                .hasMessageContaining(file.toString())
                .hasMessageContaining("ENOENT");
    }

    @Test
    void openLocked_takenByAnotherDescriptor_isNotHeldAndClosed() throws IOException {
        Path file = directory.resolve("lock");
        Descriptor.Locked first = Descriptor.openLocked(file);
        Descriptor.Locked second = Descriptor.openLocked(file);

        assertThat(first.held()).isTrue();
        assertThat(second.held()).isFalse();
        assertThat(second.descriptor().isClosed()).isTrue();
        assertThat(Descriptor.isLocked(file)).isTrue();
        assertThat(OpenFiles.of(file)).isEqualTo(1);

        first.descriptor().close();
        assertThat(Descriptor.isLocked(file)).isFalse();
        Descriptor.Locked third = Descriptor.openLocked(file);
        assertThat(third.held()).isTrue();
        third.descriptor().close();
    }

    @Test
    void openLocked_duplicated_isHeldUntilTheLastCopyIsClosed() throws IOException {
        Path file = directory.resolve("lock");
        Descriptor lock = Descriptor.openLocked(file).descriptor();
        Descriptor copy = lock.duplicate();

        lock.close();
        assertThat(Descriptor.isLocked(file)).isTrue();
        copy.close();
        assertThat(Descriptor.isLocked(file)).isFalse();
    }

    @Test
    void isLocked_noSuchFile_isFalse() throws IOException {
        assertThat(Descriptor.isLocked(directory.resolve("none"))).isFalse();
        assertThat(Files.exists(directory.resolve("none"))).isFalse();
    }

    @Test
    void devNull_readAndWrite_isAlwaysEmpty() throws IOException {
        try (Descriptor devNull = Descriptor.devNull()) {
            devNull.writeFully(HELLO, 0, HELLO.length);

            assertThat(devNull.readNow(new byte[10])).isEqualTo(-1);
        }
    }
}
