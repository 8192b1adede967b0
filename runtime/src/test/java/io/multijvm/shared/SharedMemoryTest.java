package io.multijvm.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@JdkTest
final class SharedMemoryTest {
    static Stream<Context> contexts() {
        return Sent.contexts();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(Sent.files("shm-")).isEmpty();
        assertThat(Sent.files("shx-")).isEmpty();
        assertThat(Sent.files("new-")).isEmpty();
    }

    @Test
    @Conforms("_TestSharedMemory.test_shared_memory_basics")
    void block_attachedByName_isTheSameMemory() throws Exception {
        try (SharedMemory block = MultiJvm.sharedMemory("test01", 512)) {
            SharedMemory again = SharedMemory.attach("test01");
            assertThat(block.name()).isEqualTo("test01");
            assertThat(block).hasToString("SharedMemory[test01, size 512]");
            assertThat(block.size()).isGreaterThanOrEqualTo(512);
            assertThat(again.size()).isEqualTo(block.size());
            block.buffer().put(0, (byte) 42);
            assertThat(again.buffer().get(0)).isEqualTo((byte) 42);
            again.buffer(500, 8).putLong(0, -1);
            assertThat(block.buffer().getLong(500)).isEqualTo(-1);
            assertThat(block.buffer().order()).isEqualTo(ByteOrder.nativeOrder());
            assertThatThrownBy(() -> SharedMemory.create("test01", 512))
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining("test01");

            again.close();
            assertThat(block.buffer().get(0)).isEqualTo((byte) 42);
            block.unlink();
            assertThat(block.buffer().get(0)).isEqualTo((byte) 42);
            assertThatThrownBy(block::unlink)
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("test01");
            assertThatThrownBy(() -> SharedMemory.attach("test01")).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    @Conforms("_TestSharedMemory.test_shared_memory_recreate")
    void create_generatedNameTaken_takesTheNext() throws Exception {
        var names = List.of("test_shm_one", "test_shm_one", "test_shm_two").iterator();
        try (SharedMemory first = SharedMemory.create(names::next, 1);
                SharedMemory second = SharedMemory.create(names::next, 1)) {
            assertThat(first.name()).isEqualTo("test_shm_one");
            assertThat(second.name()).isEqualTo("test_shm_two");
            first.unlink();
            second.unlink();
        }
    }

    @Test
    @Conforms("_TestSharedMemory.test_invalid_shared_memory_creation")
    void create_withoutAnySize_isRefused() {
        for (long size : new long[] {-1, 0, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> MultiJvm.sharedMemory(size))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("size: " + size);
        }
    }

    @Test
    @Conforms("_TestSharedMemory.test_shared_memory_name_with_embedded_null")
    void name_thatIsNone_isRefused() {
        for (String name : List.of("", "nul\0l", "a/b", "\ud800", "x".repeat(201), "\u4e2d".repeat(67))) {
            assertThatThrownBy(() -> SharedMemory.attach(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SharedMemory.create(name, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 200 bytes of UTF-8 without NUL and /");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:b",
                ":",
                "::",
                "a:b:c",
                "a:",
                ":a",
                "a\nb",
                "\n",
                "a\r\nb",
                "a:\nb:",
                "{\"a\":\n1}",
                " ",
                ".",
                "..",
                "-r *",
                "%41",
                "\u4e2d\u6587",
                "\ud83d\ude00"
            })
    @Conforms("TestSharedMemoryNames.test_that_shared_memory_name_with_colons_has_no_resource_tracker_errors")
    void name_withOddCharacters_isAName(String name) throws Exception {
        try (SharedMemory block = SharedMemory.create(name, 16);
                SharedMemory again = SharedMemory.attach(name)) {
            block.buffer().put(0, (byte) 1);
            assertThat(again.buffer().get(0)).isEqualTo((byte) 1);
            assertThat(again.name()).isEqualTo(name);
            again.unlink();
        }
    }

    @Test
    void name_ofFullLength_isAName() throws Exception {
        String longest = "\u4e2d".repeat(66);
        for (String name : List.of("x".repeat(200), longest, longest + "x", "%41", "A")) {
            SharedMemory.create(name, 1).close();
        }
        for (String name : List.of("x".repeat(200), longest, longest + "x", "%41", "A")) {
            try (SharedMemory block = SharedMemory.attach(name)) {
                block.unlink();
            }
        }
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms("_TestSharedMemory.test_shared_memory_pickle_unpickle")
    void block_sent_isTheSameMemory(Context context) throws Exception {
        try (SharedMemory block = context.sharedMemory(512);
                Pipe pipe = context.pipe()) {
            Connection theirs = pipe.second();
            JvmProcess child = context.process(() -> {
                block.buffer().put(0, (byte) 1);
                try (SharedMemory received = theirs.recv(SharedMemory.class);
                        SharedMemory named = SharedMemory.attach(theirs.recv(String.class))) {
                    received.buffer().put(1, (byte) 2);
                    named.buffer().put(2, (byte) 3);
                }
            });
            child.start();
            pipe.first().send(block);
            pipe.first().send(block.name());
            child.joinOrThrow();

            var bytes = new byte[4];
            block.buffer().get(bytes);
            assertThat(bytes).containsExactly(1, 2, 3, 0);
            SharedMemory copy = Sent.copy(block);
            assertThat(copy.name()).isEqualTo(block.name());
            copy.close();
            block.unlink();
        }
    }

    @Test
    @Conforms("_TestSharedMemory.test_shared_memory_pickle_unpickle_dead_object")
    void decode_blockUnlinkedMeanwhile_failsAsMissing() throws Exception {
        SharedMemory block = SharedMemory.create(512);
        byte[] underWay = Sent.encode(block);
        block.close();
        block.unlink();

        assertThatThrownBy(() -> Sent.decode(underWay))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(block.name())
                .hasRootCauseInstanceOf(NoSuchFileException.class);
    }

    @Test
    void anything_afterClose_isRefusedButUnlink() throws Exception {
        SharedMemory block = SharedMemory.create("closed", 16);
        ByteBuffer buffer = block.buffer();
        buffer.putLong(0, -1);

        block.close();
        block.close();

        assertThat(block.isClosed()).isTrue();
        assertThatThrownBy(block::buffer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("SharedMemory[closed, size 16] is closed");
        assertThatThrownBy(() -> block.buffer(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(buffer.getLong(0)).isZero();
        buffer.putLong(0, 5);
        try (SharedMemory again = SharedMemory.attach("closed")) {
            assertThat(again.buffer().getLong(0)).isEqualTo(-1);
        }
        block.unlink();
    }

    @Test
    void buffer_outsideTheBlock_isRefused() throws Exception {
        try (SharedMemory block = SharedMemory.create(16)) {
            assertThat(block.buffer(16, 0).capacity()).isZero();
            assertThat(block.buffer(4, 12).capacity()).isEqualTo(12);
            assertThatThrownBy(() -> block.buffer(5, 12)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> block.buffer(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> block.buffer(0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> block.buffer().get(16)).isInstanceOf(IndexOutOfBoundsException.class);
            block.unlink();
        }
    }

    @Test
    void create_moreThanThereIsRoomFor_isAnErrorAtOnce() {
        assertThatThrownBy(() -> SharedMemory.create("huge", 1L << 50))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no room for " + (1L << 50) + " bytes");
        assertThatThrownBy(() -> SharedMemory.attach("huge")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void create_sameNameByManyThreads_succeedsForOneAndNoneSeesItHalfMade() throws Exception {
        int size = 3_000_000;
        var attempts = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try (SharedMemory block = SharedMemory.create("contended", size)) {
                        return block.size();
                    } catch (FileAlreadyExistsException e) {
                        try (SharedMemory block = SharedMemory.attach("contended")) {
                            assertThat(block.size()).isEqualTo(size);
                            return 0L;
                        } catch (IOException gone) {
                            throw new AssertionError(gone);
                        }
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }))
                .toList();
        long made = 0;
        for (var attempt : attempts) {
            made += attempt.get();
        }

        assertThat(made).isEqualTo(size);
        try (SharedMemory block = SharedMemory.attach("contended")) {
            block.unlink();
        }
    }

    @ForkTest
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    @Conforms("_TestSharedMemory.test_shared_memory_cleaned_after_process_termination")
    void block_ofAProgramThatIsEndedByASignal_isRemoved(String signal) throws Exception {
        try (ChildJvm program = ChildJvm.of(Holder.class).start()) {
            var directory =
                    Path.of(program.awaitStdout(out -> out.endsWith("\n")).strip());
            assertThat(directory.resolve("shm-held")).exists();

            program.signal(signal);

            Awaitility.await().untilAsserted(() -> assertThat(directory).doesNotExist());
        }
    }

    /** Makes a block, says where it is and waits. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            try (SharedMemory block = SharedMemory.create("held", 1024)) {
                block.buffer().put(0, (byte) 1);
                System.out.println(ProcessContext.memory().directory().path());
                new CountDownLatch(1).await();
            }
        }
    }

    /** Takes 3 GB of memory. */
    @StressTest
    @Test
    void buffer_beyondTwoGigabytes_lieAnywhere() throws Exception {
        long size = 3L << 30;
        try (SharedMemory block = SharedMemory.create(size)) {
            assertThatThrownBy(block::buffer).isInstanceOf(UnsupportedOperationException.class);
            block.buffer((1L << 30) - 4, 8).putLong(0, 1); // over an edge
            assertThat(block.buffer((1L << 30) - 8, 1 << 30).getLong(4)).isEqualTo(1);
            block.buffer(size - 8, 8).putLong(0, 2);
            assertThat(block.buffer(size - (1 << 30), 1 << 30).getLong((1 << 30) - 8))
                    .isEqualTo(2);
            block.unlink();
        }
    }
}
