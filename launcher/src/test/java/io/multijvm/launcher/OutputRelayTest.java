package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.os.Descriptor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputRelayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Monitor monitor = Monitor.start("multijvm-test-output");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void endMonitor() {
        monitor.close();
    }

    @Test
    void ended_linesWithAndWithoutEnd_areHandedOver() throws IOException {
        OutputRelay relay = relay(Output.toLines(lines::add), "one\n\ntwo\r\nthree");

        assertThat(relay.ended()).succeedsWithin(PATIENCE);
        assertThat(lines).containsExactly("[child] one", "[child] ", "[child] two", "[child] three");
    }

    @Test
    void tail_moreThanItKeeps_isTheEnd() throws IOException {
        String much = String.join("", Collections.nCopies(3000, "0123456789")) + "the end";

        OutputRelay relay = relay(Output.discard(), much);

        assertThat(relay.ended()).succeedsWithin(PATIENCE);
        assertThat(relay.tail()).hasSize(4096).endsWith("789the end");
        assertThat(much).endsWith(relay.tail());
    }

    @Test
    void tail_severalPieces_isAllOfThem() throws IOException {
        Descriptor[] pipe = Descriptor.pipe();
        OutputRelay relay = OutputRelay.start(monitor, pipe[0], Output.discard(), "child");
        String said = "";
        try (Descriptor writing = pipe[1]) {
            for (String piece : List.of("a".repeat(4000), "b".repeat(90), "c".repeat(10))) {
                write(writing, piece);
                said += piece;
                String all = said;
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> all.endsWith(relay.tail()) && relay.tail().endsWith(piece));
            }
            assertThat(relay.tail()).isEqualTo("a".repeat(3996) + "b".repeat(90) + "c".repeat(10));
        }
        assertThat(relay.ended()).succeedsWithin(PATIENCE);
    }

    @Test
    void lines_inPieces_areWhole() throws IOException {
        Descriptor[] pipe = Descriptor.pipe();
        OutputRelay relay = OutputRelay.start(monitor, pipe[0], Output.toLines(lines::add), "child");
        byte[] line = "grün\n".getBytes(StandardCharsets.UTF_8);
        try (Descriptor writing = pipe[1]) {
            for (byte each : line) {
                assertThat(lines).isEmpty();
                writing.writeFully(new byte[] {each}, 0, 1);
            }
        }

        assertThat(relay.ended()).succeedsWithin(PATIENCE);
        assertThat(lines).containsExactly("[child] grün");
    }

    @Test
    void lines_consumerThrows_goOn() throws IOException {
        OutputRelay relay = relay(
                Output.toLines(line -> {
                    lines.add(line);
                    throw new IllegalStateException("expected");
                }),
                "one\ntwo\n");

        assertThat(relay.ended()).succeedsWithin(PATIENCE);
        assertThat(lines).containsExactly("[child] one", "[child] two");
    }

    @Test
    void start_file_isEmptiedOrAppendedTo() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old and long\n");

        assertThat(relay(Output.toFile(file), "new\n").ended()).succeedsWithin(PATIENCE);
        assertThat(file).hasContent("new\n");
        assertThat(relay(Output.appendTo(file), "newer\n").ended()).succeedsWithin(PATIENCE);
        assertThat(file).hasContent("new\nnewer\n");
    }

    @Test
    void start_fileInNoDirectory_isRefused() {
        Output nowhere = Output.toFile(directory.resolve("no/file"));

        assertThatThrownBy(() -> relay(nowhere, "")).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void ended_sinkIsFull_isToldAllTheSame() throws IOException {
        OutputRelay relay = relay(Output.toFile(Path.of("/dev/full")), "lost");

        assertThat(relay.ended()).succeedsWithin(PATIENCE);
        assertThat(relay.tail()).isEqualTo("lost");
    }

    private OutputRelay relay(Output to, String said) throws IOException {
        Descriptor[] pipe = Descriptor.pipe();
        OutputRelay relay = OutputRelay.start(monitor, pipe[0], to, "child");
        try (Descriptor writing = pipe[1]) {
            write(writing, said);
        }
        return relay;
    }

    private static void write(Descriptor pipe, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        pipe.writeFully(bytes, 0, bytes.length);
    }
}
