package io.multijvm.samples;

import io.multijvm.MultiJvm;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Runs another program file, given by its path, as the main program of a child process.
 *
 * <p>Expect: a script is written to a temporary directory and compiled there; the child loads it from that path and
 * runs its main with the given arguments; the parent waits for it and reads the exit code 3 that the script chose.
 */
public final class ProcScript {
    private static final String SCRIPT = """
            public class Potato {
                public static void main(String[] args) {
                    System.out.println("script: pid " + ProcessHandle.current().pid() + ", peeling " + args[0]);
                    System.exit(3);
                }
            }
            """;

    private ProcScript() {}

    public static void main(String[] args) throws Exception {
        var directory = Files.createTempDirectory("script");
        try {
            compile(Files.writeString(directory.resolve("Potato.java"), SCRIPT));
            var path = directory.resolve("Potato.class").toString();
            var child = MultiJvm.process(() -> runPath(path, "potatoes"));
            child.start();
            System.out.println("main process: pid " + ProcessHandle.current().pid() + ", waiting for the script");
            child.join();
            System.out.println("exit code of the script: " + child.exitCode());
        } finally {
            remove(directory);
        }
    }

    /** Loads the class file at {@code path} and calls its main method, as {@code java} would. */
    private static void runPath(String path, String... arguments) throws Exception {
        var file = Path.of(path);
        var name = file.getFileName().toString().replace(".class", "");
        var directory = file.resolveSibling("").toUri().toURL();
        try (var loader = new URLClassLoader(new URL[] {directory})) {
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        }
    }

    private static void compile(Path source) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("this sample needs a JDK: there is no Java compiler in this runtime");
        }
        int status = compiler.run(null, null, null, source.toString());
        if (status != 0) {
            throw new IllegalStateException("the script does not compile: status " + status + ", source " + source);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
