package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StandardOutputTest {
    @TempDir
    private Path directory;

    @Test
    void of_file_isEmptiedFirst() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old and long");

        print(Output.toFile(file), "new");

        assertThat(file).hasContent("new");
    }

    @Test
    void of_fileToAppendTo_isKept() throws IOException {
        Path file = directory.resolve("file");

        print(Output.appendTo(file), "one ");
        print(Output.appendTo(file), "two");

        assertThat(file).hasContent("one two");
    }

    @Test
    void of_fileInNoDirectory_isRefused() {
        Output nowhere = Output.toFile(directory.resolve("no/file"));

        assertThatThrownBy(() -> StandardOutput.of(nowhere))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining("no/file");
    }

    @Test
    void of_discard_takesEverything() throws IOException {
        print(Output.discard(), "x".repeat(1_000_000));

        assertThat(Output.discard().kind()).isEqualTo(Output.Kind.DISCARD);
    }

    @Test
    void of_inherit_isOurOwnAndStaysOpen() throws IOException {
        var stdout = StandardOutput.of(Output.inherit());

        stdout.close();

        assertThat(stdout.childsEnd().number()).isOne();
        assertThat(stdout.childsEnd().isClosed()).isFalse();
        assertThat(stdout.takePipe()).isNull();
    }

    @Test
    void close_lines_closesBothEndsUnlessOneIsTaken() throws IOException {
        Descriptor taken;
        Descriptor childsEnd;
        try (var stdout = StandardOutput.of(Output.toLines(line -> {}))) {
            childsEnd = stdout.childsEnd();
            taken = Objects.requireNonNull(stdout.takePipe());
            assertThat(stdout.takePipe()).isNull();
        }

        assertThat(childsEnd.isClosed()).isTrue();
        assertThat(taken.readNow(new byte[1])).isEqualTo(-1);
        taken.close();
    }

    @Test
    void toFile_relativePath_isThisProcesss() {
        assertThat(Output.toFile(Path.of("a")).file()).isEqualTo(Path.of("a").toAbsolutePath());
        assertThat(Output.appendTo(Path.of("a")).file()).isEqualTo(Path.of("a").toAbsolutePath());
    }

    @Test
    void toLines_noConsumer_isRefused() {
        assertThatNullPointerException().isThrownBy(() -> Output.toLines(null));
    }

    private static void print(Output output, String text) throws IOException {
        try (var stdout = StandardOutput.of(output)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            stdout.childsEnd().writeFully(bytes, 0, bytes.length);
        }
    }
}
