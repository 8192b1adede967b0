package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AvailableMemoryTest {
    private static final int ENOUGH_MIB = 321;

    @TempDir
    private Path directory;

    private Path machine;

    @BeforeEach
    void machine() {
        machine = directory.resolve("meminfo");
    }

    @Test
    void allowsAnotherSpare_nothingKnown_isYes() {
        assertThat(allows()).isTrue();
    }

    @Test
    void allowsAnotherSpare_machine_needsASpareAndTheReserve() throws IOException {
        machineHas(ENOUGH_MIB);
        assertThat(allows()).isTrue();

        machineHas(ENOUGH_MIB - 1);
        assertThat(allows()).isFalse();
    }

    @Test
    void allowsAnotherSpare_machineHasMuchFreeOnly_isNotWhatCounts() throws IOException {
        Files.writeString(machine, "MemTotal: 9000000 kB\nMemFree: 9000000 kB\nMemAvailable: 1000 kB\n");

        assertThat(allows()).isFalse();
    }

    @Test
    void allowsAnotherSpare_controlGroup_isALimitOfItsOwn() throws IOException {
        machineHas(100_000);
        groupHas(Long.toString((1000L + ENOUGH_MIB) << 20), 1000L << 20);
        assertThat(allows()).isTrue();

        groupHas(Long.toString((1000L + ENOUGH_MIB - 1) << 20), 1000L << 20);
        assertThat(allows()).isFalse();
    }

    @Test
    void allowsAnotherSpare_controlGroupWithoutLimit_isYes() throws IOException {
        groupHas("max", 1L << 50);

        assertThat(allows()).isTrue();
    }

    private boolean allows() {
        return AvailableMemory.allowsAnotherSpare(machine, directory);
    }

    private void machineHas(long mebibytes) throws IOException {
        Files.writeString(machine, "MemFree: 17 kB\nMemAvailable:   " + mebibytes * 1024 + " kB\n");
    }

    private void groupHas(String limit, long used) throws IOException {
        Files.writeString(directory.resolve("memory.max"), limit + "\n");
        Files.writeString(directory.resolve("memory.current"), used + "\n");
    }
}
