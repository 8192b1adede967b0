package io.multijvm.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * The surroundings of one test JVM, set up before its first test.
 *
 * <p>Its run directories are made in a directory of its own, so that test JVMs side by side, of this clone or another,
 * do not see each other's. Its children find classes in jars first, and those in an archive of classes that the first
 * test JVM of a module has made: they boot in half of the time.
 */
public final class ForkEnvironment implements LauncherSessionListener {
    /** Where processes of ours make run directories; read by {@code io.multijvm.ipc.memory.RunDirectory}. */
    static final String RUN_DIRECTORY = "multijvm.run.directory";

    private static final String CLASS_PATH = "java.class.path";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    /** Followed by the pid of the test JVM. */
    private static final String PREFIX = "tests-of-multijvm-";

    /** Where this JVM and its children make run directories, whatever a test sets. */
    private static volatile Path runBase = SHARED_MEMORY;

    /** Names a program that starts children of most kinds, so that an archive is made for them. */
    private static final String ARCHIVE_PROGRAM = "multijvm.test.archive.program";

    private static final Path ARCHIVES =
            Path.of(System.getenv().getOrDefault("XDG_CACHE_HOME", "/nowhere"), "multijvm", "archives");
    private static final long CLEAN_UP_NANOS = TimeUnit.SECONDS.toNanos(10);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (System.getProperty(RUN_DIRECTORY) == null && Files.isWritable(SHARED_MEMORY)) {
            System.setProperty(RUN_DIRECTORY, makeRunBase().toString());
        }
        runBase = Path.of(System.getProperty(RUN_DIRECTORY, SHARED_MEMORY.toString()));
        System.setProperty(CLASS_PATH, jarsFirst(System.getProperty(CLASS_PATH)));
        var program = System.clearProperty(ARCHIVE_PROGRAM); // there is a session for each test class
        if (program != null) {
            haveArchiveMade(program);
        }
    }

    /** Runs the program, which has an archive made in the background, and waits for that; one test JVM after another. */
    private static void haveArchiveMade(String program) {
        try {
            Files.createDirectories(ARCHIVES);
            try (var turn = FileChannel.open(
                            ARCHIVES.resolve("turn"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = turn.lock()) {
                if (lock.isValid()) {
                    haveArchiveMade(program, List.of()); // for children of programs that tests start
                    haveArchiveMade(program, nativeAccess()); // for children of tests
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void haveArchiveMade(String program, List<String> flags) throws IOException, InterruptedException {
        new ChildJvmCommand(program)
                .makingArchivesAtOnce(ARCHIVES)
                .flags(flags.toArray(String[]::new))
                .run();
        var maker = ARCHIVES.resolve("lock").toString(); // locked by whoever makes one
        int status =
                new ProcessBuilder("flock", maker, "true").inheritIO().start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("flock " + maker + ": status " + status);
        }
    }

    /** The options of this JVM, inherited by children, that decide which archive fits. */
    private static List<String> nativeAccess() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--enable-native-access"))
                .toList();
    }

    /** Where run directories are made, by this JVM and by all test JVMs that are alive. */
    static Stream<Path> runBases() {
        return Stream.concat(Stream.of(SHARED_MEMORY), list(SHARED_MEMORY).filter(ForkEnvironment::isRunBase));
    }

    /** Where this JVM and its children make run directories. */
    static Path runBase() {
        return runBase;
    }

    private static Path makeRunBase() {
        list(SHARED_MEMORY).filter(ForkEnvironment::isAbandoned).forEach(ForkEnvironment::deleteTree);
        var base = SHARED_MEMORY.resolve(PREFIX + ProcessHandle.current().pid());
        try {
            Files.createDirectories(base);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteWhenEmpty(base), "run-base-cleaner"));
        return base;
    }

    /** Deletes the directory as soon as the family that lives in it has removed its own; a leftover stays to be seen. */
    private static void deleteWhenEmpty(Path base) {
        long end = System.nanoTime() + CLEAN_UP_NANOS;
        while (list(base).findAny().isPresent() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        if (!base.toFile().delete()) {
            System.getLogger("io.multijvm").log(System.Logger.Level.WARNING, "{0} is not empty", base);
        }
    }

    private static boolean isRunBase(Path entry) {
        return entry.getFileName().toString().startsWith(PREFIX);
    }

    private static boolean isAbandoned(Path entry) {
        if (!isRunBase(entry)) {
            return false;
        }
        long pid = Long.parseLong(entry.getFileName().toString().substring(PREFIX.length()));
        return ProcessHandle.of(pid).isEmpty();
    }

    private static String jarsFirst(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .sorted((one, other) -> Boolean.compare(!one.endsWith(".jar"), !other.endsWith(".jar")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<Path> list(Path directory) {
        try (var entries = Files.list(directory)) {
            return entries.toList().stream();
        } catch (IOException e) {
            return Stream.empty(); // it is gone
        }
    }

    private static void deleteTree(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.WARNING, "cannot delete " + directory, e);
        }
    }
}
