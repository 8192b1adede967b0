package io.multijvm.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The messages in docs/troubleshooting.md are those of the sources. */
final class TroubleshootingTest {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");

    @Test
    void messages_fixedParts_areInTheSources() throws IOException {
        var sources = sources();
        var parts = messages().stream()
                .flatMap(message -> Stream.of(message.split("…")))
                .map(String::strip)
                .distinct()
                .toList();

        assertThat(parts).hasSizeGreaterThan(100).allMatch(sources::contains);
    }

    /** What is marked as code, and has more than a word, in the first column. */
    private static List<String> messages() throws IOException {
        return Files.readAllLines(PROJECT.resolve("docs/troubleshooting.md")).stream()
                .filter(line -> line.startsWith("| "))
                .map(line -> line.substring(0, line.indexOf(" | ")))
                .flatMap(cell -> CODE.matcher(cell).results().map(code -> code.group(1)))
                .filter(code -> code.contains(" "))
                .toList();
    }

    /** All main sources, in which a text that is put together from constants is one. */
    private static String sources() {
        var text = Stream.of("ipc", "launcher", "runtime")
                .map(module -> PROJECT.resolve(module).resolve("src/main/java"))
                .flatMap(TroubleshootingTest::files)
                .filter(file -> file.toString().endsWith(".java"))
                .map(TroubleshootingTest::read)
                .collect(Collectors.joining("\n"));
        return CONCATENATION.matcher(text).replaceAll("").replace("\\\"", "\"");
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
