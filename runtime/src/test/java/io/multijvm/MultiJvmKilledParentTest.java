package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.contract.FamilyWatch;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A parent that cannot do anything any more for its children. */
@ForkTest
final class MultiJvmKilledParentTest {
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(
            strings = {"busy", "paused", "hanging", "grandchild", "pausedGrandchild", "spares", "pausedChildOfTwo"})
    void kill_parent_leavesNothingAfterASecond(String family) throws IOException {
        try (var program = ChildJvm.of(Families.class).arguments(family).start()) {
            var watch = FamilyWatch.of(program, 1);
            assertThat(watch.processes()).hasSizeGreaterThan(2);

            program.handle().destroyForcibly();

            assertThat(watch.awaitGone()).isLessThanOrEqualTo(ONE_SECOND);
        }
    }

    /** Families of several kinds; the line "ready" says that one is complete. */
    static final class Families {
        public static void main(String[] args) throws Exception {
            switch (args[0]) {
                case "busy" -> start(Families::spin);
                case "paused" -> start(Families::waitForEver).pause();
                case "hanging" -> start(Families::hang);
                case "grandchild" -> start(Families::haveChild);
                case "pausedGrandchild" -> start(Families::havePausedChild);
                case "spares" -> haveSpares();
                default -> {
                    start(Families::haveChild).pause();
                    start(Families::havePausedChild);
                }
            }
            System.out.println("ready");
            waitForEver();
        }

        private static void haveSpares() throws IOException, InterruptedException {
            start(Families::spin);
            if (!MultiJvm.getContext().awaitWarm(2, Duration.ofSeconds(30))) {
                throw new IllegalStateException("no spares");
            }
        }

        /** Starts a process, and waits until it says that it is where it is to be. */
        private static JvmProcess start(Activity activity) throws IOException {
            try (var pipe = MultiJvm.pipe(false)) {
                var writer = pipe.writer();
                JvmProcess process = MultiJvm.process(() -> activity.run(() -> {
                    writer.send("there");
                    writer.close();
                }));
                process.start();
                writer.close();
                pipe.reader().recv();
                return process;
            }
        }

        /** What runs, and is to say when it is there. */
        interface Activity extends java.io.Serializable {
            void run(There there) throws Exception;
        }

        /** The place is reached. */
        interface There extends java.io.Serializable {
            void say() throws IOException;
        }

        private static void spin(There there) throws IOException {
            there.say();
            var never = new CountDownLatch(1);
            while (never.getCount() > 0) {
                Thread.onSpinWait();
            }
        }

        private static void waitForEver(There there) throws IOException, InterruptedException {
            there.say();
            waitForEver();
        }

        private static void hang(There there) throws IOException, InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                while (true) {
                    java.util.concurrent.locks.LockSupport.park();
                }
            }));
            there.say();
            waitForEver();
        }

        private static void haveChild(There there) throws IOException, InterruptedException {
            start(Families::spin);
            there.say();
            waitForEver();
        }

        private static void havePausedChild(There there) throws IOException, InterruptedException {
            start(Families::spin).pause();
            there.say();
            waitForEver();
        }

        private static void waitForEver() throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    @Test
    void kill_processBetween_takesItsPausedChildAlong() throws Exception {
        try (var program = ChildJvm.of(MiddleKilled.class).start()) {
            String said = program.awaitStdout(text -> text.lines().count() >= 2);
            long middle = Long.parseLong(said.lines().toList().get(0));
            ProcessHandle grandchild = ProcessHandle.of(
                            Long.parseLong(said.lines().toList().get(1)))
                    .orElseThrow();
            assertThat(FamilyWatch.isRunning(grandchild)).isTrue();

            ProcessHandle.of(middle).orElseThrow().destroyForcibly();

            org.awaitility.Awaitility.await().until(() -> !FamilyWatch.isRunning(grandchild));
            program.awaitStdout(text -> text.contains("exit code -9"));
            program.type("end");
            assertThat(program.awaitExit()).isZero();
        }
    }

    static final class MiddleKilled {
        public static void main(String[] args) throws Exception {
            try (var pipe = MultiJvm.pipe(false)) {
                var writer = pipe.writer();
                JvmProcess middle = MultiJvm.process(() -> {
                    JvmProcess grandchild = Families.start(Families::spin);
                    grandchild.pause();
                    writer.send(grandchild.pid());
                    Families.waitForEver();
                });
                middle.start();
                Object grandchild = pipe.reader().recv();
                System.out.println(middle.pid() + "\n" + grandchild);
                middle.join();
                System.out.println("exit code " + middle.exitCode());
                System.in.read();
            }
        }
    }
}
