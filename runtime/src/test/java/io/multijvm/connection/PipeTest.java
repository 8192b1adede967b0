package io.multijvm.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.MultiJvm;
import io.multijvm.testkit.JdkTest;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

@JdkTest
final class PipeTest {
    @Test
    void open_duplex_bothEndsSendAndReceive() throws IOException {
        try (Pipe pipe = MultiJvm.pipe()) {
            pipe.first().send("to second");
            pipe.second().send("to first");

            assertThat(pipe.second().recv()).isEqualTo("to second");
            assertThat(pipe.first().recv()).isEqualTo("to first");
            for (Connection end : new Connection[] {pipe.first(), pipe.second()}) {
                assertThat(end.isReadable()).isTrue();
                assertThat(end.isWritable()).isTrue();
            }
        }
    }

    @Test
    void open_oneWay_firstReceivesAndSecondSends() throws IOException {
        try (Pipe pipe = MultiJvm.pipe(false)) {
            assertThat(pipe.reader()).isSameAs(pipe.first());
            assertThat(pipe.writer()).isSameAs(pipe.second());
            assertThat(pipe.reader().isWritable()).isFalse();
            assertThat(pipe.writer().isReadable()).isFalse();

            pipe.writer().send(1);
            assertThat(pipe.reader().recv()).isEqualTo(1);
        }
    }

    @Test
    void open_oneWay_refusesTheWrongDirection() throws IOException {
        try (Pipe pipe = MultiJvm.pipe(false)) {
            Connection reader = pipe.reader();
            Connection writer = pipe.writer();

            assertThatThrownBy(() -> reader.send(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("receiving");
            assertThatThrownBy(() -> reader.sendBytes(new byte[1])).hasMessageContaining("receiving");
            assertThatThrownBy(writer::recv).isInstanceOf(IOException.class).hasMessageContaining("sending");
            assertThatThrownBy(writer::recvBytes).hasMessageContaining("sending");
            assertThatThrownBy(() -> writer.recvBytesInto(new byte[1], 0)).hasMessageContaining("sending");
            assertThatThrownBy(writer::poll).hasMessageContaining("sending");

            writer.send("still works");
            assertThat(reader.recv()).isEqualTo("still works");
        }
    }

    @Test
    void close_pipe_closesBothEndsAgainAndAgain() {
        Pipe pipe = MultiJvm.pipe();
        pipe.first().close();
        pipe.close();
        pipe.close();

        assertThat(pipe.first().isClosed()).isTrue();
        assertThat(pipe.second().isClosed()).isTrue();
        assertThatThrownBy(() -> pipe.second().recv()).isInstanceOf(ClosedChannelException.class);
    }
}
