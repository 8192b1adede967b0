package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StringsTest {
    @Test
    void read_severalLists_eachIsAsItWasWritten() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        var long65536 = "x".repeat(65_536); // more than writeUTF takes
        Strings.write(out, List.of("a", "", "ü€", long65536));
        Strings.write(out, List.of());
        Strings.write(out, List.of("last"));

        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));

        assertThat(Strings.read(in)).containsExactly("a", "", "ü€", long65536);
        assertThat(Strings.read(in)).isEmpty();
        assertThat(Strings.read(in)).containsExactly("last");
        assertThat(in.available()).isZero();
    }

    @Test
    void read_cutOffBetweenStrings_isRefused() throws IOException {
        var bytes = new ByteArrayOutputStream();
        Strings.write(new DataOutputStream(bytes), List.of("ab", "cd"));
        byte[] withoutTheSecond = Arrays.copyOf(bytes.toByteArray(), 4 + 4 + 2);

        assertThatThrownBy(() -> Strings.read(new DataInputStream(new ByteArrayInputStream(withoutTheSecond))))
                .isInstanceOf(EOFException.class);
    }
}
