package io.multijvm.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/multijvm} where somebody may have put the project, and with what he may have set. */
@ForkTest
final class ScriptsTest {
    private static final String JAVA_HOME = System.getProperty("java.home");

    @TempDir
    Path directory;

    private record Ended(int exitCode, String output) {}

    @Test
    void multijvm_noSuchJavaHome_saysWhatToDo() throws Exception {
        assertThat(multijvm(project("project"), Map.of("JAVA_HOME", "/no/where")))
                .isEqualTo(refusal("needs Java 17 or newer, there is no /no/where/bin/java; on Debian: "
                        + "apt-get install openjdk-17-jdk-headless maven, and unset JAVA_HOME"));
    }

    @Test
    void multijvm_noMaven_saysWhatToInstall() throws Exception {
        var tools = Files.createDirectory(directory.resolve("tools"));
        for (var tool :
                new String[] {"basename", "bash", "dirname", "find", "flock", "locale", "mkdir", "readlink", "sed"}) {
            Files.createSymbolicLink(tools.resolve(tool), installed(tool));
        }

        assertThat(multijvm(project("project"), Map.of("JAVA_HOME", JAVA_HOME, "PATH", tools.toString())))
                .isEqualTo(refusal("needs Maven to build, there is no mvn; on Debian: "
                        + "apt-get install openjdk-17-jdk-headless maven, and unset JAVA_HOME"));
    }

    @Test
    void multijvm_colonInThePath_saysWhatToDo() throws Exception {
        var project = project("a:b");

        assertThat(multijvm(project, Map.of("JAVA_HOME", JAVA_HOME)))
                .isEqualTo(refusal("there is a colon in " + project
                        + ", which Java takes for the end of a path; move the project"));
    }

    @Test
    void multijvm_pathThatTheLocaleCannotSpell_works() throws Exception {
        var project = project("mein Pröjekt");
        pretendItIsBuilt(project);

        var ended = multijvm(project, Map.of("JAVA_HOME", JAVA_HOME, "LC_ALL", "C"));

        assertThat(ended.output).contains("proc-hello");
        assertThat(ended.exitCode).isZero();
    }

    private static Ended refusal(String what) {
        return new Ended(1, "multijvm: " + what + "\n");
    }

    /** A directory that has nothing but the scripts. */
    private Path project(String name) throws IOException {
        var scripts = Files.createDirectories(directory.resolve(name).resolve("scripts"));
        for (var script : new String[] {"lib.sh", "multijvm"}) {
            Files.copy(Path.of("..", "scripts", script), scripts.resolve(script));
        }
        return directory.resolve(name);
    }

    /** Sources older than what was made of them, which is a link to these classes. */
    private static void pretendItIsBuilt(Path project) throws IOException {
        Files.createFile(project.resolve("pom.xml"));
        for (var module : new String[] {"ipc", "launcher", "runtime", "samples"}) {
            Files.createDirectories(project.resolve(module).resolve("src").resolve("main"));
            Files.createFile(project.resolve(module).resolve("pom.xml"));
        }
        var target = Files.createDirectories(project.resolve("samples/target/plain"));
        var classes = Files.createSymbolicLink(
                project.resolve("classes"), Path.of("target", "classes").toAbsolutePath());
        Files.writeString(target.resolve("classpath"), classes + ":" + System.getProperty("java.class.path"));
        Files.createFile(target.resolve("built"));
    }

    private static Path installed(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(each -> Path.of(each, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private Ended multijvm(Path project, Map<String, String> environment) throws IOException, InterruptedException {
        var output = directory.resolve("output").toFile();
        var builder = new ProcessBuilder(
                        installed("bash").toString(),
                        project.resolve("scripts").resolve("multijvm").toString(),
                        "samples")
                .redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().clear();
        builder.environment().put("PATH", Objects.requireNonNull(System.getenv("PATH")));
        builder.environment().putAll(environment);
        int exitCode = builder.start().waitFor();
        return new Ended(exitCode, Files.readString(output.toPath(), StandardCharsets.UTF_8));
    }
}
