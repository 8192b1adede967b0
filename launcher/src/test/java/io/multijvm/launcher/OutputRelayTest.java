package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.os.Descriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OutputRelayTest {
    private final Monitor monitor = Monitor.start("multijvm-test-output");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @AfterEach
    void endMonitor() {
        monitor.close();
    }

    @Test
    void ended_linesWithAndWithoutEnd_areHandedOver() throws IOException {
        OutputRelay relay = relay(Output.toLines(lines::add), "one\n\ntwo\r\nthree");

        assertThat(relay.ended()).succeedsWithin(Duration.ofSeconds(30));
        assertThat(lines).containsExactly("[child] one", "[child] ", "[child] two", "[child] three");
    }

    @Test
    void tail_moreThanItKeeps_isTheEnd() throws IOException {
        String much = String.join("", Collections.nCopies(3000, "0123456789")) + "the end";

        OutputRelay relay = relay(Output.discard(), much);

        assertThat(relay.ended()).succeedsWithin(Duration.ofSeconds(30));
        assertThat(relay.tail()).hasSize(4096).endsWith("789the end");
        assertThat(much).endsWith(relay.tail());
    }

    private OutputRelay relay(Output to, String said) throws IOException {
        Descriptor[] pipe = Descriptor.pipe();
        OutputRelay relay = OutputRelay.start(monitor, pipe[0], to, "child");
        try (Descriptor writing = pipe[1]) {
            byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
            writing.writeFully(bytes, 0, bytes.length);
        }
        return relay;
    }
}
