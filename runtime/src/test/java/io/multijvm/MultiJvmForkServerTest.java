package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.connection.Connection;
import io.multijvm.contract.Answers;
import io.multijvm.contract.Waits;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.socket.AuthenticationException;
import io.multijvm.ipc.socket.Handshake;
import io.multijvm.ipc.socket.MessageSocket;
import io.multijvm.launcher.Family;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.Rounds;
import io.multijvm.testkit.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The family's fork server in good days and bad. */
@ForkTest
final class MultiJvmForkServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private final Context context = MultiJvm.getContext(StartMethod.FORKSERVER);

    @ParameterizedTest
    @ValueSource(strings = {"INT", "KILL", "TERM"})
    @Conforms({"_TestProcess.test_forkserver_sigint", "_TestProcess.test_forkserver_sigkill"})
    void signal_toTheServer_harmsNobodyAndItIsRelaunched(String signal) throws IOException, InterruptedException {
        assertThat(context.awaitWarm(1, PATIENCE)).isTrue();
        try (var pipe = context.pipe()) {
            Connection theirs = pipe.second();
            JvmProcess running = context.process(() -> {
                theirs.send("running");
                theirs.recv();
                System.exit(5);
            });
            running.start();
            assertThat(pipe.first().recv()).isEqualTo("running");
            long server = ProcessContext.forkServerPid().orElseThrow();
            assertThat(parentOf(running)).isEqualTo(server);

            Signals.send(signal, server);
            ProcessHandle.of(server).ifPresent(handle -> handle.onExit().join());

            assertThat(running.isAlive()).isTrue();
            assertThat(Answers.<String>answer(context, () -> "next")).isEqualTo("next");
            assertThat(context.awaitWarm(1, PATIENCE)).isTrue();
            assertThat(ProcessContext.forkServerPid().orElseThrow()).isNotEqualTo(server);
            JvmProcess later = Answers.waiting(context);
            assertThat(parentOf(later)).isEqualTo(ProcessContext.forkServerPid().orElseThrow());
            later.terminate();
            later.join();
            assertThat(later.exitCode()).isEqualTo(-15);

            pipe.first().send("end");
            running.join();
            assertThat(running.exitCode()).isIn(5, 255); // 255: its status is lost with the server
        }
    }

    private static long parentOf(JvmProcess process) {
        return process.toHandle().parent().orElseThrow().pid();
    }

    /** The server ends in order, so that no guardian kills the spares it has handed over. */
    @Test
    void serverEnds_sparesOfOtherKindsOfJvm_endWithIt() throws IOException, InterruptedException {
        var otherKind = JvmOptions.defaults().heap("40m");
        assertThat(context.awaitWarm(1, PATIENCE)).isTrue();
        Answers.<Integer>answer(context, otherKind, () -> 1);
        Answers.<Integer>answer(context, otherKind, () -> 1); // the second start opens a line
        ProcessHandle server =
                ProcessHandle.of(ProcessContext.forkServerPid().orElseThrow()).orElseThrow();
        Waits.until(() -> server.children().anyMatch(MultiJvmForkServerTest::isOfOtherKind));
        List<ProcessHandle> spares =
                server.children().filter(MultiJvmForkServerTest::isOfOtherKind).toList();

        Signals.send("TERM", server.pid());
        server.onExit().join();
        assertThat(Answers.<Integer>answer(context, () -> 1)).isEqualTo(1);

        assertThat(spares).isNotEmpty();
        for (ProcessHandle spare : spares) {
            spare.onExit().join();
        }
    }

    private static boolean isOfOtherKind(ProcessHandle process) {
        return process.info().arguments().map(List::of).orElse(List.of()).contains("-Xmx40m");
    }

    @Test
    void start_inAChild_takesSparesOfTheFamilysServer() throws IOException, InterruptedException {
        assertThat(context.awaitWarm(2, PATIENCE)).isTrue();
        long server = ProcessContext.forkServerPid().orElseThrow();

        List<Long> parents = Answers.answer(context, () -> {
            MultiJvm.getContext().awaitWarm(1, PATIENCE);
            JvmProcess grandchild = Answers.waiting(MultiJvm.getContext());
            var pids =
                    List.of(parentOf(grandchild), ProcessContext.forkServerPid().orElse(0));
            grandchild.kill();
            return pids;
        });

        assertThat(parents).containsExactly(server, 0L);
    }

    @Test
    @Conforms("_TestProcess.test_forkserver_auth_is_enabled")
    void connect_withTheFamilysKey_isWelcome() throws IOException, InterruptedException {
        assertThat(context.awaitWarm(1, PATIENCE)).isTrue();
        byte[] key = Family.current().key();
        assertThat(key).hasSizeGreaterThanOrEqualTo(16);

        try (var socket = MessageSocket.connect(serversAddress())) {
            Handshake.connect(socket, key, Deadline.after(PATIENCE));
        }
        assertThat(Answers.<Integer>answer(context, () -> 1)).isEqualTo(1);
    }

    @Test
    @Conforms("_TestProcess.test_forkserver_without_auth_fails")
    void connect_withAWrongKey_isRefusedAndStartsGoOn() throws IOException, InterruptedException {
        assertThat(context.awaitWarm(1, PATIENCE)).isTrue();
        byte[] wrong = new byte[Family.current().key().length];

        try (var socket = MessageSocket.connect(serversAddress())) {
            assertThatThrownBy(() -> Handshake.connect(socket, wrong, Deadline.after(PATIENCE)))
                    .isInstanceOf(AuthenticationException.class);
        }
        assertThat(Answers.<Integer>answer(context, () -> 1)).isEqualTo(1);
    }

    private static Path serversAddress() {
        return Family.current().directory().file("forkserver.sock");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void start_manyTimes_leavesNothing(int atOnce) throws IOException, InterruptedException {
        int rounds = atOnce == 1 ? Rounds.of(12, 200) : Rounds.of(1, 4);
        run(2); // what is made once is there then
        assertThat(context.awaitWarm(2, PATIENCE)).isTrue();
        var before = Usage.now();

        for (int i = 0; i < rounds; i++) {
            run(atOnce);
        }

        assertThat(context.awaitWarm(2, PATIENCE)).isTrue();
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(Usage.now()).isEqualTo(before));
        assertThat(MultiJvm.activeChildren()).isEmpty();
    }

    private void run(int atOnce) throws InterruptedException {
        var processes = new ArrayList<JvmProcess>();
        for (int i = 0; i < atOnce; i++) {
            JvmProcess process = context.process(() -> {});
            process.start();
            processes.add(process);
        }
        for (JvmProcess process : processes) {
            process.join();
            assertThat(process.exitCode()).isZero();
            process.close();
        }
    }

    /** What this process has open, apart from what belongs to the JVM; and the family's files but those of the living. */
    record Usage(long descriptors, Set<String> threads, long files) {
        static Usage now() throws IOException {
            Path directory = Family.current().directory().path();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
                    Stream<Path> files = Files.walk(directory)) {
                var threads = Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("multijvm"))
                        .collect(Collectors.toSet());
                return new Usage(
                        descriptors.count(),
                        threads,
                        files.filter(Usage::isNobodys).count());
            }
        }

        /** A spare more or less, each with its liveness file, is no leak. */
        private static boolean isNobodys(Path file) {
            try {
                return Files.isDirectory(file) || !Descriptor.isLocked(file);
            } catch (IOException e) {
                return true;
            }
        }
    }

    @Test
    void start_spawnManyTimes_leavesNothing() throws IOException, InterruptedException {
        Context spawn = MultiJvm.getContext(StartMethod.SPAWN);
        assertThat(Answers.<Integer>answer(spawn, () -> 1)).isEqualTo(1);
        assertThat(context.awaitWarm(2, PATIENCE)).isTrue(); // no spare is on its way then
        var before = Usage.now();
        var processes = new ArrayList<JvmProcess>();
        for (int i = 0; i < Rounds.of(10, 20); i++) {
            JvmProcess process = spawn.process(() -> {});
            process.start();
            processes.add(process);
        }
        for (JvmProcess process : processes) {
            process.joinOrThrow();
        }

        assertThat(context.awaitWarm(2, PATIENCE)).isTrue();
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(Usage.now()).isEqualTo(before));
    }
}
