package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The processes and the run directory of a program in a JVM of its own, so that one can see them gone. */
public final class FamilyWatch {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<ProcessHandle> processes;
    private final List<Path> directories;

    private FamilyWatch(List<ProcessHandle> processes, List<Path> directories) {
        this.processes = processes;
        this.directories = directories;
    }

    /** The family of {@code program} as it is when {@code ready} of it have said "ready" in a line of their own. */
    public static FamilyWatch of(ChildJvm program, int ready) throws IOException {
        program.awaitStdout(
                text -> text.lines().filter(line -> line.startsWith("ready")).count() >= ready);
        var processes = new ArrayList<>(program.descendants());
        processes.add(program.handle());
        try (Stream<Path> entries = Files.list(RunDirectory.base())) {
            String owner = "-" + program.pid() + "-";
            var directories = entries.filter(entry -> {
                        String name = entry.getFileName().toString();
                        return name.startsWith("multijvm-") && name.contains(owner);
                    })
                    .toList();
            assertThat(directories).hasSize(1);
            return new FamilyWatch(processes, directories);
        }
    }

    public List<ProcessHandle> processes() {
        return processes;
    }

    public List<ProcessHandle> guardians() {
        return processes.stream()
                .filter(process -> Proc.read(process.pid(), "cmdline").contains("\0multijvm-guardian\0"))
                .toList();
    }

    /** Waits until nothing is left of the family; returns how long that took. */
    public Duration awaitGone() {
        long start = System.nanoTime();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(left()).isEmpty());
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private List<String> left() {
        return Stream.concat(
                        processes.stream()
                                .filter(FamilyWatch::isRunning)
                                .map(process -> process.pid() + " " + Proc.read(process.pid(), "cmdline")),
                        directories.stream().filter(Files::exists).map(Path::toString))
                .toList();
    }

    /** Whether it is more than an entry that nobody has waited for. */
    public static boolean isRunning(ProcessHandle process) {
        String stat = Proc.read(process.pid(), "stat");
        return process.isAlive()
                && !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
    }
}
