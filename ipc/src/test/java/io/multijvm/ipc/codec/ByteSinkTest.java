package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ByteSinkTest {
    @Test
    void reserve_moreThanAMessageCanBe_isNotSendableNamingTheLimit() {
        var sink = new ByteSink();
        sink.write(7);

        assertThatThrownBy(() -> sink.reserve(Integer.MAX_VALUE))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining("2147483615 bytes");

        assertThat(sink.toByteArray()).containsExactly(7);
    }
}
