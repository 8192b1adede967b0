package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextFilesTest {
    @TempDir
    Path directory;

    @Test
    void under_directory_leavesOutBuildOutputGitAndBinaryFiles() throws IOException {
        write("a.txt", "text");
        write("deep/er/b", "more text");
        write("target/c.txt", "built");
        write("deep/.git/d", "git's");
        write("e.bin", "zero \0 byte");

        var found = TextFiles.under(List.of(directory));

        assertThat(found.locations()).containsExactlyInAnyOrder(location("a.txt"), location("deep/er/b"));
        assertThat(found.bytes()).isEqualTo(13);
        assertThat(found.largestFirst().get(0).bytes()).isEqualTo(9);
    }

    @Test
    void under_skippedNameGivenByTheUser_isCounted() throws IOException {
        write("target/c.txt", "built");

        assertThat(TextFiles.under(List.of(directory.resolve("target"))).locations())
                .containsExactly(location("target/c.txt"));
    }

    @Test
    void under_singleFile_isThatFile() throws IOException {
        write("a.txt", "text");

        assertThat(TextFiles.under(List.of(directory.resolve("a.txt"))).locations())
                .containsExactly(location("a.txt"));
    }

    @Test
    void under_missingPath_isRefused() {
        var missing = directory.resolve("missing");

        assertThatThrownBy(() -> TextFiles.under(List.of(missing)))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("missing");
    }

    private void write(String name, String text) throws IOException {
        var file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private URI location(String name) throws IOException {
        return directory.resolve(name).toRealPath().toUri();
    }
}
