package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Executable;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.ProcessControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The death of the master is end-of-file on the guardian's pipe, without a word. */
final class GuardianTest {
    private static final ExitStatus KILLED = ExitStatus.killed(ProcessControl.SIGKILL);

    private final List<Integer> sleepers = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void killSleepers() throws IOException {
        for (int pid : sleepers) {
            ProcessControl.signal(pid, ProcessControl.SIGKILL);
            awaitEnd(pid);
        }
    }

    @Test
    void start_guardian_leadsAGroupOfItsOwn() throws IOException {
        Guardian guardian = guardian(null);

        int sleeper = sleeper(guardian.group());

        assertThat(group(guardian.group())).isEqualTo(guardian.group());
        assertThat(group(sleeper)).isEqualTo(guardian.group());
        assertThat(guardian.group()).isNotEqualTo(ProcessControl.group());
        guardian.dismiss();
    }

    @Test
    void master_dies_theGroupIsKilled() throws IOException {
        Guardian guardian = guardian(null);
        int first = sleeper(guardian.group());
        int second = sleeper(guardian.group());

        guardian.pipe.close();

        assertThat(awaitEnd(first)).isEqualTo(KILLED);
        assertThat(awaitEnd(second)).isEqualTo(KILLED);
        assertThat(awaitEnd(guardian.group())).isEqualTo(KILLED);
        sleepers.clear();
    }

    @Test
    void master_dies_whatIsStoppedIsKilledToo() throws IOException {
        Guardian guardian = guardian(null);
        int sleeper = sleeper(guardian.group());
        ProcessControl.signal(sleeper, ProcessControl.SIGSTOP);
        assertThat(ProcessControl.awaitStopped(sleeper, true, Deadline.after(StandIn.PATIENCE)))
                .isTrue();

        guardian.pipe.close();

        assertThat(awaitEnd(sleeper)).isEqualTo(KILLED);
        awaitEnd(guardian.group());
        sleepers.clear();
    }

    @Test
    void master_dies_otherGroupsLiveOn() throws IOException {
        Guardian guardian = guardian(null);
        int newGroup = 0;
        int stranger = sleeper(newGroup);

        guardian.pipe.close();

        awaitEnd(guardian.group());
        assertThat(isAlive(stranger)).isTrue();
    }

    @Test
    void master_dies_theDirectoryIsRemovedBeforeTheGroupIsKilled() throws IOException {
        Path run = Files.createDirectories(directory.resolve("it's a \"run\" $HOME"));
        Files.createDirectories(run.resolve("live"));
        Files.writeString(run.resolve("live/1"), "x");
        Guardian guardian = guardian(run);

        guardian.pipe.close();

        awaitEnd(guardian.group());
        assertThat(run).doesNotExist();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void master_dies_theDirectoryOnDiskGoesWithIt() throws IOException {
        Path run = Files.createDirectory(directory.resolve("run"));
        Path disk = Files.createDirectory(directory.resolve("run disk"));
        Files.writeString(disk.resolve("large"), "x");
        Files.createSymbolicLink(run.resolve("disk"), disk);
        Guardian guardian = guardian(run);

        guardian.pipe.close();

        awaitEnd(guardian.group());
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void master_saysGoodBye_nothingIsKilledOrRemoved() throws IOException {
        Path run = Files.createDirectory(directory.resolve("run"));
        Guardian guardian = guardian(run);
        int sleeper = sleeper(guardian.group());

        guardian.dismiss();

        assertThat(Path.of("/proc", Integer.toString(guardian.group()))).doesNotExist();
        assertThat(isAlive(sleeper)).isTrue();
        assertThat(run).exists();
    }

    @Test
    void dismiss_guardianIsStopped_endsIt() throws IOException {
        Guardian guardian = guardian(null);
        int sleeper = sleeper(guardian.group());
        ProcessControl.signal(guardian.group(), ProcessControl.SIGSTOP);
        assertThat(ProcessControl.awaitStopped(guardian.group(), true, Deadline.after(StandIn.PATIENCE)))
                .isTrue();

        guardian.dismiss();

        assertThat(Path.of("/proc", Integer.toString(guardian.group()))).doesNotExist();
        assertThat(isAlive(sleeper)).isTrue();
    }

    @Test
    void signals_toTheWholeGroup_doNotEndTheGuardian() throws IOException {
        Path run = Files.createDirectory(directory.resolve("run"));
        Guardian guardian = guardian(run);
        awaitTraps(guardian);
        for (int signal : new int[] {1, ProcessControl.SIGINT, 3, ProcessControl.SIGTERM, 20}) {
            ProcessControl.signal(guardian.group(), signal);
        }

        guardian.pipe.close();

        assertThat(awaitEnd(guardian.group())).isEqualTo(KILLED);
        assertThat(run).doesNotExist();
    }

    private static Guardian guardian(@Nullable Path run) throws IOException {
        return Objects.requireNonNull(Guardian.start(run));
    }

    private int sleeper(int group) throws IOException {
        try (Descriptor nowhere = Descriptor.devNull()) {
            var command = List.of("/bin/sleep", "1000");
            int pid = new Executable(command, Shells.PATH, Path.of("/"), List.of(nowhere, nowhere, nowhere), group)
                    .spawn();
            sleepers.add(pid);
            return pid;
        }
    }

    private static ExitStatus awaitEnd(int pid) throws IOException {
        try (Descriptor process = ProcessControl.watch(pid)) {
            assertThat(process.awaitReadable(Deadline.after(StandIn.PATIENCE))).isTrue();
            return ExitStatus.reap(pid);
        }
    }

    private static boolean isAlive(int pid) throws IOException {
        try (Descriptor process = ProcessControl.watch(pid)) {
            return !process.awaitReadable(Deadline.after(Duration.ZERO));
        }
    }

    private static int group(int pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Integer.parseInt(fields[2]);
    }

    /** Returns when the shell ignores the last signal of its list. */
    private static void awaitTraps(Guardian guardian) {
        long stop = 1L << (20 - 1);
        Path status = Path.of("/proc", Integer.toString(guardian.group()), "status");
        Awaitility.await()
                .atMost(StandIn.PATIENCE)
                .until(() -> Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .allMatch(line -> (Long.parseLong(line.substring(7).strip(), 16) & stop) != 0));
    }
}
