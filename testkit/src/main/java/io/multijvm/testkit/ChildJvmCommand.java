package io.multijvm.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a {@link ChildJvm} is started. */
public final class ChildJvmCommand {
    /** The {@code java} that runs child programs, by default the one that runs the tests. */
    public static final String JAVA_PROPERTY = "multijvm.test.java";

    private final List<String> starter = new ArrayList<>();
    private final List<String> launch;
    private final List<String> flags = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, @Nullable String> environment = new LinkedHashMap<>();
    private String classPath = System.getProperty("java.class.path");
    private @Nullable File directory;

    ChildJvmCommand(String... launch) {
        this.launch = List.of(launch);
    }

    /** What starts the JVM: a command that takes the JVM's as its last arguments, and becomes it. */
    public ChildJvmCommand startedBy(String... command) {
        starter.addAll(List.of(command));
        return this;
    }

    /** Adds arguments of the program. */
    public ChildJvmCommand arguments(String... more) {
        arguments.addAll(List.of(more));
        return this;
    }

    /** Adds arguments of the JVM. */
    public ChildJvmCommand flags(String... more) {
        flags.addAll(List.of(more));
        return this;
    }

    /** Replaces the class path of the tests. */
    public ChildJvmCommand classPath(String path) {
        classPath = path;
        return this;
    }

    /** Sets an environment variable, or removes it when {@code value} is null. */
    public ChildJvmCommand environment(String name, @Nullable String value) {
        environment.put(name, value);
        return this;
    }

    /**
     * Lets the library make archives of classes at once. It makes them at the lowest priority, by {@code nice}, which on a
     * busy machine takes minutes; this puts another {@code nice} before it, made in {@code directory}.
     */
    public ChildJvmCommand makingArchivesAtOnce(Path directory) {
        try {
            var nice = directory.resolve("nice");
            if (Files.notExists(nice)) {
                Files.writeString(nice, "#!/bin/sh\nshift 2\nexec \"$@\"\n"); // its options: -n 19
                Files.setPosixFilePermissions(nice, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return environment("PATH", directory + File.pathSeparator + System.getenv("PATH"))
                .flags("-Dmultijvm.archives=on");
    }

    public ChildJvmCommand directory(Path path) {
        directory = path.toFile();
        return this;
    }

    public ChildJvm start() {
        try {
            var stdout = Files.createTempFile("child", ".out");
            var stderr = Files.createTempFile("child", ".err");
            var builder = new ProcessBuilder(command())
                    .directory(directory)
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile());
            environment.forEach((name, value) -> {
                if (value == null) {
                    builder.environment().remove(name);
                } else {
                    builder.environment().put(name, value);
                }
            });
            return new ChildJvm(builder.start(), stdout, stderr);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command(), e);
        }
    }

    /** Starts it with nothing to read and waits for its end. */
    public ChildJvm.Ended run() throws InterruptedException {
        try (var child = start()) {
            child.endInput();
            int exitCode = child.awaitExit();
            return new ChildJvm.Ended(exitCode, child.stdout(), child.stderr());
        }
    }

    private List<String> command() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(starter);
        command.add(System.getProperty(JAVA_PROPERTY, java));
        command.add("-Dmultijvm.archives=use"); // no test makes one behind another's back, unless flags say so
        var runDirectory = System.getProperty(ForkEnvironment.RUN_DIRECTORY);
        if (runDirectory != null) {
            command.add("-D" + ForkEnvironment.RUN_DIRECTORY + "=" + runDirectory);
        }
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath));
        command.addAll(launch);
        command.addAll(arguments);
        return command;
    }
}
