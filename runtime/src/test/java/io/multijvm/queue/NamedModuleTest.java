package io.multijvm.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of named modules uses a queue: what queues stand on is a module then, too. */
@ForkTest
@JdkTest
final class NamedModuleTest {
    /** A class of each of our modules, with the module's name. */
    private static final Map<String, String> OURS = Map.of(
            "io/multijvm/MultiJvm.class", "io.multijvm",
            "io/multijvm/launcher/Launcher.class", "io.multijvm.launcher",
            "io/multijvm/ipc/Deadline.class", "io.multijvm.ipc");

    /** What the library consists of, without what only tests have. */
    private static final Pattern MODULES =
            Pattern.compile("(io\\.multijvm|multijvm|chronicle|posix|compiler|jna|jnr|slf4j|jspecify).*\\.jar");

    @TempDir
    Path directory;

    @Test
    void queue_programOfNamedModules_takesWhatChildPuts() throws Exception {
        String library = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .map(this::asModule)
                .filter(module ->
                        MODULES.matcher(module.getFileName().toString()).matches())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        Path classes = compiled(library);

        var ended = ChildJvm.ofSource("-p", classes + File.pathSeparator + library, "-m", "some.app/some.Main")
                .classPath("")
                .run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "from the child\n", ""));
    }

    private Path compiled(String library) throws IOException {
        Path module = directory.resolve("module-info.java");
        Files.writeString(
                module,
                "module some.app { requires io.multijvm; requires jdk.unsupported; requires org.slf4j; exports some; }");
        Path main = directory.resolve("Main.java");
        Files.writeString(main, """
                package some;

                public class Main {
                    public static void main(String[] args) throws Exception {
                        io.multijvm.queue.ProcessQueue<String> queue = io.multijvm.MultiJvm.queue();
                        var child = io.multijvm.MultiJvm.process(() -> queue.put("from the child"));
                        child.start();
                        child.joinOrThrow();
                        System.out.println(queue.take());
                    }
                }
                """);
        Path classes = directory.resolve("classes");
        int result = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--release",
                        "17",
                        "-d",
                        classes.toString(),
                        "-p",
                        library,
                        module.toString(),
                        main.toString());
        assertThat(result).isZero();
        return classes;
    }

    /** The classes of one of our modules as the jar that is made of them; all else as it is. */
    private Path asModule(Path part) {
        return OURS.entrySet().stream()
                .filter(ours -> Files.exists(part.resolve(ours.getKey())))
                .map(ours -> jar(part, ours.getValue()))
                .findFirst()
                .orElse(part);
    }

    private Path jar(Path content, String module) {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Automatic-Module-Name"), module);
        Path jar = directory.resolve(module + ".jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(content)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(content.relativize(file).toString()));
                Files.copy(file, out);
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
