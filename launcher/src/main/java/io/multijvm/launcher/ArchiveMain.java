package io.multijvm.launcher;

import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.ProcessControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The program that makes archives: a family of its own, of low priority, which outlives whoever started it.
 *
 * <p>It starts a child that does what children and their parents do ({@link Rehearsal}) and whose JVM writes down what it
 * has loaded when it ends; has another JVM check that; and publishes it.
 */
public final class ArchiveMain {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> NOT_FOR_US = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private ArchiveMain() {}

    /** The command line that has the archive for {@code key} made, and the one without queues before it. */
    static List<String> command(Path directory, ArchiveKey key, String entryPoint, Set<String> classes) {
        var command = new ArrayList<String>();
        command.add(key.java());
        command.addAll(List.of("-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
        command.addAll(inherited());
        command.addAll(List.of("-cp", key.classPath(), ArchiveMain.class.getName()));
        command.addAll(List.of(directory.toString(), key.text(), entryPoint));
        command.addAll(classes);
        return command;
    }

    private static List<String> inherited() {
        var properties = new ArrayList<String>();
        properties.add("-D" + ArchiveCache.PROPERTY + "=off");
        String run = System.getProperty(RunDirectory.BASE_PROPERTY);
        if (run != null) {
            properties.add("-D" + RunDirectory.BASE_PROPERTY + "=" + run);
        }
        return properties;
    }

    /** Directory, key, entry point, classes. */
    public static void main(String[] args) throws IOException, InterruptedException {
        var cache = new ArchiveCache(Path.of(args[0]));
        ArchiveKey key = ArchiveKey.parse(args[1]);
        if (key == null) {
            throw new IllegalArgumentException("no key: " + args[1]);
        }
        List<String> classes = List.of(args).subList(3, args.length);
        try {
            make(cache, key.withQueues(false), args[2], classes);
            if (key.queues()) {
                make(cache, key, args[2], classes);
            }
            cache.prune(ArchiveCache.MOST_BYTES);
        } finally {
            Family.current().close();
        }
    }

    private static void make(ArchiveCache cache, ArchiveKey key, String entryPoint, List<String> classes)
            throws IOException, InterruptedException {
        if (cache.isSettled(key)) {
            return;
        }
        Path file = cache.temporary(key);
        Files.deleteIfExists(file); // somebody was killed while at it
        try {
            boolean made = succeeds(rehearsal(key, file, entryPoint, classes));
            if (made && Files.isRegularFile(file) && succeeds(check(key, file))) {
                cache.publish(key, file);
            } else {
                cache.fail(key);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static LaunchSpec rehearsal(ArchiveKey key, Path file, String entryPoint, List<String> classes) {
        var arguments = new ArrayList<>(inherited());
        arguments.add(ArchiveKey.making(file));
        byte[] order = new Rehearsal.Order(entryPoint, classes, key.queues()).toBytes();
        return spec(key, arguments, Rehearsal.class.getName(), order);
    }

    /** A child that does nothing, but does not start unless its JVM finds the archive good, every byte of it. */
    private static LaunchSpec check(ArchiveKey key, Path file) {
        var arguments = new ArrayList<>(ArchiveKey.using(file));
        arguments.addAll(List.of(ArchiveKey.insisting(), "-XX:+VerifySharedSpaces"));
        return spec(key, arguments, Rehearsal.class.getName(), Rehearsal.Order.NOTHING.toBytes());
    }

    private static LaunchSpec spec(ArchiveKey key, List<String> arguments, String entryPoint, byte[] payload) {
        var command = new ArrayList<String>();
        command.add(key.java());
        command.addAll(List.of("-XX:-UsePerfData", "-XX:ErrorFile=/dev/null", "-XX:-CreateCoredumpOnCrash"));
        command.addAll(key.options());
        command.addAll(arguments);
        command.addAll(List.of("-cp", key.classPath(), ChildMain.class.getName()));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeAll(NOT_FOR_US);
        @Nullable Path sameDirectory = null;
        return new LaunchSpec(
                "rehearsal",
                new Profile(command, environment, sameDirectory),
                entryPoint,
                new Encoded(payload, List.of()),
                "rehearsal",
                List.of(),
                Output.discard(),
                Output.discard(),
                failure -> {});
    }

    private static boolean succeeds(LaunchSpec spec) throws IOException, InterruptedException {
        try {
            Child child = new SpawnLauncher(new Acceptance(PATIENCE)).launch(spec);
            try {
                return child.exit()
                                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                                .exitCode()
                        == 0;
            } catch (TimeoutException e) {
                child.signal(ProcessControl.SIGKILL);
                child.exit().join();
                return false;
            }
        } catch (LaunchException | ExecutionException e) {
            return false;
        }
    }
}
