package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.os.ExitStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ThreadDumpTest {
    @Test
    void read_streamThatTakesTheOffsetOffTheLength_isWhole() throws IOException {
        String dump = "0123456789".repeat(5000) + "Found one Java-level deadlock";

        assertThat(ThreadDump.read(new AttachStream(dump))).isEqualTo(dump);
    }

    @Test
    void read_longerThanIsKept_keepsBothEnds() throws IOException {
        int size = ThreadDump.HEAD + ThreadDump.TAIL + 5000;
        String dump = "begin" + ".".repeat(size - 8) + "end";

        String read = ThreadDump.read(new AttachStream(dump));

        assertThat(read).startsWith("begin..").endsWith("..end").contains("[5000 bytes are left out here]");
        assertThat(read.length()).isLessThan(size);
    }

    @Test
    void read_exactlyWhatIsKept_leavesNothingOut() throws IOException {
        String dump = "begin" + ".".repeat(ThreadDump.HEAD + ThreadDump.TAIL - 8) + "end";

        assertThat(ThreadDump.read(new AttachStream(dump))).isEqualTo(dump);
    }

    @Test
    void of_processThatHasEnded_isRefused() throws Exception {
        try (var standIn = new StandIn()) {
            Child child = standIn.own();
            standIn.exit(0);
            assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(0));

            assertThatThrownBy(() -> ThreadDump.of(child))
                    .isInstanceOf(IOException.class)
                    .hasMessage("its process has ended");
        }
    }

    /** As the stream of JDK 17's attach interface. */
    private static final class AttachStream extends InputStream {
        private final InputStream content;

        AttachStream(String content) {
            this.content = new ByteArrayInputStream(content.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public int read() throws IOException {
            return content.read();
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            int most = Math.min(128, count - offset);
            return most <= 0 ? -1 : content.read(into, offset, most);
        }
    }
}
