package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class StartTest {
    private static final byte[] KEY = {1, -1, 0, 127};
    private static final byte[] PAYLOAD = new byte[200_000];

    @Test
    void of_whatWasWritten_isTheSame() throws IOException {
        Arrays.fill(PAYLOAD, (byte) 7);
        var start = new Start(Path.of("/run/dïr"), KEY, 17, 4711, true, false, "a.Entry", PAYLOAD);

        Start read = Start.of(start.toBytes());

        assertThat(read.runDirectory()).isEqualTo(Path.of("/run/dïr"));
        assertThat(read.familyKey()).isEqualTo(KEY);
        assertThat(read.number()).isEqualTo(17);
        assertThat(read.processGroup()).isEqualTo(4711);
        assertThat(read.replacesStdout()).isTrue();
        assertThat(read.isAwaited()).isFalse();
        assertThat(read.entryPoint()).isEqualTo("a.Entry");
        assertThat(read.payload()).isEqualTo(PAYLOAD);
    }

    @Test
    void of_flagsTheOtherWayRound_areNotMixedUp() throws IOException {
        Start read = Start.of(new Start(Path.of("/"), new byte[0], 0, 0, false, true, "", new byte[0]).toBytes());

        assertThat(read.replacesStdout()).isFalse();
        assertThat(read.isAwaited()).isTrue();
        assertThat(read.familyKey()).isEmpty();
        assertThat(read.payload()).isEmpty();
    }

    @Test
    void of_longestKey_isReadWhole() throws IOException {
        byte[] key = new byte[255];
        key[254] = 9;

        assertThat(Start.of(new Start(Path.of("/"), key, 1, 0, false, false, "E", KEY).toBytes()))
                .satisfies(read -> assertThat(read.familyKey()).isEqualTo(key))
                .satisfies(read -> assertThat(read.payload()).isEqualTo(KEY));
    }

    @Test
    void of_cutOffBeforeThePayload_isRefusedWhereverThatIs() {
        byte[] whole = new Start(Path.of("/run"), KEY, 17, 4711, true, true, "a.Entry", new byte[0]).toBytes();

        for (int size = 0; size < whole.length; size++) {
            byte[] cut = Arrays.copyOf(whole, size);
            assertThatThrownBy(() -> Start.of(cut)).isInstanceOf(EOFException.class);
        }
    }
}
