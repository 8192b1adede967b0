package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ChildJvmCommand;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kill -9} of the parent in the middle of a sample: its whole family goes, and its run directory. */
@ForkTest
final class KilledParentTest {
    private static final String MARK = "MULTIJVM_TEST_FAMILY";
    private static final Path BASE = RunDirectory.base();
    private static final Duration GRACE = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "proc-hello, 'goes on while'",
        "proc-many, 'hello bob'",
        "proc-active-children, 'active: 8'",
        "proc-pingpong, 'Ping'",
        "proc-daemon, 'daemon: I am alive'",
        "proc-daemon-mixed, '456'",
        "proc-terminate, 'child says'",
        "proc-exitcode, 'running: null'",
        "start-forkserver, 'child '",
    })
    void kill9_middleOfSample_leavesNothing(String id, String middle) {
        killIn(middle, ChildJvm.of(Catalog.find(id).orElseThrow().main()));
    }

    @Test
    void kill9_workersCounting_leavesNothing() throws IOException {
        WordCountTest.makeLongWork(directory, 100);

        killIn(" begins", ChildJvm.of(WordCount.class).arguments(directory.toString()));
    }

    private static void killIn(String middle, ChildJvmCommand command) {
        var mark = UUID.randomUUID().toString();
        try (var parent = command.environment(MARK, mark).start()) {
            parent.awaitStdout(out -> out.contains(middle));
            Awaitility.await().until(() -> family(mark).size() > 1);
            var directories = runDirectoriesOf(parent.pid());
            assertThat(directories).isNotEmpty();

            parent.handle().destroyForcibly();

            Awaitility.await().atMost(GRACE).untilAsserted(() -> {
                assertThat(family(mark)).isEmpty();
                assertThat(directories).noneMatch(Files::exists);
            });
        }
    }

    /** The command lines of the living processes that inherited {@code mark}; one that has ended shows no variables. */
    private static List<String> family(String mark) {
        return ProcessHandle.allProcesses()
                .filter(process -> read(process, "environ").contains(MARK + "=" + mark))
                .map(process ->
                        "pid " + process.pid() + ": " + read(process, "cmdline").replace('\0', ' '))
                .toList();
    }

    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // gone, or another user's
        }
    }

    /** The run directories in which the process has a file open. */
    private static Set<Path> runDirectoriesOf(long pid) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return descriptors
                    .map(KilledParentTest::target)
                    .filter(file -> file.startsWith(BASE) && file.getNameCount() > BASE.getNameCount())
                    .map(file -> BASE.resolve(file.getName(BASE.getNameCount())))
                    .filter(directory -> directory.getFileName().toString().startsWith("multijvm-"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new AssertionError("descriptors of pid " + pid, e);
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return link; // closed meanwhile
        }
    }
}
