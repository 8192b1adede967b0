package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.OpenFiles;
import io.multijvm.ipc.os.Descriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LuggageTest {
    @TempDir
    private Path directory;

    @Test
    void pack_outsideOfAPassage_isRefusedAndLeaksNothing() throws IOException {
        Path file = directory.resolve("file");
        try (Descriptor open = Descriptor.openForWriting(file, false)) {
            assertThatThrownBy(() -> Luggage.pack(open))
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessageContaining("can only be sent to a process or through a connection");
            assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(new Ticket(open)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(NotSerializableException.class);
            assertThat(OpenFiles.of(file)).isEqualTo(1);
        }
    }

    @Test
    void unpack_outsideOfAPassage_isRefused() {
        assertThatThrownBy(() -> Luggage.unpack(0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no descriptor 0");
    }

    @Test
    void pack_afterAPassage_isRefusedAgain() throws IOException {
        Codec.encode("x").close();
        assertThatThrownBy(() -> Codec.encode(new Object())).isInstanceOf(NotSendableException.class);

        try (Descriptor open = Descriptor.devNull()) {
            assertThatThrownBy(() -> Luggage.pack(open)).isInstanceOf(NotSerializableException.class);
        }
    }

    @Test
    void encode_twoOpenThings_arriveInOrderAndIndependent() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        try (var one = FileChannel.open(first, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var two = FileChannel.open(second, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var encoded = Codec.encode(new Object[] {two, "between", one})) {
            assertThat(encoded.descriptors()).hasSize(2);
            var copy = (Object[]) Copies.decode(encoded);
            try (var secondCopy = (FileChannel) copy[0];
                    var firstCopy = (FileChannel) copy[2]) {
                secondCopy.write(java.nio.ByteBuffer.wrap(new byte[] {'2'}));
                firstCopy.write(java.nio.ByteBuffer.wrap(new byte[] {'1'}));
            }
        }

        assertThat(first).hasContent("1");
        assertThat(second).hasContent("2");
        assertThat(OpenFiles.of(first)).isZero();
    }

    @Test
    void encode_failsAfterPacking_closesWhatWasPacked() throws IOException {
        Path file = directory.resolve("file");
        try (Descriptor open = Descriptor.openForWriting(file, false)) {
            assertThatThrownBy(() -> Codec.encode(new Object[] {new Ticket(open), new Object()}))
                    .isInstanceOf(NotSendableException.class)
                    .hasMessageContaining("[1] (java.lang.Object)");

            assertThat(OpenFiles.of(file)).isEqualTo(1);
        }
    }

    @Test
    void encode_insideAnotherEncoding_keepsTheirDescriptorsApart() throws IOException {
        try (Descriptor open = Descriptor.devNull();
                var outer = Codec.encode(new Nesting(open))) {
            assertThat(outer.descriptors()).hasSize(1);
        }
    }

    /** Packs a descriptor. */
    private static final class Ticket implements Serializable {
        private static final long serialVersionUID = 1;

        private final transient Descriptor open;

        Ticket(Descriptor open) {
            this.open = open;
        }

        @Serial
        private Object writeReplace() {
            try {
                return Luggage.pack(open);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Encodes something else while it is being encoded. */
    private static final class Nesting implements Serializable {
        private static final long serialVersionUID = 1;

        private final transient Descriptor open;

        Nesting(Descriptor open) {
            this.open = open;
        }

        @Serial
        private Object writeReplace() {
            try (var inner = Codec.encode(List.of(new Ticket(open), new Ticket(open)))) {
                assertThat(inner.descriptors()).hasSize(2);
            }
            return new Ticket(open);
        }
    }
}
