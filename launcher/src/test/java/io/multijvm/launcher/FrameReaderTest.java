package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.os.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FrameReaderTest {
    private final FrameReader reader = new FrameReader();
    private Descriptor reading;
    private Descriptor writing;

    @BeforeEach
    void open() throws IOException {
        Descriptor[] pipe = Descriptor.pipe();
        reading = pipe[0];
        writing = pipe[1];
    }

    @AfterEach
    void close() {
        reading.close();
        writing.close();
    }

    @Test
    void current_severalFramesInOnePiece_areOneAfterTheOther() throws IOException {
        send(frame(Frame.RUNNING), frame(Frame.ENDED, 0, 0, 0, 7), frame(Frame.ENDING));

        assertThat(readAll()).containsExactly("RUNNING []", "ENDED [0, 0, 0, 7]", "ENDING []");
    }

    @Test
    void current_byteByByte_isThereWithTheLast() throws IOException {
        byte[] frame = frame(Frame.ENDED, 1, 2, 3, 4);
        for (int i = 0; i < frame.length; i++) {
            assertThat(reader.read(reading)).isTrue();
            assertThat(reader.current()).isNull();
            send(Arrays.copyOfRange(frame, i, i + 1));
        }

        assertThat(readAll()).containsExactly("ENDED [1, 2, 3, 4]");
    }

    @Test
    void current_untilNext_staysTheSame() throws IOException {
        send(frame(Frame.READY), frame(Frame.RUNNING));
        assertThat(reader.read(reading)).isTrue();

        assertThat(reader.current()).isEqualTo(Frame.READY);
        assertThat(reader.current()).isEqualTo(Frame.READY);
        reader.next();
        assertThat(reader.current()).isEqualTo(Frame.RUNNING);
    }

    @Test
    void current_sizesThatNoChildSends_areRefusedBeforeMemoryIsTaken() throws IOException {
        for (int size : new int[] {-1, FrameReader.MOST + 1, Integer.MAX_VALUE}) {
            var fresh = new FrameReader();
            send(Frame.FAILED.header(size, 0));

            assertThat(fresh.read(reading)).isTrue();
            assertThatThrownBy(fresh::current).isInstanceOf(IOException.class).hasMessageStartingWith("no frame");
        }
    }

    @Test
    void current_kindThatIsNone_isRefused() throws IOException {
        byte[] header = Frame.ENDING.header(0, 0);
        header[4]++;
        send(header);

        assertThat(reader.read(reading)).isTrue();
        assertThatThrownBy(reader::current).isInstanceOf(IOException.class).hasMessageStartingWith("no frame");
    }

    @Test
    void read_endOfFile_isFalseWhenAllIsTaken() throws IOException {
        send(frame(Frame.RUNNING));
        writing.close();

        assertThat(reader.read(reading)).isTrue();
        assertThat(reader.read(reading)).as("not all taken").isTrue();
        assertThat(reader.current()).isEqualTo(Frame.RUNNING);
        reader.next();
        assertThat(reader.current()).isNull();
        assertThat(reader.read(reading)).isFalse();
    }

    private List<String> readAll() throws IOException {
        var frames = new ArrayList<String>();
        assertThat(reader.read(reading)).isTrue();
        for (Frame frame = reader.current(); frame != null; frame = reader.current()) {
            frames.add(frame + " " + Arrays.toString(reader.body()));
            reader.next();
        }
        return frames;
    }

    private static byte[] frame(Frame kind, int... body) {
        ByteBuffer bytes = ByteBuffer.allocate(Frame.HEADER + body.length).put(kind.header(body.length, 0));
        for (int each : body) {
            bytes.put((byte) each);
        }
        return bytes.array();
    }

    private void send(byte[]... pieces) throws IOException {
        for (byte[] piece : pieces) {
            writing.writeFully(piece, 0, piece.length);
        }
    }
}
