package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class MemoryFileTest {
    private static final byte[] DIGITS = Bytes.of("0123456789");

    @Test
    void read_partOfWhatWasWritten_comesFromTheBeginningEachTime() throws IOException {
        try (var file = MemoryFile.of("test", DIGITS, 2, 5)) {
            byte[] into = new byte[6];
            file.read(into, 1, 5);
            assertThat(into).asString(StandardCharsets.UTF_8).isEqualTo("\00023456");

            file.read(into, 0, 2);
            assertThat(into).asString(StandardCharsets.UTF_8).isEqualTo("233456");
        }
    }

    @Test
    void read_moreThanThereIs_isAnError() throws IOException {
        try (var file = MemoryFile.of("test", DIGITS, 0, 3)) {
            assertThatThrownBy(() -> file.read(new byte[10], 0, 4))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("shorter");
        }
    }

    @Test
    void read_throughACopy_outlivesTheOriginal() throws IOException {
        var original = MemoryFile.of("test", DIGITS, 0, DIGITS.length);
        try (var copy = new MemoryFile(original.descriptor().duplicate())) {
            original.close();
            byte[] into = new byte[DIGITS.length];
            copy.read(into, 0, into.length);

            assertThat(into).isEqualTo(DIGITS);
        }
    }
}
