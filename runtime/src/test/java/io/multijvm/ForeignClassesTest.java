package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.contract.StartMethods;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Programs whose classes are on no class path: children get them from the processes that have them. */
@ForkTest
final class ForeignClassesTest {
    private static final String LIBRARY = System.getProperty("java.class.path");

    /** The jars that the tests need and no program does, by the beginning of their names. */
    private static final Pattern TEST_LIBRARY = Pattern.compile("archunit|assertj|byte-buddy|junit|surefire");

    private static final String SQUARES = String.join(
            "\n",
            "import io.multijvm.*;",
            "import java.util.*;",
            "public class Main {",
            "    static int square(int number) { return number * number; }",
            "    public static void main(String[] args) throws Exception {",
            "        Context context = MultiJvm.getContext(StartMethod.valueOf(args[0]));",
            "        try (var pool = context.pool(2)) {",
            "            List<Integer> squares = new ArrayList<>(pool.map(Main::square, List.of(1, 2, 3)));",
            "            Collections.sort(squares);",
            "            System.out.println(squares);",
            "        }",
            "    }",
            "}");

    /** Objects of every kind of class, in both directions, to a grandchild, and after the death of who made them. */
    private static final String EVERYTHING = String.join(
            "\n",
            "import io.multijvm.*;",
            "import java.io.Serializable;",
            "import java.util.*;",
            "public class Main {",
            "    enum Kind { SMALL, LARGE }",
            "    record Named(String name, Kind kind) implements Serializable {}",
            "    static class Square implements Serializable {",
            "        final int value;",
            "        Square(int number) { value = number * number; }",
            "        Object[] also() { return new Object[] {new Named(\"n\" + value, Kind.LARGE), this}; }",
            "    }",
            "    static class Unhappy extends RuntimeException { Unhappy(String why) { super(why); } }",
            "    public static void main(String[] args) throws Exception {",
            "        Context context = MultiJvm.getContext(StartMethod.valueOf(args[0]));",
            "        var queue = context.queue();",
            "        var square = new Square(3);",
            "        var child = context.process(() -> {",
            "            queue.put(square.also()[0]);",
            "            var grandchild = MultiJvm.process(() -> queue.put(new Square(square.value)));",
            "            grandchild.start();",
            "            grandchild.joinOrThrow();",
            "        });",
            "        child.start();",
            "        child.joinOrThrow();",
            "        System.out.println(queue.take());",
            "        System.out.println(((Square) queue.take()).value);",
            "        var failing = context.process(() -> { throw new Unhappy(\"me\"); });",
            "        failing.start();",
            "        failing.join();",
            "        System.out.println(failing.failure().get() instanceof Unhappy);",
            "    }",
            "}");

