package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ForkTest
@JdkTest
final class NativeLibraryTest {
    private static final ChildJvm.Ended SILENT_SUCCESS = new ChildJvm.Ended(0, "ok\n", "");

    @TempDir
    private Path directory;

    @Test
    void bind_runAfterRun_usesTheCacheUnlessItIsCutShortOrOutOfDate() throws Exception {
        var cache = directory.resolve("not").resolve("there");
        ChildJvm.Ended first = firstCall(cache);
        assertThat(first).isEqualTo(SILENT_SUCCESS);
        List<Path> cached = files(cache);
        assertThat(cached).hasSize(2);
        Path library = cached.get(0);
        Path paths = cached.get(1);
        assertThat(library).asString().endsWith(".so");
        assertThat(paths).hasFileName("library-paths");
        var made = Files.getAttribute(library, "unix:ctime");
        long size = Files.size(library);
        String stampAndPaths = Files.readString(paths);
        String stamp = stampAndPaths.substring(0, stampAndPaths.indexOf('\n') + 1);
        String found = stampAndPaths.substring(stamp.length());
        assertThat(found).isNotEmpty();

        assertThat(pathsOf(cache)).as("the second run").isEqualTo(found);
        assertThat(files(cache)).isEqualTo(cached);
        assertThat(Files.getAttribute(library, "unix:ctime")).isEqualTo(made);

        Files.write(library, new byte[100]);
        Files.writeString(paths, stamp + "/some/where");
        assertThat(pathsOf(cache)).as("as cached").isEqualTo("/some/where");
        assertThat(library).as("no longer cut short").hasSize(size);

        Files.writeString(paths, "1 " + stamp + "/some/where");
        assertThat(pathsOf(cache)).as("found anew").isEqualTo(found);
        assertThat(paths).hasContent(stampAndPaths);
    }

    private static String pathsOf(Path cache) throws InterruptedException {
        ChildJvm.Ended ended = ChildJvm.of(Paths.class)
                .environment("XDG_CACHE_HOME", cache.toString())
                .run();
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.stderr()).isEmpty();
        return ended.stdout().strip();
    }

    /** Prints where JNA looks for libraries. */
    static final class Paths {
        @SuppressWarnings("SystemOut")
        public static void main(String[] args) {
            ProcessControl.group();
            System.out.println(System.getProperty("jna.platform.library.path"));
        }
    }

    @Test
    void bind_manyAtOnce_leaveOneWholeFile() throws Exception {
        try (var first = start(directory);
                var second = start(directory);
                var third = start(directory)) {
            for (var child : List.of(first, second, third)) {
                assertThat(child.awaitExit()).isZero();
                assertThat(child.stdout()).isEqualTo("ok\n");
            }
        }
        assertThat(files(directory)).hasSize(2);
    }

    @Test
    void bind_cacheCannotBeMade_worksWithoutIt() throws Exception {
        Path inTheWay = Files.writeString(directory.resolve("file"), "x");

        assertThat(firstCall(inTheWay)).isEqualTo(SILENT_SUCCESS);
        assertThat(firstCall(Path.of("/proc/self"))).isEqualTo(SILENT_SUCCESS);
    }

    @Test
    void bind_cacheIsReadOnly_worksWithoutIt() throws Exception {
        Path readOnly = Files.createDirectory(directory.resolve("multijvm"));
        assertThat(readOnly.toFile().setWritable(false)).isTrue();

        assertThat(firstCall(directory)).isEqualTo(SILENT_SUCCESS);
    }

    @Test
    void cacheDirectory_noneNamed_isInTheHome() throws Exception {
        var ended = ChildJvm.of(FirstCall.class)
                .environment("XDG_CACHE_HOME", null)
                .environment("HOME", directory.toString())
                .run();

        assertThat(ended).isEqualTo(SILENT_SUCCESS);
        assertThat(directory.resolve(".cache").resolve("multijvm")).isNotEmptyDirectory();
    }

    @Test
    void cacheDirectory_theLocaleCannotSpellIt_worksWithoutIt() throws Exception {
        var home = Files.createDirectory(directory.resolve("höme"));
        var ended = ChildJvm.of(FirstCall.class)
                .flags("-Duser.home=?")
                .environment("LC_ALL", "C")
                .environment("XDG_CACHE_HOME", null)
                .environment("HOME", home.toString())
                .directory(directory)
                .run();

        assertThat(ended).isEqualTo(SILENT_SUCCESS);
        assertThat(home).isEmptyDirectory();
    }

    /** As for a user of a container whom its password file does not know. */
    @Test
    void cacheDirectory_userHasNoHome_leavesNothingInTheWorkingDirectory() throws Exception {
        var ended = ChildJvm.of(FirstCall.class)
                .flags("-Duser.home=?")
                .environment("XDG_CACHE_HOME", null)
                .environment("HOME", null)
                .directory(directory)
                .run();

        assertThat(ended).isEqualTo(SILENT_SUCCESS);
        assertThat(directory).isEmptyDirectory();
    }

    private static ChildJvm.Ended firstCall(Path cache) throws InterruptedException {
        return ChildJvm.of(FirstCall.class)
                .environment("XDG_CACHE_HOME", cache.toString())
                .run();
    }

    private static ChildJvm start(Path cache) {
        return ChildJvm.of(FirstCall.class)
                .environment("XDG_CACHE_HOME", cache.toString())
                .start();
    }

    private static List<Path> files(Path cache) throws IOException {
        try (Stream<Path> all = Files.walk(cache)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static final class FirstCall {
        @SuppressWarnings("SystemOut")
        public static void main(String[] args) {
            System.out.println(ProcessControl.group() > 0 ? "ok" : "no process group");
        }
    }
}
