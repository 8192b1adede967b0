package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.launcher.Output;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.Fault;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.Rounds;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Real processes while something happens to the threads that look after them, in the parent and in the child. */
@ForkTest
final class ProcessFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TIMES = 3;

    @AfterEach
    void noFaults() {
        FaultPoint.inject(null);
    }

    static Stream<Arguments> join_faultInTheParent_returnsWithEverything() {
        String[] few = {"multijvm-monitor", "child-control", "child-finish"}; // all of them are in FaultsTest
        String[] all = {
            "multijvm-monitor",
            "multijvm-output",
            "child-control",
            "child-end",
            "child-finish",
            "child-watcher",
            "output-relay"
        };
        return Fault.at(Rounds.of(few, all));
    }

    @ParameterizedTest
    @MethodSource
    void join_faultInTheParent_returnsWithEverything(String place, Fault fault) throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        JvmProcess process = MultiJvm.process(() -> {
                    System.err.println("printed");
                    throw new IOException("reported");
                })
                .options(JvmOptions.defaults().stderr(Output.toLines(lines::add)));
        Fault.Injector struck = fault.at(place, TIMES);
        FaultPoint.inject(struck);

        process.start();
        var told = process.onExit();

        assertThat(process.join(PATIENCE)).isTrue();
        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(process.failure()).get().isInstanceOf(IOException.class);
        assertThat(told).succeedsWithin(PATIENCE).isSameAs(process);
        Eventually.holds(() -> lines.stream().anyMatch(line -> line.endsWith("] java.io.IOException: reported")));
        assertThat(lines.get(0)).endsWith("] printed");
        assertThat(struck.hasStruck()).isTrue();
    }

    static Stream<Arguments> join_faultInTheChild_isToldOrNothingToSeeOf() {
        return Fault.at("exception", "multijvm-parent-watcher");
    }

    @ParameterizedTest
    @MethodSource
    void join_faultInTheChild_isToldOrNothingToSeeOf(String place, Fault fault) throws Exception {
        JvmProcess process = MultiJvm.process(() -> {
            FaultPoint.inject(fault.at(place, TIMES));
            throw new IOException("reported");
        });

        process.start();

        assertThat(process.join(PATIENCE)).isTrue();
        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(process.failure())
                .get()
                .satisfies(failure -> assertThat(
                                place.equals("exception") && fault.isThrown()
                                        ? ((RemoteException) failure).type()
                                        : failure.getClass().getName())
                        .isEqualTo("java.io.IOException"));
    }

    @ParameterizedTest
    @EnumSource
    void parentGone_faultInTheChildsWatcher_childEndsAllTheSame(Fault fault) throws Exception {
        try (ChildJvm program =
                ChildJvm.of(Parent.class).arguments(fault.name()).start()) {
            long child = Long.parseLong(
                    program.awaitStdout(text -> text.endsWith("\n")).strip());

            program.signal("KILL");

            Eventually.holds(
                    () -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            Fault fault = Fault.valueOf(args[0]);
            JvmProcess process = MultiJvm.process(() -> {
                FaultPoint.inject(fault.at("multijvm-parent-watcher", TIMES));
                System.out.println(ProcessHandle.current().pid());
                new CountDownLatch(1).await();
            });
            process.start();
            process.join();
        }
    }

    static Stream<Arguments> end_faultAtTheEndOfTheProgram_allStepsAreTaken() {
        return Fault.at("multijvm-end", "exit-hook", "multijvm-monitor");
    }

    @ParameterizedTest
    @MethodSource
    void end_faultAtTheEndOfTheProgram_allStepsAreTaken(String place, Fault fault) throws Exception {
        ChildJvm.Ended ended =
                ChildJvm.of(Ending.class).arguments(place, fault.name()).run();

        assertThat(ended.exitCode()).as(ended.stderr()).isZero();
        assertThat(ended.stdout()).as(ended.stderr()).contains("child").contains("last hook");
    }

    /** A program with a child that is joined at its end, and hooks before and after. */
    static final class Ending {
        private Ending() {}

        public static void main(String[] args) {
            var gate = MultiJvm.pipe();
            var end = gate.second();
            MultiJvm.process(() -> {
                        if (end.poll(null)) {
                            Fault.DELAY.at("child", 1).accept("child"); // so that the end has to wait for it
                            System.out.println("child");
                        }
                    })
                    .start();
            ExitHook.register(() -> System.out.println("last hook"), -1);
            ExitHook.register(gate::close, 0);
            ExitHook.register(() -> {}, 1); // the one to which it happens
            FaultPoint.inject(Fault.valueOf(args[1]).at(args[0], args[0].equals("exit-hook") ? 1 : TIMES));
        }
    }
}
