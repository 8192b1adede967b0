package io.multijvm.ipc.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.testkit.JdkTest;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@JdkTest
final class MappedFileTest {
    @TempDir
    private Path directory;

    @Test
    void create_someBytes_areZeroAndTheUsersAlone() throws Exception {
        Path path = directory.resolve("file");
        try (MappedFile file = MappedFile.create(path, 3_000_001)) {
            assertThat(file.size()).isEqualTo(3_000_001);
            assertThat(file.chunks()).hasSize(1);
            assertThat(file.chunks().get(0).order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(file).hasToString("file (3000001 bytes)");
            assertThat(Files.readAllBytes(path)).isEqualTo(new byte[3_000_001]);
            assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void create_someBytes_takesTheirSpaceAtOnce() throws Exception {
        Path path = directory.resolve("file");
        try (MappedFile file = MappedFile.create(path, 3_000_001)) {
            // In blocks of 512 bytes; a sparse file would have next to none.
            assertThat((long) blocks(path) * 512).isGreaterThanOrEqualTo(file.size());
        }
    }

    private static int blocks(Path path) throws IOException, InterruptedException {
        var stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
        String blocks = new String(stat.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(stat.waitFor()).isZero();
        return Integer.parseInt(blocks.strip());
    }

    @Test
    void open_aFileMadeElsewhere_isTheSameMemory() throws Exception {
        Path path = directory.resolve("file");
        try (MappedFile file = MappedFile.create(path, 16);
                MappedFile again = MappedFile.open(path)) {
            file.chunks().get(0).putLong(8, 42);

            assertThat(again.chunks().get(0).getLong(8)).isEqualTo(42);
            assertThat(again.size()).isEqualTo(16);
        }
    }

    @Test
    void close_underAStaleBuffer_givesItZerosOfItsOwn() throws Exception {
        Path path = directory.resolve("file");
        MappedFile file = MappedFile.create(path, 16);
        ByteBuffer stale = file.chunks().get(0);
        stale.putLong(0, 1);

        file.close();
        file.close();

        assertThat(file.isClosed()).isTrue();
        assertThat(stale.getLong(0)).isZero();
        stale.putLong(0, 2);
        assertThat(stale.getLong(0)).isEqualTo(2);
        try (MappedFile again = MappedFile.open(path)) {
            assertThat(again.chunks().get(0).getLong(0)).isEqualTo(1);
        }
    }

    @Test
    void unlink_ofAMappedFile_leavesTheMemory() throws Exception {
        try (MappedFile file = MappedFile.create(directory.resolve("file"), 16)) {
            file.unlink();

            file.chunks().get(0).putLong(0, 1);
            assertThat(file.path()).doesNotExist();
            assertThatThrownBy(file::unlink).isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> MappedFile.open(file.path())).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void create_badSizeOrTakenName_isRefused() throws Exception {
        Path path = Files.createFile(directory.resolve("taken"));

        assertThatThrownBy(() -> MappedFile.create(path, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MappedFile.create(path, 1)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(path).isEmptyFile();
    }

    @Test
    void create_moreThanThereIsRoomFor_isAnErrorAndLeavesNothing() {
        Path path = directory.resolve("huge");

        assertThatThrownBy(() -> MappedFile.create(path, 1L << 50))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no room for " + (1L << 50) + " bytes");
        assertThat(path).doesNotExist();
    }

    @Test
    void createAndOpen_byAnInterruptedThread_succeedAndLeaveItInterrupted() throws Exception {
        Path path = directory.resolve("file");
        Thread.currentThread().interrupt();
        try (MappedFile file = MappedFile.create(path, 5_000_000);
                MappedFile again = MappedFile.open(path)) {
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            assertThat(again.size()).isEqualTo(file.size());
        } finally {
            Thread.interrupted();
        }
    }

    /** Takes 3 GB of disk. */
    @StressTest
    @Test
    void chunks_ofALargeFile_overlap() throws Exception {
        try (MappedFile file = MappedFile.create(directory.resolve("large"), 3L << 30)) {
            int half = MappedFile.CHUNK;
            assertThat(file.chunks())
                    .extracting(ByteBuffer::capacity)
                    .containsExactly(MappedFile.REACH, MappedFile.REACH, MappedFile.REACH, 3 * half, 2 * half, half);
            file.chunks().get(0).putLong(half, 1);
            file.chunks().get(2).putLong(half - 8, 2);

            assertThat(file.chunks().get(1).getLong(0)).isEqualTo(1);
            assertThat(file.chunks().get(1).getLong(2 * half - 8)).isEqualTo(2);
        }
    }
}
