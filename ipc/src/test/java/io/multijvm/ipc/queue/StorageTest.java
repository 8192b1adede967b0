package io.multijvm.ipc.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageTest {
    private static final int BEFORE = 3;

    @TempDir
    private Path directory;

    /** As when memory has no room for a segment, and the disk has. */
    @Test
    void makeSegment_afterOneThatCouldNotBeFilled_counts() throws IOException {
        var storage = storage();
        Path inMemory = storage.makeSegment(7, BEFORE, false);

        Path onDisk = storage.makeSegment(7, BEFORE, true);

        assertThat(Storage.generation(inMemory)).isEqualTo(BEFORE + 1);
        assertThat(storage.segments()).containsOnlyKeys(7L).containsValue(onDisk);
    }

    @Test
    void makeSegment_oneBeforeAndOneAfterAreThere_takesItsOwnGeneration() throws IOException {
        var storage = storage();
        storage.makeSegment(6, 10, true);
        storage.makeSegment(8, 20, false);

        assertThat(Storage.generation(storage.makeSegment(7, BEFORE, false))).isEqualTo(BEFORE + 1);
        assertThat(storage.segments()).containsOnlyKeys(6L, 7L, 8L);
    }

    private Storage storage() {
        Path disk = directory.resolve("disk");
        return new Storage(directory.resolve("memory"), new Storage.Spacious() {
            @Override
            public Path existing() {
                return Files.exists(disk) ? disk : null;
            }

            @Override
            public Path make() throws IOException {
                return Files.createDirectories(disk);
            }
        });
    }
}
