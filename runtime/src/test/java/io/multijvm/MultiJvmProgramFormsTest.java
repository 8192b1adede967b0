package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.contract.StartMethods;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs in all the forms that Java knows: each prints the squares that its processes send, and nothing else. */
@ForkTest
@JdkTest
final class MultiJvmProgramFormsTest {
    private static final String LIBRARY = System.getProperty("java.class.path");
    private static final ChildJvm.Ended RIGHT = new ChildJvm.Ended(0, "[1, 4, 9]\n", "");

    /** The program; {@code Square} is its package-private neighbour. */
    private static final String MAIN = String.join(
            "\n",
            "import io.multijvm.Context;",
            "import io.multijvm.MultiJvm;",
            "import io.multijvm.StartMethod;",
            "import java.time.Duration;",
            "import java.util.ArrayList;",
            "import java.util.List;",
            "public class Main {",
            "    public static void main(String[] args) throws Exception {",
            "        Context context = MultiJvm.getContext(StartMethod.valueOf(args[0]));",
            "        List<Integer> squares = new ArrayList<>();",
            "        for (int i = 1; i <= 3; i++) {",
            "            int number = i;",
            "            try (var pipe = context.pipe(false)) {",
            "                var writer = pipe.writer();",
            "                var process = context.process(() -> writer.send(Square.of(number)));",
            "                process.start();",
            "                writer.close();",
            "                squares.add(((Square) pipe.reader().recv()).value);",
            "                process.joinOrThrow();",
            "            }",
            "            if (args[0].equals(\"FORKSERVER\") && !context.awaitWarm(1, Duration.ofSeconds(30))) {",
            "                throw new IllegalStateException(\"no spare\");",
            "            }",
            "        }",
            "        System.out.println(squares);",
            "    }",
            "}",
            "");

    private static final String SQUARE = String.join(
            "\n",
            "class Square implements java.io.Serializable {",
            "    final int value;",
            "    private Square(int value) { this.value = value; }",
            "    static Square of(int number) { return new Square(number * number); }",
            "}",
            "");

    @TempDir
    private Path directory;

    private Path classes;

