package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ByteSinkTest {
    @Test
    void requireRoom_beyondWhatAnArrayHolds_namesTheLimit() {
        var sink = new ByteSink();
        sink.writeInt(1);

        assertThatThrownBy(() -> sink.requireRoom(Integer.MAX_VALUE - 32))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining("2 GiB")
                .hasMessageContaining("2147483619");
        assertThatThrownBy(() -> sink.requireRoom(8L * Integer.MAX_VALUE)).isInstanceOf(NotSendableException.class);
        sink.requireRoom(Integer.MAX_VALUE - 36);
        assertThat(sink.size()).isEqualTo(4);
    }

    @Test
    void writeText_ofAnyLength_isReadBack() throws Exception {
        for (int length : new int[] {0, 1, 126, 127, 128, 129, 5_000}) {
            for (String unit : new String[] {"a", "?", "ä", "€"}) {
                String text = "a".repeat(Math.max(0, length - 1)) + (length == 0 ? "" : unit);
                var sink = new ByteSink();

                assertThat(sink.writeText(text)).isTrue();
                assertThat(new ByteSource(Arrays.copyOf(sink.array(), sink.size())).readText())
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void writeText_halfAPair_isLeftToSerialisation() {
        for (String text : new String[] {"\ud83d", "a\ud83d", "\ude00b", "?\ude00", "x".repeat(200) + "\ud83d"}) {
            assertThat(new ByteSink().writeText(text)).isFalse();
        }
    }
}
