package io.multijvm.samples.cli;

import io.multijvm.StartMethod;
import io.multijvm.launcher.ArchiveCache;
import io.multijvm.launcher.Profile;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run TARGET [ARG…]}: any program, in a plain JVM that has MultiJVM on its class path. */
@Command(name = "run", description = "Run a program with MultiJVM on its class path.")
final class RunCommand implements Callable<Integer> {
    private static final Pattern SIZE = Pattern.compile("[1-9]\\d*[kKmMgGtT]?");
    /** The kernel takes at most 128 KiB for one argument. */
    private static final int LONG_ARGUMENT = 100_000;

    private static final String OUR_CLASS_PATH = System.getProperty("java.class.path");

    @Option(
            names = {"-cp", "--class-path"},
            paramLabel = "PATH",
            description = "The program's own class path.")
    private String ownClassPath = "";

    @Option(
            names = "--processes",
            paramLabel = "N",
            description = "How many processors the program is to find: its pools have as many workers.")
    private @Nullable Integer processes;

    @Option(
            names = "--start-method",
            paramLabel = "METHOD",
            description = "How it starts processes: ${COMPLETION-CANDIDATES}.")
    private @Nullable StartMethod startMethod;

    @Option(names = "--heap", paramLabel = "SIZE", description = "The heap of each of its processes, as in 512m or 2g.")
    private String heap = "";

    @Option(
            names = "--full-stacks",
            description = "Of what a source file throws, show also the part of the stack that is not its own.")
    private boolean fullStacks;

    @Parameters(index = "0", paramLabel = "TARGET", description = "A main class, a .jar or a single .java file.")
    private String target = "";

    @Parameters(index = "1..*", paramLabel = "ARG", description = "The program's own arguments.")
    private List<String> arguments = new ArrayList<>();

    private CommandSpec spec = CommandSpec.create();

    /** What follows the target is the program's, also what looks like an option of ours. */
    @Spec
    void setSpec(CommandSpec spec) {
        this.spec = spec;
        spec.parser().stopAtPositional(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (target.endsWith(".jar")) {
            return java(join(existing(), classPath()), mainClassOfJar());
        }
        if (target.endsWith(".java")) {
            return java(classPath(), existing());
        }
        if (!isOnClassPath(target)) {
            throw unknown("no class '" + target + "' on the class path");
        }
        return java(classPath(), target);
    }

    private int java(String classPath, String program) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var options = options();
        var programAndItsOptions = program(program);
        List<String> profile = new ArrayList<>(List.of(java));
        profile.addAll(options);
        profile.addAll(List.of("-cp", classPath, programAndItsOptions.get(0)));
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(ArchiveCache.ofUser().jvmArguments(new Profile(profile, System.getenv(), null)));
        command.addAll(options);
        command.addAll(classPathArguments(classPath));
        command.addAll(programAndItsOptions);
        command.addAll(arguments);
        var child = new ProcessBuilder(command).inheritIO().start();
        var end = new Thread(() -> end(child), "multijvm-run-end");
        Runtime.getRuntime().addShutdownHook(end);
        return child.waitFor();
    }

    private static List<String> classPathArguments(String classPath) throws IOException {
        if (classPath.length() <= LONG_ARGUMENT) {
            return List.of("-cp", classPath);
        }
        var file = Files.createTempFile("multijvm-run", ".arguments");
        file.toFile().deleteOnExit();
        var quoted = classPath.replace("\\", "\\\\").replace("\"", "\\\"");
        Files.writeString(file, "-cp \"" + quoted + "\"");
        return List.of("@" + file);
    }

    /** The JVM options of the program and of its children: this JVM's settings of MultiJVM, and those on the command line. */
    private List<String> options() {
        List<String> options = settings();
        if (processes != null) {
            if (processes < 1) {
                throw new ParameterException(spec.commandLine(), "--processes: less than one: " + processes);
            }
            options.add("-XX:ActiveProcessorCount=" + processes);
        }
        if (!heap.isEmpty()) {
            if (!SIZE.matcher(heap).matches()) {
                throw new ParameterException(spec.commandLine(), "--heap: not a size as in 512m or 2g: " + heap);
            }
            options.add("-Xmx" + heap);
        }
        return options;
    }

    private static List<String> settings() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("multijvm."))
                .sorted()
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** The main class and its first arguments. */
    private List<String> program(String program) {
        if (startMethod == null && !target.endsWith(".java")) {
            return List.of(program);
        }
        List<String> words = new ArrayList<>(List.of(ProgramMain.class.getName()));
        if (startMethod != null) {
            words.add(ProgramMain.START_METHOD + startMethod.name());
        }
        if (fullStacks) {
            words.add(ProgramMain.FULL_STACKS);
        }
        words.add(program);
        return words;
    }

    /** When this JVM is told to end, so is the program, and is waited for. */
    private static void end(Process child) {
        child.destroy();
        child.onExit().join();
    }

    private String mainClassOfJar() throws IOException {
        try (var jar = new JarFile(target)) {
            var manifest = jar.getManifest();
            @Nullable
            String main = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (main == null) {
                throw unknown("no Main-Class in the manifest of " + target);
            }
            return main;
        }
    }

    private String existing() {
        if (!Files.isRegularFile(Path.of(target))) {
            throw unknown("no file " + target);
        }
        return target;
    }

    private boolean isOnClassPath(String className) throws IOException {
        var own = new ArrayList<URL>();
        for (var entry : ownClassPath.split(File.pathSeparator, -1)) {
            own.add(url(entry));
        }
        try (var loader = new URLClassLoader(own.toArray(URL[]::new), RunCommand.class.getClassLoader())) {
            return loader.getResource(className.replace('.', '/') + ".class") != null;
        }
    }

    private static URL url(String entry) throws MalformedURLException {
        return Path.of(entry).toUri().toURL();
    }

    private String classPath() {
        return ownClassPath.isEmpty() ? OUR_CLASS_PATH : join(ownClassPath, OUR_CLASS_PATH);
    }

    private static String join(String first, String second) {
        return first + File.pathSeparator + second;
    }

    private UnknownTargetException unknown(String what) {
        return new UnknownTargetException(
                spec.commandLine(), what, "scripts/multijvm run [-cp PATH] CLASS | FILE.jar | FILE.java [ARG...]");
    }
}
