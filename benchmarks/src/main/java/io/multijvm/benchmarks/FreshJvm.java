package io.multijvm.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own for one measurement, in which nothing has happened yet. */
final class FreshJvm {
    private FreshJvm() {}

    /** What {@code main} prints, in a JVM that uses no archive of classes. */
    static String run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        return run(Archives.none(), main, arguments);
    }

    /** What {@code main} prints in a JVM with these arguments of its own. */
    static String run(List<String> jvmArguments, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return Printed.by(command);
    }
}