    private static final String EVERYTHINGS_OUTPUT = "Named[name=n9, kind=LARGE]\n81\ntrue\n";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @StartMethods(StartMethod.FORKSERVER)
    @Conforms({"SpawnCmdLineTest.test_basic_script", "ForkServerCmdLineTest.test_basic_script"})
    void run_sourceFile_workersFindItsClasses(StartMethod method) throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve("Main.java"), SQUARES);

        var ended =
                ChildJvm.ofSource(source.toString()).arguments(method.name()).run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "[1, 4, 9]\n", ""));
    }

    @ParameterizedTest
    @StartMethods(StartMethod.SPAWN)
    @Conforms({
        "MultiProcessingCmdLineMixin.test_basic_script_no_suffix",
        "SpawnCmdLineTest.test_basic_script_no_suffix",
        "ForkServerCmdLineTest.test_basic_script_no_suffix"
    })
    void run_sourceFileWithoutSuffix_workersFindItsClasses(StartMethod method)
            throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve("main"), SQUARES);

        var ended = ChildJvm.ofSource(source.toString())
                .flags("--source", "17")
                .arguments(method.name())
                .run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "[1, 4, 9]\n", ""));
    }

    @ParameterizedTest
    @StartMethods({StartMethod.FORKSERVER, StartMethod.FORK})
    void run_sourceFile_itsObjectsTravelInAllDirections(StartMethod method) throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve("Main.java"), EVERYTHING);

        var ended =
                ChildJvm.ofSource(source.toString()).arguments(method.name()).run();

        assertThat(ended.stdout()).isEqualTo(EVERYTHINGS_OUTPUT);
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void run_shell_childrenFindItsSnippets() throws IOException, InterruptedException {
        String snippets = String.join(
                "\n",
                "import io.multijvm.*;",
                "record Square(int value) implements java.io.Serializable {}",
                "int base = 0;",
                "Square square(int number) { return new Square(base + number * number); }",
                "Object inChild(StartMethod method, int number) throws Exception {",
                "    try (var pipe = MultiJvm.pipe(false)) {",
                "        var writer = pipe.writer();",
                "        var child = MultiJvm.getContext(method).process(() -> writer.send(square(number)));",
                "        child.start();",
                "        writer.close();",
                "        Object answer = pipe.reader().recv();",
                "        child.joinOrThrow();",
                "        return answer;",
                "    }",
                "}",
                "base = 100;", // which a forked one alone knows
                "System.out.println(inChild(StartMethod.SPAWN, 2) + \" \" + inChild(StartMethod.FORKSERVER, 3)"
                        + " + \" \" + inChild(StartMethod.FORK, 4))",
                "/exit",
                "");
        Path script = Files.writeString(directory.resolve("script.jsh"), snippets);

        var ended = ChildJvm.ofSource("-m", "jdk.jshell/jdk.internal.jshell.tool.JShellToolProvider")
                .flags("-Djava.util.prefs.userRoot=" + directory)
                .arguments("--class-path", LIBRARY, script.toString())
                .run();

        assertThat(ended.stdout()).isEqualTo("Square[value=4] Square[value=9] Square[value=116]\n");
    }

    @ParameterizedTest
    @StartMethods(StartMethod.FORKSERVER)
    void run_pluginInALoaderOfItsOwn_childrenFindItsClassesAndResources(StartMethod method)
            throws IOException, InterruptedException {
        Path plugin = compile(EVERYTHING, "plugin");

        var ended = ChildJvm.of(Host.class)
                .arguments("directory", plugin.toString(), method.name())
                .run();

        assertThat(ended.stdout()).isEqualTo(EVERYTHINGS_OUTPUT);
        assertThat(ended.exitCode()).isZero();
    }

    @ParameterizedTest
    @StartMethods(StartMethod.SPAWN)
    void run_classesInMemory_childrenFindThem(StartMethod method) throws IOException, InterruptedException {
        Path compiled = compile(EVERYTHING, "memory");

        var ended = ChildJvm.of(Host.class)
                .arguments("memory", compiled.toString(), method.name())
                .run();

        assertThat(ended.stdout()).isEqualTo(EVERYTHINGS_OUTPUT);
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void start_loaderThatShowsNoClassFiles_isRefusedWithTheReason() throws IOException, InterruptedException {
        Path compiled = compile(EVERYTHING, "memory");

        var ended = ChildJvm.of(Host.class)
                .arguments("secret", compiled.toString(), "SPAWN")
                .run();

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.stderr())
                .contains("LaunchException")
                .contains("Main, neither on the class path nor as a resource of a class loader of another process");
    }

    @ParameterizedTest
    @StartMethods(StartMethod.FORK)
    void run_jarWithJarsInIt_childrenFindTheirClasses(StartMethod method) throws IOException, InterruptedException {
        Path jar = nestedJar(compile(EVERYTHING, "app"));

        var ended = ChildJvm.ofSource("-jar", jar.toString())
                .arguments(method.name())
                .run();

        assertThat(ended.stderr()).contains("Main$Unhappy: me").doesNotContain("LaunchException");
        assertThat(ended.stdout()).isEqualTo(EVERYTHINGS_OUTPUT);
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void take_processThatHadTheClassIsGone_classIsStillThere() throws IOException, InterruptedException {
        Path plugin = compile("public record Main(int number) implements java.io.Serializable {}", "plugin");

        var ended = ChildJvm.of(Heirs.class).arguments(plugin.toString()).run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "Main[number=1]\nMain[number=2]\n", ""));
    }

    private Path compile(String source, String name) throws IOException {
        Path file = Files.writeString(directory.resolve("Main.java"), source);
        Path classes = Files.createDirectory(directory.resolve(name));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-cp", LIBRARY, "-d", classes.toString(), file.toString());
        assertThat(result).isZero();
        return classes;
    }

    /** As frameworks pack a program: its classes and the jars it needs in one jar, and a loader that reads them there. */
    private Path nestedJar(Path app) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, NestedJarLauncher.class.getName());
        Path jar = directory.resolve("app.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file, manifest)) {
            for (Class<?> type : List.of(
                    NestedJarLauncher.class, NestedJarLauncher.Loader.class, NestedJarLauncher.Unreadable.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                put(out, name, type.getClassLoader().getResourceAsStream(name).readAllBytes());
            }
            putTree(out, "app/classes/", app);
            int number = 0;
            for (String part : LIBRARY.split(File.pathSeparator)) {
                Path library = Path.of(part);
                if (TEST_LIBRARY.matcher(library.getFileName().toString()).lookingAt()) {
                    continue;
                }
                String name = "app/lib/" + number++ + ".jar";
                if (Files.isRegularFile(library)) {
                    putStored(out, name, Files.readAllBytes(library));
                } else {
                    Path packed = directory.resolve(number + ".jar");
                    try (var inner = new JarOutputStream(Files.newOutputStream(packed))) {
                        putTree(inner, "", library);
                    }
                    putStored(out, name, Files.readAllBytes(packed));
                }
            }
        }
        return jar;
    }

    private static void putTree(JarOutputStream out, String prefix, Path tree) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(tree)) {
            all.filter(Files::isRegularFile).forEach(files::add);
        }
        for (Path file : files) {
            put(out, prefix + tree.relativize(file), Files.readAllBytes(file));
        }
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
    }

    private static void putStored(JarOutputStream out, String name, byte[] content) throws IOException {
        var entry = new JarEntry(name);
        var checksum = new CRC32();
        checksum.update(content);
        entry.setMethod(JarEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        out.putNextEntry(entry);
        out.write(content);
    }
}
