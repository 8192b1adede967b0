package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WarmPolicyTest {
    @Test
    void defaults_onThisMachine_areAFewSpares() {
        assertThat(WarmPolicy.defaults().spares()).isBetween(2, 8);
        assertThat(WarmPolicy.defaults().preload()).isEmpty();
    }

    @Test
    void spares_negative_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WarmPolicy(-1, Duration.ZERO, List.of()))
                .withMessageContaining("spares: -1");
    }

    @Test
    void read_whatWasWritten_isEqual() throws IOException {
        var policy = new WarmPolicy(3, ChronoUnit.FOREVER.getDuration(), List.of("a.B", "c.Ü"));
        var bytes = new ByteArrayOutputStream();

        policy.write(new DataOutputStream(bytes));

        assertThat(WarmPolicy.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
                .isEqualTo(policy);
    }
}
