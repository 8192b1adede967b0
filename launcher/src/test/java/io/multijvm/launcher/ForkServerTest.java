package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ForkServerTest {
    @Test
    void of_requestOfEveryVerb_isTheSame() {
        for (ForkServer.Verb verb : ForkServer.Verb.values()) {
            byte[] bytes = new ForkServer.Request(verb, new byte[] {7, 8}).toBytes();

            assertThat(ForkServer.Request.of(bytes).verb()).isEqualTo(verb);
            assertThat(ForkServer.Request.of(bytes).body()).containsExactly(7, 8);
        }
    }

    @Test
    void readProfile_whatWasWritten_isEqual() throws IOException {
        var plain = new Profile(List.of("java"), Map.of(), null);
        var full = new Profile(
                List.of("java", "", "-Dü=€"), Map.of("A", "", "B", "x=y", "C", "z".repeat(70_000)), Path.of("/tmp/ü"));
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        ForkServer.writeProfile(out, plain);
        ForkServer.writeProfile(out, full);

        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));

        assertThat(ForkServer.readProfile(in)).isEqualTo(plain).isNotEqualTo(full);
        assertThat(ForkServer.readProfile(in)).isEqualTo(full).hasSameHashCodeAs(full);
    }

    @Test
    void of_order_isTheSame() throws IOException {
        var spares = new Spare.Order("a.Entry", List.of("a.B", "c.D"), "/run");
        var rehearsals = new Rehearsal.Order("a.Entry", List.of("a.B"), true);

        assertThat(Spare.Order.of(spares.toBytes())).isEqualTo(spares);
        assertThat(Rehearsal.Order.of(rehearsals.toBytes())).isEqualTo(rehearsals);
        assertThat(Rehearsal.Order.of(Rehearsal.Order.NOTHING.toBytes())).isEqualTo(Rehearsal.Order.NOTHING);
    }
}