    @BeforeEach
    void makeRoom() throws IOException {
        classes = Files.createDirectory(directory.resolve("classes"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SPAWN", "FORKSERVER"})
    @Conforms({
        "MultiProcessingCmdLineMixin.test_script_compiled",
        "MultiProcessingCmdLineMixin.test_directory",
        "MultiProcessingCmdLineMixin.test_directory_compiled",
        "SpawnCmdLineTest.test_script_compiled",
        "SpawnCmdLineTest.test_directory",
        "SpawnCmdLineTest.test_directory_compiled",
        "ForkServerCmdLineTest.test_script_compiled",
        "ForkServerCmdLineTest.test_directory",
        "ForkServerCmdLineTest.test_directory_compiled"
    })
    void run_classDirectory_printsTheSquares(StartMethod method) throws IOException, InterruptedException {
        compile("", LIBRARY);

        var ended = ChildJvm.ofSource("Main")
                .classPath(classes + File.pathSeparator + LIBRARY)
                .arguments(method.name())
                .run();

        assertThat(ended).isEqualTo(RIGHT);
    }

    @ParameterizedTest
    @StartMethods(
            value = StartMethod.FORKSERVER,
            full = {StartMethod.SPAWN, StartMethod.FORKSERVER})
    void run_relativeClassPath_printsTheSquares(StartMethod method) throws IOException, InterruptedException {
        compile("", LIBRARY);

        var ended = ChildJvm.ofSource("Main")
                .classPath("classes" + File.pathSeparator + LIBRARY)
                .directory(directory)
                .arguments(method.name())
                .run();

        assertThat(ended).isEqualTo(RIGHT);
    }

    @ParameterizedTest
    @StartMethods(
            value = StartMethod.SPAWN,
            full = {StartMethod.SPAWN, StartMethod.FORKSERVER})
    @Conforms({
        "MultiProcessingCmdLineMixin.test_zipfile",
        "MultiProcessingCmdLineMixin.test_zipfile_compiled",
        "SpawnCmdLineTest.test_zipfile_compiled",
        "ForkServerCmdLineTest.test_zipfile_compiled"
    })
    void run_executableJar_printsTheSquares(StartMethod method) throws IOException, InterruptedException {
        compile("", LIBRARY);
        unpackLibrary();
        Path jar = jar("app.jar", classes, manifest("Main", ""));

        var ended = ChildJvm.ofSource("-jar", jar.toString())
                .arguments(method.name())
                .run();

        assertThat(ended).isEqualTo(RIGHT);
    }

    @ParameterizedTest
    @StartMethods(
            value = StartMethod.SPAWN,
            full = {StartMethod.SPAWN, StartMethod.FORKSERVER})
    @Conforms({
        "MultiProcessingCmdLineMixin.test_module_in_package_in_zipfile",
        "MultiProcessingCmdLineMixin.test_module_in_subpackage_in_zipfile",
        "SpawnCmdLineTest.test_module_in_package_in_zipfile",
        "ForkServerCmdLineTest.test_module_in_package_in_zipfile",
        "ForkServerCmdLineTest.test_module_in_subpackage_in_zipfile"
    })
    void run_nestedPackageInAJarWithAClassPathOfItsOwn_printsTheSquares(StartMethod method)
            throws IOException, InterruptedException {
        compile("outer.inner", LIBRARY);
        String classPath = Arrays.stream(LIBRARY.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
        Path jar = jar("with space.jar", classes, manifest("outer.inner.Main", classPath));

        var ended = ChildJvm.ofSource("-jar", jar.toString())
                .arguments(method.name())
                .run();

        assertThat(ended).isEqualTo(RIGHT);
    }

    @ParameterizedTest
    @StartMethods(
            value = StartMethod.SPAWN,
            full = {StartMethod.SPAWN, StartMethod.FORKSERVER})
    @Conforms({
        "MultiProcessingCmdLineMixin.test_module_in_package",
        "SpawnCmdLineTest.test_module_in_package",
        "ForkServerCmdLineTest.test_module_in_package"
    })
    void run_packageWithPackagePrivateNeighbours_printsTheSquares(StartMethod method)
            throws IOException, InterruptedException {
        compile("some.pack", LIBRARY);

        var ended = ChildJvm.ofSource("some.pack.Main")
                .classPath(classes + File.pathSeparator + LIBRARY)
                .arguments(method.name())
                .run();

        assertThat(ended).isEqualTo(RIGHT);
    }

    @ParameterizedTest
    @StartMethods(
            value = StartMethod.FORKSERVER,
            full = {StartMethod.SPAWN, StartMethod.FORKSERVER})
    @Conforms({
        "MultiProcessingCmdLineMixin.test_package",
        "MultiProcessingCmdLineMixin.test_package_compiled",
        "SpawnCmdLineTest.test_package",
        "SpawnCmdLineTest.test_package_compiled",
        "ForkServerCmdLineTest.test_package",
        "ForkServerCmdLineTest.test_package_compiled"
    })
    void run_namedModule_printsTheSquares(StartMethod method) throws IOException, InterruptedException {
        Path modules = libraryAsModules();
        // Automatic modules cannot say that they require jdk.unsupported.
        Files.writeString(
                directory.resolve("module-info.java"),
                "module some.app { requires io.multijvm; requires jdk.unsupported; exports some.pack; }");
        compile(
                "some.pack",
                "",
                "-p",
                modules.toString(),
                directory.resolve("module-info.java").toString());
        Path app = jar("app.jar", classes, new Manifest());

        for (Path form : List.of(classes, app)) {
            var ended = ChildJvm.ofSource("-p", form + File.pathSeparator + modules, "-m", "some.app/some.pack.Main")
                    .classPath("")
                    .arguments(method.name())
                    .run();

            assertThat(ended).isEqualTo(RIGHT);
        }
    }

    @ParameterizedTest
    @StartMethods(
            value = StartMethod.FORKSERVER,
            full = {StartMethod.SPAWN, StartMethod.FORKSERVER})
    void run_longClassPath_printsTheSquares(StartMethod method) throws IOException, InterruptedException {
        compile("", LIBRARY);
        var classPath = new ArrayList<String>();
        classPath.add(classes.toString());
        classPath.addAll(Collections.nCopies(
                3000,
                directory.resolve("no \"such\" directory with a long name").toString()));
        classPath.add(LIBRARY);
        String joined = String.join(File.pathSeparator, classPath);
        assertThat(joined.length()).isGreaterThan(128 * 1024);
        Path arguments =
                Files.writeString(directory.resolve("arguments"), "-cp \"" + joined.replace("\"", "\\\"") + "\" Main");

        var ended = ChildJvm.ofSource("@" + arguments).arguments(method.name()).run();

        assertThat(ended).isEqualTo(RIGHT);
    }

    private void compile(String packageName, String classPath, String... more) throws IOException {
        Path main = directory.resolve("Main.java");
        Path square = directory.resolve("Square.java");
        String header = packageName.isEmpty() ? "" : "package " + packageName + ";\n";
        Files.writeString(main, header + MAIN);
        Files.writeString(square, header + SQUARE);
        var arguments = new ArrayList<>(List.of("--release", "17", "-d", classes.toString()));
        if (!classPath.isEmpty()) {
            arguments.addAll(List.of("-cp", classPath));
        }
        arguments.addAll(List.of(more));
        arguments.add(main.toString());
        arguments.add(square.toString());
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).isZero();
    }

    private static Manifest manifest(String main, String classPath) {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main);
        if (!classPath.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        }
        return manifest;
    }

    private Path jar(String name, Path content, Manifest manifest) throws IOException {
        manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
        Path jar = directory.resolve(name);
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file, manifest);
                Stream<Path> files = Files.walk(content)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                if (!each.endsWith("META-INF/MANIFEST.MF")) {
                    out.putNextEntry(new JarEntry(content.relativize(each).toString()));
                    Files.copy(each, out);
                }
            }
        }
        return jar;
    }

    /** Puts what the library consists of beside the program's classes, as build tools do for one jar with all. */
    private void unpackLibrary() throws IOException {
        for (Path part : libraryParts()) {
            if (Files.isDirectory(part)) {
                copy(part, classes);
            } else {
                try (var jar = java.nio.file.FileSystems.newFileSystem(part)) {
                    copy(jar.getPath("/"), classes);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = from.relativize(file).toString();
                if (!name.endsWith("module-info.class") && !name.startsWith("META-INF/")) {
                    Path copy = to.resolve(name);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Its parts as jars whose names are those of automatic modules. */
    private Path libraryAsModules() throws IOException {
        Path modules = Files.createDirectory(directory.resolve("modules"));
        for (Path part : libraryParts()) {
            if (Files.isDirectory(part)) {
                jar("modules/multijvm-" + moduleOf(part) + ".jar", part, moduleManifest(part));
            } else {
                Files.copy(part, modules.resolve(part.getFileName()));
            }
        }
        return modules;
    }

    /** Gives a directory of classes the name that the module's jar has. */
    private static Manifest moduleManifest(Path part) {
        var manifest = new Manifest();
        String name = moduleOf(part).equals("runtime") ? "io.multijvm" : "io.multijvm." + moduleOf(part);
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Automatic-Module-Name"), name);
        return manifest;
    }

    private static String moduleOf(Path part) {
        return Stream.of("runtime", "launcher", "ipc")
                .filter(module -> Files.exists(part.resolve(marker(module))))
                .findFirst()
                .orElse("other");
    }

    private static String marker(String module) {
        return switch (module) {
            case "runtime" -> "io/multijvm/MultiJvm.class";
            case "launcher" -> "io/multijvm/launcher/Launcher.class";
            default -> "io/multijvm/ipc/Deadline.class";
        };
    }

    private static List<Path> libraryParts() {
        return Arrays.stream(LIBRARY.split(File.pathSeparator))
                .map(Path::of)
                .filter(part -> Files.isDirectory(part)
                        ? !moduleOf(part).equals("other")
                        : part.getFileName()
                                .toString()
                                .matches("(multijvm-(ipc|launcher|runtime)|jna|jspecify)-.*\\.jar"))
                .toList();
    }
}
