package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class FrameTest {
    @Test
    void header_ofEveryKind_saysKindLengthAndDescriptors() {
        for (Frame kind : Frame.values()) {
            ByteBuffer header = ByteBuffer.wrap(kind.header(0x01020304, 300));

            assertThat(header.capacity()).isEqualTo(Frame.HEADER);
            assertThat(Frame.kindOf(header)).isEqualTo(kind);
            assertThat(Frame.lengthOf(header)).isEqualTo(0x01020304);
            assertThat(Frame.descriptorsOf(header)).isEqualTo(300);
        }
    }
}
