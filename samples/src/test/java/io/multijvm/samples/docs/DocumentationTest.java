package io.multijvm.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.SampleTest;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Java in README.md and docs/*.md compiles, runs and prints what is said there.
 *
 * <p>A source file runs in a JVM of its own; the other blocks of a document run one after another in one.
 */
@ForkTest
@Timeout(value = 10, unit = TimeUnit.MINUTES) // some documents have thirty programs
@SampleTest
final class DocumentationTest {
    private static final Duration PATIENCE = Duration.ofMinutes(9);
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

    @TempDir
    Path classes;

    static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(PROJECT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(PROJECT.resolve("README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .map(PROJECT::relativize)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void javaBlocks_runAsTheyAre_printWhatIsSaid(Path document) throws Exception {
        var blocks = Document.javaBlocks(PROJECT.resolve(document));
        for (var block : blocks) {
            compile(block);
        }

        for (var block : blocks) {
            if (block.isFile()) {
                run(List.of(block));
            }
        }
        run(blocks.stream().filter(block -> !block.isFile()).toList());
    }

    private void compile(CodeBlock block) throws IOException {
        var source =
                new SimpleJavaFileObject(
                        URI.create("block:///" + block.className() + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return block.source();
                    }
                };
        var complaints = new StringWriter();
        var options = List.of(
                "--release",
                "17",
                "-proc:none",
                "-parameters",
                "-d",
                directory(block).toString(),
                "-cp",
                classPath());
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(complaints, null, null, options, null, List.of(source))
                .call();
        assertThat(compiled).as("%s does not compile:%n%s", block, complaints).isTrue();
    }

    /** Files may have the same names in a document. */
    private Path directory(CodeBlock block) throws IOException {
        return Files.createDirectories(classes.resolve(block.isFile() ? "file" + block.line() : "statements"));
    }

    private void run(List<CodeBlock> blocks) throws Exception {
        if (blocks.isEmpty()) {
            return;
        }
        var names = blocks.stream().map(CodeBlock::className).toArray(String[]::new);
        try (var child = ChildJvm.of(BlocksMain.class)
                .classPath(directory(blocks.get(0)) + File.pathSeparator + classPath())
                .directory(classes)
                .arguments(names)
                .start()) {
            child.endInput();
            int exitCode = child.awaitExit(PATIENCE);

            assertThat(exitCode)
                    .as("exit code of %s%nstdout %s%nstderr %s", blocks, child.stdout(), child.stderr())
                    .isZero();
            var outputs = outputs(child.stdout());
            for (var block : blocks) {
                var output = outputs.get(block.className());
                assertThat(block.prints(output))
                        .as(
                                "%s printed%n%s%nsaid to be%n%s%nstderr %s",
                                block,
                                String.join("\n", output),
                                block.printed().orElse(List.of()),
                                child.stderr())
                        .isTrue();
            }
        }
    }

    private static Map<String, List<String>> outputs(String stdout) {
        Map<String, List<String>> outputs = new HashMap<>();
        List<String> current = new ArrayList<>();
        for (var line : stdout.lines().toList()) {
            if (line.startsWith(BlocksMain.MARK)) {
                current = new ArrayList<>();
                outputs.put(line.substring(BlocksMain.MARK.length()), current);
            } else {
                current.add(line);
            }
        }
        return outputs;
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
