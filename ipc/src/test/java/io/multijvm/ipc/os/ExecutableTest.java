package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Bytes;
import io.multijvm.ipc.OpenFiles;
import io.multijvm.testkit.JdkTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way without {@code posix_spawn_file_actions_addclosefrom_np}, on glibc before 2.34, cannot be chosen here. */
@JdkTest
final class ExecutableTest {
    private static final Map<String, String> PATH = Map.of("PATH", System.getenv("PATH"));

    @TempDir
    private Path directory;

    @Test
    void spawn_program_getsArgumentsAsTheyAre() throws IOException {
        Descriptor[] out = Descriptor.pipe();
        try (Descriptor devNull = Descriptor.devNull();
                Descriptor stdout = out[1]) {
            var executable = new Executable(
                    List.of("/bin/sh", "-c", "printf '[%s]' \"$@\"", "name", "a b", "", "ä€", "$HOME \"'"),
                    PATH,
                    null,
                    List.of(devNull, stdout, stdout),
                    0);
            reap(executable.spawn());
        }

        try (Descriptor stdout = out[0]) {
            assertThat(new String(Bytes.readAll(stdout), StandardCharsets.UTF_8))
                    .isEqualTo("[a b][][ä€][$HOME \"']");
        }
    }

    @Test
    void spawn_environment_isExactlyTheOneGiven() throws IOException {
        var environment = Map.of("A", "1 = 1", "EMPTY", "", "UMLAUT", "ö");
        try (var program = Program.start("exec /usr/bin/env", environment, null, 0)) {
            // The shell itself adds where it is.
            assertThat(program.output().lines().filter(line -> !line.startsWith("PWD=")))
                    .containsExactlyInAnyOrder("A=1 = 1", "EMPTY=", "UMLAUT=ö");
        }
    }

    @Test
    void spawn_directory_isWhereTheProgramRuns() throws IOException {
        try (var program = Program.start("pwd -P", PATH, directory, 0)) {
            assertThat(program.output()).isEqualTo(directory.toRealPath() + "\n");
        }
    }

    @Test
    void spawn_noDirectory_runsWhereWeAre() throws IOException {
        try (var program = Program.start("pwd -P")) {
            assertThat(program.output()).isEqualTo(Path.of("").toRealPath() + "\n");
        }
    }

    @Test
    void spawn_noSuchProgram_namesItAndTheError() throws IOException {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> spawn(missing.toString(), null))
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.isMissing()).isTrue())
                .hasMessageContaining("cannot run " + missing)
                .hasMessageContaining("ENOENT");
    }

    @Test
    void spawn_fileThatIsNoProgram_namesItAndTheError() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "no program");

        assertThatThrownBy(() -> spawn(text.toString(), null))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining(text.toString())
                .hasMessageContaining("EACCES");
        assertThat(text.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> spawn(text.toString(), null)).hasMessageContaining("ENOEXEC");
    }

    @Test
    void spawn_noSuchDirectory_namesIt() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> spawn("/bin/sh", missing))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining(" in " + missing);
    }

    @Test
    void spawn_argumentsTooLong_saysSo() {
        assertThatThrownBy(() -> spawn("/bin/sh", null, "x".repeat(10_000_000)))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining("E2BIG");
    }

    @Test
    void spawn_descriptors_areThoseOfTheProgramAndNoOthers() throws IOException {
        Path three = directory.resolve("three");
        Path four = directory.resolve("four");
        try (Descriptor third = Descriptor.openForWriting(three, false);
                Descriptor fourth = Descriptor.openForWriting(four, false);
                Descriptor devNull = Descriptor.devNull();
                Descriptor inherited = Descriptor.devNull()) {
            devNull.duplicateOnto(inherited.number()); // which closes no more on exec
            try (var program = Program.start("echo 3 >&3; echo 4 >&4; exec ls /proc/self/fd", third, fourth)) {
                // The last one is the listing itself.
                assertThat(program.output().lines()).containsExactly("0", "1", "2", "3", "4", "5");
                assertThat(program.end()).isEqualTo(ExitStatus.exited(0));
                assertThat(OpenFiles.isOpen(inherited.number())).isTrue();
            }
        }

        assertThat(three).hasContent("3");
        assertThat(four).hasContent("4");
    }

    @Test
    void spawn_moreDescriptorsThanTheLowestNumber_handsDownTheRightOnes() throws IOException {
        int count = 100;
        var files = new ArrayList<Path>();
        var opened = new ArrayList<Descriptor>();
        try {
            for (int i = 0; i < count; i++) {
                files.add(Files.writeString(directory.resolve("f" + i), "file " + i));
                // In falling order, so that some number is overwritten before it is its turn.
                opened.add(0, Descriptor.openForWriting(files.get(i), true));
            }
            var script = "for i in $(seq 3 " + (count + 2) + "); do readlink /proc/$$/fd/$i; done";
            try (var program = Program.start(script, opened.toArray(new Descriptor[0]))) {
                var expected = new ArrayList<String>();
                for (int i = count - 1; i >= 0; i--) {
                    expected.add(files.get(i).toRealPath().toString());
                }
                assertThat(program.output().lines()).containsExactlyElementsOf(expected);
            }
        } finally {
            opened.forEach(Descriptor::close);
        }
    }

    @Test
    void spawn_closedDescriptor_isRefusedAndTheOthersAreFree() throws IOException {
        Descriptor open = Descriptor.devNull();
        Descriptor closed = Descriptor.devNull();
        closed.close();
        var executable = new Executable(List.of("/bin/true"), PATH, null, List.of(open, open, open, closed), 0);

        assertThatThrownBy(executable::spawn).isInstanceOf(IOException.class);

        open.close();
        assertThat(OpenFiles.isOpen(open.number())).isFalse();
    }

    @Test
    void spawn_groupZero_leadsAGroupOfItsOwn() throws IOException {
        try (var program = Program.start("cut -d ' ' -f 5 /proc/$$/stat")) {
            assertThat(program.output()).isEqualTo(program.pid() + "\n");
        }
    }

    @Test
    void spawn_group_joinsIt() throws IOException {
        try (var program = Program.start("cut -d ' ' -f 5 /proc/$$/stat", PATH, null, ProcessControl.group())) {
            assertThat(program.output()).isEqualTo(ProcessControl.group() + "\n");
        }
    }

    @Test
    void spawn_fromAJvm_startsWithNoSignalBlockedOrIgnored() throws IOException {
        try (var program = Program.start("grep -E '^Sig(Blk|Ign)' /proc/self/status")) {
            assertThat(program.output().lines())
                    .containsExactly("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000");
        }
    }

    private static int spawn(String program, Path in, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        try (Descriptor devNull = Descriptor.devNull()) {
            return new Executable(command, PATH, in, List.of(devNull, devNull, devNull), 0).spawn();
        }
    }

    private static void reap(int pid) throws IOException {
        try (Descriptor watch = ProcessControl.watch(pid)) {
            watch.awaitReadable(io.multijvm.ipc.Deadline.never());
        }
        ExitStatus.reap(pid);
    }
}
