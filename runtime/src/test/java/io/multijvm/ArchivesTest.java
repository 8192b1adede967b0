package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ChildJvmCommand;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import io.multijvm.testkit.Rounds;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs and the archives of classes that are made of them; whatever becomes of those, a program's output is its own. */
@ForkTest
@JdkTest
final class ArchivesTest {
    private static final String NONE = "none\n";
    private static final String PLAIN = "archive\n";
    private static final String WITH_QUEUES = "archive with queues\n";

    @TempDir
    private static Path jars;

    private static String classPath = "";

    @TempDir
    private Path home;

    private Path archives;

    @BeforeEach
    void packTheLibrary() throws IOException {
        archives = home.resolve("multijvm").resolve("archives");
        if (classPath.isEmpty()) {
            var packed = new ArrayList<String>();
            for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
                packed.add(Files.isDirectory(Path.of(part)) ? jar(Path.of(part), packed.size()) : part);
            }
            Path first = Path.of(packed.get(0)); // a copy, as its time will be changed
            packed.set(0, Files.copy(first, jars.resolve(first.getFileName())).toString());
            classPath = String.join(File.pathSeparator, packed);
        }
    }

    @Test
    void run_afterAFirstRun_childrenAndSparesUseAnArchive() throws Exception {
        assertThat(run("spawn")).isEqualTo(NONE);
        awaitMade();

        assertThat(run("spawn")).isEqualTo(PLAIN);
        assertThat(run("forkserver")).isEqualTo(PLAIN);
        assertThat(run("grandchild")).isEqualTo(PLAIN);
        assertThat(run("foreign")).isEqualTo(NONE);
        assertThat(archives.toFile().list()).hasSize(3);
    }

    @Test
    void run_withQueues_archiveHoldsWhatTheyNeed() throws Exception {
        assertThat(run("queue")).isEqualTo(NONE);
        awaitMade();

        assertThat(run("queue")).isEqualTo(WITH_QUEUES);
        assertThat(run("spawn")).isEqualTo(PLAIN);
    }

    @Test
    void run_archiveIsDamaged_isNotUsed() throws Exception {
        haveOneMade();
        Path archive = made(".jsa");
        Path info = made(".info");
        FileTime time = Files.getLastModifiedTime(archive);

        assertThat(archive.toFile().setWritable(true)).isTrue();
        try (var file = new RandomAccessFile(archive.toFile(), "rw")) {
            long whole = file.length();
            file.setLength(whole / 2);
            Files.setLastModifiedTime(archive, time);
            assertThat(run("spawn", "-XX:ErrorFile=" + home.resolve("error"))).isEqualTo(NONE);
            awaitMade();
        }
        assertThat(run("spawn")).as("it is made anew").isEqualTo(PLAIN);

        String content = Files.readString(info);
        int stamp = content.indexOf("archive=");
        int[] some = {stamp + 10}; // every length is for ArchiveCacheTest
        int[] more = {0, 10, stamp / 2, stamp + 10, content.indexOf('\n', stamp)};
        for (int length : Rounds.of(some, more)) {
            Files.writeString(info, content.substring(0, length));
            try (Descriptor busy = lock()) {
                assertThat(busy.isClosed()).isFalse();
                assertThat(run("spawn"))
                        .as("%d characters of its description", length)
                        .isEqualTo(NONE);
            }
        }
        Files.delete(info);
        Files.createDirectory(info);
        assertThat(run("spawn")).isEqualTo(NONE);
        awaitIdle();
    }

    @Test
    void run_aJarHasChanged_archiveIsNotUsedAndReplaced() throws Exception {
        haveOneMade();
        Path old = made(".jsa");
        Path jar = Path.of(classPath.split(File.pathSeparator)[0]);
        FileTime time = Files.getLastModifiedTime(jar);
        try {
            Files.setLastModifiedTime(jar, FileTime.fromMillis(time.toMillis() - 10_000));

            assertThat(run("spawn")).isEqualTo(NONE);
            awaitMade();
            assertThat(run("spawn")).isEqualTo(PLAIN);
            assertThat(old).doesNotExist();
        } finally {
            Files.setLastModifiedTime(jar, time);
        }
    }

    @Test
    void run_somebodyIsMakingOne_noneIsMade() throws Exception {
        Files.createDirectories(archives);
        try (Descriptor busy = lock()) {
            assertThat(busy.isClosed()).isFalse();
            assertThat(run("spawn")).isEqualTo(NONE);
        }
        assertThat(archives.toFile().list()).containsExactly("lock");
    }

    @Test
    void run_noPlaceForArchives_goesOnWithout() throws Exception {
        Files.writeString(home.resolve("multijvm"), "not a directory");

        assertThat(run("spawn")).isEqualTo(NONE);
        assertThat(run("queue")).isEqualTo(NONE);
    }

    @Test
    void run_classesInDirectories_goesOnWithout() throws Exception {
        Path empty = Files.createDirectory(home.resolve("classes"));
        var ended = command("spawn")
                .classPath(empty + File.pathSeparator + classPath)
                .run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, NONE, ""));
        assertThat(archives).doesNotExist();
    }

    @Test
    void run_switchedOff_goesOnWithout() throws Exception {
        assertThat(run("spawn", "-Dmultijvm.archives=off")).isEqualTo(NONE);

        assertThat(archives).doesNotExist();
    }

    private String run(String what, String... flags) throws InterruptedException {
        var ended = command(what).flags(flags).run();

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.exitCode()).isZero();
        return ended.stdout();
    }

    private ChildJvmCommand command(String what) {
        return ChildJvm.of(Program.class)
                .classPath(classPath)
                .makingArchivesAtOnce(home)
                .environment("XDG_CACHE_HOME", home.toString())
                .arguments(what);
    }

    /** Provides the archive that a first run leaves, without queues. All tests but the first get a copy. */
    private void haveOneMade() throws IOException, InterruptedException {
        Path copies = jars.resolve("archives");
        if (Files.notExists(copies)) {
            run("spawn");
            awaitMade();
            copy(archives, copies);
        } else {
            copy(copies, archives);
        }
    }

    /** Copies the files with their times, by which an archive is known. */
    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (File file : from.toFile().listFiles()) {
            Files.copy(file.toPath(), to.resolve(file.getName()), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private void awaitMade() {
        awaitIdle();
        assertThat(made(".info")).isRegularFile();
    }

    private void awaitIdle() {
        Awaitility.await().atMost(Duration.ofSeconds(50)).until(() -> {
            try (Descriptor lock = Descriptor.openToLook(archives.resolve("lock"))) {
                return !lock.isLockedElsewhere();
            }
        });
    }

    private Descriptor lock() throws IOException {
        awaitIdleIfThere();
        return Descriptor.openLockedAlone(archives.resolve("lock"));
    }

    private void awaitIdleIfThere() {
        if (Files.exists(archives.resolve("lock"))) {
            awaitIdle();
        }
    }

    /** Of two, the one without queues. */
    private Path made(String suffix) {
        File[] files = archives.toFile().listFiles((directory, name) -> name.endsWith(suffix));
        return Stream.of(files)
                .map(File::toPath)
                .min((a, b) ->
                        Integer.compare(a.toString().length(), b.toString().length()))
                .orElseThrow();
    }

    private static String jar(Path directory, int number) throws IOException {
        Path jar = jars.resolve("part-" + number + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file);
                Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(directory.relativize(each).toString()));
                Files.copy(each, out);
            }
        }
        return jar.toString();
    }

    /** Prints what archive its child has mapped. */
    static final class Program {
        public static void main(String[] args) throws Exception {
            switch (args[0]) {
                case "spawn" -> inChild(StartMethod.SPAWN, JvmOptions.defaults(), Program::report);
                case "foreign" ->
                    inChild(StartMethod.SPAWN, JvmOptions.defaults().jvmArguments("-Xshare:auto"), Program::report);
                case "grandchild" ->
                    inChild(
                            StartMethod.SPAWN,
                            JvmOptions.defaults(),
                            () -> inChild(StartMethod.SPAWN, JvmOptions.defaults(), Program::report));
                case "forkserver" -> {
                    if (!MultiJvm.getContext(StartMethod.FORKSERVER).awaitWarm(1, Duration.ofSeconds(30))) {
                        throw new IllegalStateException("no spare");
                    }
                    inChild(StartMethod.FORKSERVER, JvmOptions.defaults(), Program::report);
                }
                case "queue" -> {
                    ProcessQueue<Integer> queue = MultiJvm.queue();
                    queue.put(1);
                    inChild(StartMethod.SPAWN, JvmOptions.defaults(), Program::report);
                    queue.take();
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
        }

        private static void inChild(StartMethod method, JvmOptions options, Target target) throws InterruptedException {
            try (JvmProcess process =
                    MultiJvm.getContext(method).process(target).options(options)) {
                process.start();
                process.joinOrThrow();
            }
        }

        private static void report() throws IOException {
            List<String> mapped = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.contains("multijvm/archives/"))
                    .toList();
            boolean queues = mapped.stream().anyMatch(line -> line.contains("-queues"));
            System.out.println(mapped.isEmpty() ? "none" : queues ? "archive with queues" : "archive");
        }
    }
}
