package io.multijvm.launcher;

import io.multijvm.ipc.os.JdkInternals;
import io.multijvm.ipc.os.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a child JVM: this process's java, JVM arguments, class path and module path.
 *
 * @param executable the java to use, or null for this process's own
 * @param jvmArguments further arguments, which win over inherited ones
 * @param environment what to change in this process's environment; null values remove
 * @param directory the working directory, or null for this process's own
 */
public record JvmCommand(
        @Nullable Path executable,
        List<String> jvmArguments,
        Map<String, @Nullable String> environment,
        @Nullable Path directory) {

    /**
     * A JVM's performance counters are a file in /tmp that costs each start and exit a millisecond, and that stays there
     * when the JVM is killed. {@code jcmd PID} works without them.
     */
    private static final List<String> DEFAULTS = List.of("-XX:-UsePerfData");

    /** Arguments that name something which only one process can have, or are told to children in another way. */
    private static final List<String> NOT_INHERITED = List.of(
            "-agentlib:",
            "-agentpath:",
            "-javaagent:",
            "-Xrunjdwp",
            "-Xdebug",
            "-Xloggc:",
            "-XX:SharedArchiveFile",
            "-XX:ArchiveClassesAtExit",
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedClassListFile",
            "-XX:DumpLoadedClassList",
            "-XX:AOT",
            "-XX:StartFlightRecording",
            "-XX:FlightRecorderOptions",
            "-Dcom.sun.management.jmxremote",
            "-Djava.class.path=",
            "-Djdk.module.",
            "-Dsun.java.",
            "--module-path",
            "--upgrade-module-path",
            "exit",
            "abort",
            "vfprintf");

    /** Written out, as {@link Profile}'s is. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof JvmCommand that
                        && Objects.equals(executable, that.executable)
                        && jvmArguments.equals(that.jvmArguments)
                        && environment.equals(that.environment)
                        && Objects.equals(directory, that.directory));
    }

    @Override
    public int hashCode() {
        return 31 * jvmArguments.hashCode() + environment.hashCode();
    }

    /** The profile of children started like this. */
    public Profile profile() {
        var command = new ArrayList<String>();
        command.add(java().toString());
        command.addAll(DEFAULTS);
        command.addAll(NativeLibrary.jvmArguments());
        Stream.of(JdkInternals.runtimeArguments())
                .filter(JvmCommand::isInherited)
                .forEach(command::add);
        command.addAll(JavaAgents.inherited());
        command.addAll(jvmArguments);
        String debugging = Debugging.wanted(jvmArguments);
        if (debugging != null) {
            command.add(debugging);
        }
        addPaths(command);
        return new Profile(command, childEnvironment(), directory);
    }

    /** The fork server's own JVM: what serves {@code profile}, without the user's JVM arguments, and small. */
    static Profile forServer(Profile profile) {
        var command = new ArrayList<String>();
        command.add(profile.command().get(0));
        command.addAll(DEFAULTS);
        command.addAll(NativeLibrary.jvmArguments());
        command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"));
        addPaths(command);
        return new Profile(command, profile.environment(), null);
    }

    private static boolean isInherited(String argument) {
        boolean logsToFile = argument.startsWith("-Xlog") && argument.contains("file=") && !argument.contains("%p");
        return !logsToFile
                && !ArchiveKey.isSilence(argument)
                && !NativeLibrary.isOwn(argument)
                && NOT_INHERITED.stream().noneMatch(argument::startsWith);
    }

    private Path java() {
        if (executable != null) {
            return executable;
        }
        Path own = Path.of(System.getProperty("java.home"), "bin", "java");
        return Files.isExecutable(own)
                ? own
                : ProcessHandle.current().info().command().map(Path::of).orElse(own);
    }

    private static void addPaths(List<String> command) {
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath != null) {
            command.add("--module-path");
            command.add(absolute(modulePath));
            String mainModule = System.getProperty("jdk.module.main");
            if (mainModule != null) {
                command.add("--add-modules");
                command.add(mainModule);
            }
        }
        String classPath = absolute(System.getProperty("java.class.path", ""));
        ClassLoader loader = ChildMain.class.getClassLoader();
        if (loader != ClassLoader.getSystemClassLoader()
                && !ChildMain.class.getModule().isNamed()) {
            classPath = joined(classPath, pathOf(loader));
        }
        if (!classPath.isEmpty()) {
            command.add("-cp");
            command.add(classPath);
        }
        Module own = ChildMain.class.getModule();
        if (own.isNamed()) {
            command.add("-m");
            command.add(own.getName() + "/" + ChildMain.class.getName());
        } else {
            command.add(ChildMain.class.getName());
        }
    }

    private static String joined(String classPath, List<String> more) {
        return Stream.concat(Stream.of(classPath), more.stream())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> pathOf(ClassLoader loader) {
        try {
            return LoaderPath.of(loader, Family.current().directory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give children what " + loader + " has", e);
        }
    }

    /** The child may have another working directory. */
    private static String absolute(String path) {
        if (path.isEmpty()) {
            return path;
        }
        var absolute = new ArrayList<String>();
        for (String element : path.split(File.pathSeparator)) {
            absolute.add(Path.of(element).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, absolute);
    }

    private Map<String, String> childEnvironment() {
        var result = new HashMap<>(System.getenv());
        environment.forEach((name, value) -> {
            if (value == null) {
                result.remove(name);
            } else {
                result.put(name, value);
            }
        });
        return result;
    }
}
