package io.multijvm.contract;

import static io.multijvm.contract.Answers.answer;
import static io.multijvm.contract.Answers.underWay;
import static io.multijvm.contract.Answers.waitForEver;
import static io.multijvm.contract.Answers.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ParentProcess;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Parents, children and grandchildren. */
public interface FamilyContract {
    Context context();

    /** A parent as its child sees it. */
    record Parent(long pid, String name, boolean alive) implements Serializable {
        static Parent here() {
            ParentProcess parent = MultiJvm.parentProcess().orElseThrow();
            return new Parent(parent.pid(), parent.name(), parent.isAlive());
        }
    }

    @Test
    @Conforms("_TestProcess.test_parent_process_attributes")
    default void parentProcess_inAChild_isTheStarter() throws IOException, InterruptedException {
        assertThat(MultiJvm.parentProcess()).isEmpty();
        assertThat(answer(context(), Parent::here))
                .isEqualTo(new Parent(ProcessHandle.current().pid(), "MainProcess", true));
    }

    @Test
    @EveryStartMethod
    default void parentProcess_inAGrandchild_isTheChild() throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess child = context().process("middle", () -> {
                JvmProcess grandchild = MultiJvm.process(() -> writer.send(List.of(
                        Parent.here(),
                        MultiJvm.currentProcess().name(),
                        MultiJvm.currentProcess().identity())));
                grandchild.start();
                grandchild.join();
            });
            child.start();
            writer.close();

