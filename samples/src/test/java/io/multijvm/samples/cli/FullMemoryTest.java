package io.multijvm.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ChildJvmCommand;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Samples in a container's {@code /dev/shm}, which has 64 MB, when most or all of it is taken. */
@ForkTest
final class FullMemoryTest {
    private static final List<String> OWN_MOUNTS = List.of("unshare", "--user", "--map-root-user", "--mount", "--");

    /** Takes {@code $1} KiB, then becomes the rest of the command. */
    private static final String FILLED = "mount -t tmpfs -o size=64m,mode=1777 tmpfs /dev/shm"
            + " && head -c \"$1\"k /dev/zero >/dev/shm/taken && shift && exec \"$@\"";

    private static final int ALL = 64 * 1024;

    @Test
    void queue_noRoomForASegment_isOnDisk() throws Exception {
        var ended = sample(ALL - 136, "queue-sentinel-1").run();

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout()).contains("left in the queue: 0");
    }

    @Test
    void pool_noRoomForItsWorkers_saysSo() throws Exception {
        var ended = sample(ALL - 136, "wordcount", "pom.xml").run();

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.stderr()).startsWith("wordcount: pool").contains("/dev/shm/", "no room for ", " are left");
    }

    @Test
    void process_noRoomAtAll_saysSo() throws Exception {
        var ended = sample(ALL, "proc-hello").run();

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.stderr()).contains("cannot make a run directory in /dev/shm: ", "ENOSPC");
    }

    @Test
    void doctor_littleRoom_saysSo() throws Exception {
        assertThat(commandLine(ALL - 1024, "doctor").run().stdout())
                .contains("little room in /dev/shm: 1.0 MiB")
                .endsWith("MultiJVM can work here.\n");
    }

    private static ChildJvmCommand sample(int taken, String... idAndArguments) throws Exception {
        var arguments = new ArrayList<>(List.of("sample"));
        arguments.addAll(List.of(idAndArguments));
        return commandLine(taken, arguments.toArray(String[]::new));
    }

    private static ChildJvmCommand commandLine(int taken, String... arguments) throws Exception {
        assumeTrue(mayMount(), "mounts of its own need user namespaces");
        var starter = starter(taken);
        return ChildJvm.of(Main.class)
                .startedBy(starter.toArray(String[]::new))
                .flags("-Dmultijvm.run.directory=/dev/shm")
                .arguments(arguments);
    }

    private static List<String> starter(int taken) {
        var command = new ArrayList<>(OWN_MOUNTS);
        command.addAll(List.of("/bin/sh", "-c", FILLED, "sh", Integer.toString(taken)));
        return command;
    }

    private static boolean mayMount() throws IOException, InterruptedException {
        var command = starter(0);
        command.add("true");
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
