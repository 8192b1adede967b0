package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.contract.FamilyWatch;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What becomes of a program's children at its end, as its user sees it. */
@ForkTest
final class MultiJvmFamilyEndTest {
    @Test
    void end_ofMain_joinsNonDaemonsAndEndsDaemons() throws InterruptedException {
        var ended = ChildJvm.of(DaemonsAndOthers.class).run();

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout().lines()).containsExactly("main has ended", "other has ended");
        assertThat(ended.exitCode()).isZero();
    }

    static final class DaemonsAndOthers {
        public static void main(String[] args) throws IOException {
            var gate = MultiJvm.pipe(false);
            var open = gate.reader();
            MultiJvm.process(DaemonsAndOthers::waitForEver).daemon(true).start();
            MultiJvm.process(() -> {
                        open.recv();
                        System.out.println("other has ended");
                    })
                    .start();
            System.out.println("main has ended");
            gate.writer().send("go on");
        }

        static void waitForEver() throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    @Test
    void exit_inMain_joinsNonDaemonsAndKeepsTheStatus() throws InterruptedException {
        var ended = ChildJvm.of(Exiting.class).run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(7, "child has ended\n", ""));
    }

    static final class Exiting {
        public static void main(String[] args) throws IOException {
            var gate = MultiJvm.pipe(false);
            var open = gate.reader();
            MultiJvm.process(DaemonsAndOthers::waitForEver).daemon(true).start();
            MultiJvm.process(() -> {
                        open.recv();
                        System.out.println("child has ended");
                    })
                    .start();
            gate.writer().send("go on");
            System.exit(7);
        }
    }

    @Test
    void end_uncaughtExceptionInMain_joinsNonDaemonsAndIsOne() throws InterruptedException {
        var ended = ChildJvm.of(Throwing.class).run();

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.stdout()).isEqualTo("child has ended\n");
        assertThat(ended.stderr())
                .startsWith("Exception in thread \"main\" java.lang.IllegalStateException: on purpose");
    }

    static final class Throwing {
        public static void main(String[] args) {
            MultiJvm.process(() -> System.out.println("child has ended")).start();
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    void signal_term_endsTheFamilyInOrder() throws Exception {
        try (var program = ChildJvm.of(WaitingFamily.class).start()) {
            var watch = FamilyWatch.of(program, WaitingFamily.READY);

            program.signal("TERM");

            assertThat(program.awaitExit()).isEqualTo(128 + 15);
            watch.awaitGone();
            assertThat(program.stdout().lines())
                    .contains("hook of child", "hook of daemon", "hook of grandchild", "hook of main");
            assertThat(program.stderr()).isEmpty();
        }
    }

    @Test
    void signal_int_endsTheFamilyInOrder() throws Exception {
        assumeInterruptible();
        try (var program = ChildJvm.of(WaitingFamily.class).start()) {
            var watch = FamilyWatch.of(program, WaitingFamily.READY);

            program.signal("INT");

            assertThat(program.awaitExit()).isEqualTo(128 + 2);
            watch.awaitGone();
            assertThat(program.stdout().lines())
                    .contains("hook of child", "hook of daemon", "hook of grandchild", "hook of main");
        }
    }

    /** A child, a daemon, a grandchild, and spares. */
    static final class WaitingFamily {
        static final int READY = 4;

        public static void main(String[] args) throws InterruptedException {
            MultiJvm.process("child", () -> {
                        MultiJvm.process("grandchild", WaitingFamily::waitForEver)
                                .start();
                        waitForEver();
                    })
                    .start();
            MultiJvm.process("daemon", WaitingFamily::waitForEver).daemon(true).start();
            MultiJvm.getContext().awaitWarm(1, java.time.Duration.ofSeconds(30));
            waitForEver();
        }

        private static void waitForEver() throws InterruptedException {
            String name = MultiJvm.parentProcess().isEmpty()
                    ? "main"
                    : MultiJvm.currentProcess().name();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook of " + name)));
            System.out.println("ready: " + name);
            new CountDownLatch(1).await();
        }
    }

    @Test
    void signal_intTwice_endsAtOnceAlthoughAHookHangs() throws Exception {
        assumeInterruptible();
        try (var program = ChildJvm.of(HangingHook.class).start()) {
            var watch = FamilyWatch.of(program, 1);
            program.signal("INT");
            program.awaitStdout(text -> text.contains("hook hangs"));
            assertThat(program.isAlive()).isTrue();

            program.signal("INT");

            assertThat(program.awaitExit()).isEqualTo(128 + 2);
            watch.awaitGone();
        }
    }

    @Test
    void signal_term_endsAlsoAChildWhoseHookHangs() throws Exception {
        try (var program = ChildJvm.of(HangingHook.class).start()) {
            var watch = FamilyWatch.of(program, 1);

            program.signal("TERM");

            assertThat(program.awaitExit()).isEqualTo(128 + 15);
            watch.awaitGone();
        }
    }

    static final class HangingHook {
        public static void main(String[] args) throws InterruptedException {
            MultiJvm.process(() -> {
                        Runtime.getRuntime().addShutdownHook(new Thread(HangingHook::hang));
                        System.out.println("ready: child");
                        new CountDownLatch(1).await();
                    })
                    .start();
            new CountDownLatch(1).await();
        }

        private static void hang() {
            System.out.println("hook hangs");
            while (true) {
                java.util.concurrent.locks.LockSupport.park();
            }
        }
    }

    /** A shell starts what it runs in the background with SIGINT ignored, and a JVM keeps to that. */
    private static void assumeInterruptible() throws IOException {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.replaceAll("SigIgn:\\s*", ""))
                .findFirst()
                .orElse("0");
        assumeTrue((Long.parseUnsignedLong(ignored, 16) >> 1 & 1) == 0, "SIGINT is ignored in this session");
    }

    @Test
    @Conforms("TestResourceTracker.test_resource_tracker_fork_deadlock")
    void end_programOfAChildThatLivesOn_isNotWaitedFor() throws Exception {
        try (var program = ChildJvm.of(LeavingBehind.class).start()) {
            long pid = Long.parseLong(
                    program.awaitStdout(text -> text.endsWith("\n")).strip());
            try {
                assertThat(program.awaitExit()).isZero();
                assertThat(ProcessHandle.of(pid)).isPresent();
            } finally {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    static final class LeavingBehind {
        public static void main(String[] args) throws InterruptedException {
            JvmProcess child = MultiJvm.process(() -> System.out.println(
                    new ProcessBuilder("sleep", "1000").inheritIO().start().pid()));
            child.start();
            child.join();
        }
    }

    @Test
    @Conforms({"TestResourceTracker.test_resource_tracker_sigint", "TestResourceTracker.test_resource_tracker_sigterm"})
    void guardian_askedToEnd_staysAtItsPost() throws Exception {
        try (var program = ChildJvm.of(WaitingFamily.class).start()) {
            var watch = FamilyWatch.of(program, WaitingFamily.READY);
            for (ProcessHandle guardian : watch.guardians()) {
                for (String signal : new String[] {"INT", "TERM", "HUP", "QUIT"}) {
                    io.multijvm.testkit.Signals.send(signal, guardian.pid());
                }
            }
            assertThat(watch.guardians()).isNotEmpty().allMatch(ProcessHandle::isAlive);

            program.handle().destroyForcibly();

            watch.awaitGone();
        }
    }

    @Test
    void end_childThatIsPaused_isEndedWithTheProgram() throws Exception {
        try (var program = ChildJvm.of(PausedDaemon.class).start()) {
            assertThat(program.awaitExit()).isZero();
        }
    }

    static final class PausedDaemon {
        public static void main(String[] args) {
            JvmProcess daemon = MultiJvm.process(DaemonsAndOthers::waitForEver).daemon(true);
            daemon.start();
            daemon.pause();
        }
    }
}