            var identity = new ArrayList<>(child.identity());
            identity.add(1);
            assertThat(pipe.reader().recv())
                    .isEqualTo(List.of(
                            new Parent(child.pid(), "middle", true),
                            "Process-" + child.identity().get(0) + ":1",
                            identity));
            child.join();
            assertThat(child.exitCode()).isZero();
        }
    }

    /* Python's row ends the parent with SIGTERM. Ours then ends its children in order, so here it takes SIGKILL. */
    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_parent_process")
    default void parentProcess_killed_isSeenByTheGrandchild() throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess middle = underWay(context(), () -> {
                MultiJvm.process(() -> reportParent(writer)).start();
                writer.close();
                return waitForEver();
            });
            writer.close();

            assertThat(pipe.reader().recv()).isEqualTo(new Parent(middle.pid(), middle.name(), true));
            middle.kill();

            assertThat(pipe.reader().recv()).isEqualTo("it has ended: true");
            assertThat(pipe.reader().recv()).isEqualTo(new Parent(middle.pid(), middle.name(), false));
        }
    }

    private static void reportParent(Connection writer) throws IOException, InterruptedException {
        writer.send(Parent.here());
        boolean ended = MultiJvm.parentProcess().orElseThrow().join(Duration.ofSeconds(30));
        writer.send("it has ended: " + ended);
        writer.send(Parent.here());
    }

    @Test
    @EveryStartMethod
    default void terminate_processWithAChild_endsBoth() throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess middle = underWay(context(), () -> {
                JvmProcess grandchild = MultiJvm.process(Answers::waitForEver);
                grandchild.start();
                writer.send(grandchild.pid());
                return waitForEver();
            });
            writer.close();
            ProcessHandle grandchild =
                    ProcessHandle.of(pipe.reader().recv(Long.class)).orElseThrow();

            middle.terminate();
            middle.join();

            assertThat(middle.exitCode()).isEqualTo(-15);
            Awaitility.await().until(() -> !grandchild.isAlive());
        }
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_daemon_argument")
    default void daemon_unset_isInherited() throws IOException, InterruptedException {
        assertThat(context().process(() -> {}).isDaemon()).isFalse();
        assertThat(context().process(() -> {}).daemon(true).isDaemon()).isTrue();
        assertThat(context().process(() -> {}).daemon(true).daemon(false).isDaemon())
                .isFalse();
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess daemon = context()
                    .process(() -> writer.send(List.of(
                            MultiJvm.currentProcess().isDaemon(),
                            MultiJvm.process(() -> {}).isDaemon(),
                            MultiJvm.process(() -> {}).daemon(false).isDaemon())))
                    .daemon(true);
            daemon.start();

            assertThat(pipe.reader().recv()).isEqualTo(List.of(true, true, false));
            daemon.join();
        }
    }

    @Test
    default void start_inADaemon_isRefused() throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess daemon = context()
                    .process(() -> {
                        try {
                            MultiJvm.process(() -> {}).start();
                        } catch (IllegalStateException e) {
                            writer.send(e.getMessage());
                        }
                    })
                    .daemon(true);
            daemon.start();

            assertThat(pipe.reader().recv()).isEqualTo("daemonic processes are not allowed to have children");
            daemon.join();
            assertThat(daemon.exitCode()).isZero();
        }
    }

    @Test
    default void currentProcess_waitedForOrClosed_isRefused() {
        JvmProcess self = MultiJvm.currentProcess();

        assertThatIllegalStateException().isThrownBy(self::join).withMessageContaining("not a child");
        assertThatIllegalStateException().isThrownBy(self::start);
        assertThatIllegalStateException().isThrownBy(self::kill).withMessageContaining("not a child");
        assertThatIllegalStateException().isThrownBy(self::close);
        assertThat(self.isAlive()).isTrue();
        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(self.exitCode()).isNull();
    }

    @Test
    default void activeChildren_severalProcesses_areTheLivingOnes() throws IOException, InterruptedException {
        JvmProcess first = waiting(context());
        JvmProcess second = waiting(context());

        assertThat(MultiJvm.activeChildren()).contains(first, second);
        first.kill();
        assertThat(MultiJvm.activeChildren()).contains(second).doesNotContain(first);
        second.kill();
        assertThat(MultiJvm.activeChildren()).doesNotContain(first, second);
        assertThat(answer(context(), () -> MultiJvm.activeChildren().size())).isZero();
    }

    @Test
    default void activeChildren_oneThatIsSeenToHaveEnded_isNotAmongThem() {
        for (int i = 0; i < 6; i++) {
            JvmProcess process = context().process(() -> {});
            process.start();
            while (process.isAlive()) {
                Thread.onSpinWait();
            }
            assertThat(MultiJvm.activeChildren()).doesNotContain(process);
        }
    }

    @Test
    @EveryStartMethod
    default void authKey_ofTheProcess_goesToItsChildren() throws IOException, InterruptedException {
        byte[] own = {1, 2, 3};
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess process = context().process(() -> {
                JvmProcess self = MultiJvm.currentProcess();
                byte[] inherited = MultiJvm.process(() -> {}).authKey();
                self.authKey(new byte[] {4});
                byte[] changed = MultiJvm.process(() -> {}).authKey();
                writer.send(List.of(self.authKey()[0], inherited.length, changed[0]));
            });
            process.authKey(own);
            process.start();

            assertThat(pipe.reader().recv()).isEqualTo(List.of((byte) 4, 3, (byte) 4));
            process.join();
        }
        assertThat(MultiJvm.currentProcess().authKey()).hasSize(32);
    }

    @Test
    @Conforms("_TestProcess.test_recursion")
    default void start_recursively_sendsPathsInDepthFirstOrder() throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess root = context().process(() -> descend(writer, List.of()));
            root.start();
            writer.close();

            var paths = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                paths.add(pipe.reader().recv());
            }
            root.join();

            assertThat(paths)
                    .isEqualTo(List.of(
                            List.of(),
                            List.of(0),
                            List.of(0, 0),
                            List.of(0, 1),
                            List.of(1),
                            List.of(1, 0),
                            List.of(1, 1)));
        }
    }

    private static void descend(Connection writer, List<Integer> path) throws IOException, InterruptedException {
        writer.send(path);
        for (int i = 0; path.size() < 2 && i < 2; i++) {
            var below = new ArrayList<>(path);
            below.add(i);
            JvmProcess child = MultiJvm.process(() -> descend(writer, below));
            child.start();
            child.joinOrThrow();
        }
    }

    @Test
    @Conforms("TestStartMethod.test_nested_startmethod")
    default void start_connectionHandedOn_bringsBothValues() throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess child = context().process(() -> {
                JvmProcess grandchild = MultiJvm.process(() -> writer.send(2));
                grandchild.start();
                writer.send(1);
                grandchild.joinOrThrow();
            });
            child.start();

            assertThat(List.of(pipe.reader().recv(), pipe.reader().recv())).containsExactlyInAnyOrder(1, 2);
            child.join();
            assertThat(child.exitCode()).isZero();
        }
    }

    @Test
    @EveryStartMethod
    @Conforms("TestStartMethod.test_context")
    default void getStartMethod_inAChild_isTheContexts() throws IOException, InterruptedException {
        StartMethod method = context().getStartMethod();

        assertThat(context().getContext()).isSameAs(context());
        assertThatIllegalStateException().isThrownBy(() -> context().setStartMethod(StartMethod.SPAWN));
        assertThatIllegalStateException().isThrownBy(() -> context().setStartMethod(StartMethod.SPAWN, true));
        assertThat(answer(context(), MultiJvm::getStartMethod)).isEqualTo(method);
        assertThat(context().getStartMethod()).isEqualTo(method);
    }

    @Test
    @Conforms("_TestProcess.test_cpu_count")
    default void cpuCount_here_isWhatTheJvmMayUse() throws IOException, InterruptedException {
        assertThat(context().cpuCount())
                .isPositive()
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(answer(context(), MultiJvm::cpuCount)).isEqualTo(context().cpuCount());
    }
}
