package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.launcher.Output;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Programs whose end meets code of theirs that throws, exits, or starts processes. */
final class EndOfProgramTest {
    private static final String REFUSED = "this program is at its end and starts no processes any more";

    @Test
    @ForkTest
    void exitHook_throwsAnything_othersRunAndChildrenAreJoined() throws Exception {
        ChildJvm.Ended ended = run(ThrowingHooks.class);

        assertThat(ended.stdout().lines())
                .containsExactly("throws error", "throws exception", "interrupts", "last", "child", "after");
        assertThat(ended.stderr()).contains("AssertionError: expected", "IllegalStateException: expected");
        assertThat(ended.exitCode()).isZero();
    }

    /** Hooks that throw, and one that leaves its thread interrupted. */
    static final class ThrowingHooks {
        private ThrowingHooks() {}

        public static void main(String[] args) {
            ExitHook.register(() -> System.out.println("after"), -1);
            ExitHook.register(() -> System.out.println("last"), 0);
            ExitHook.register(
                    () -> {
                        System.out.println("interrupts");
                        Thread.currentThread().interrupt();
                    },
                    1);
            ExitHook.register(
                    () -> {
                        System.out.println("throws exception");
                        throw new IllegalStateException("expected");
                    },
                    2);
            ExitHook.register(
                    () -> {
                        System.out.println("throws error");
                        throw new AssertionError("expected");
                    },
                    3);
            var gate = MultiJvm.pipe();
            var end = gate.second();
            ExitHook.register(gate::close, 0);
            MultiJvm.process(() -> {
                        assertThat(end.poll(null)).isTrue();
                        System.out.println("child");
                    })
                    .start();
        }
    }

    @Test
    @ForkTest
    @JdkTest
    void exitHook_callsExit_isOverAndTheNextRuns() throws Exception {
        ChildJvm.Ended ended = run(ExitingHooks.class);

        assertThat(ended.stdout().lines()).containsExactly("exits", "next", "after");
        assertThat(ended.exitCode()).isEqualTo(3);
    }

    static final class ExitingHooks {
        private ExitingHooks() {}

        public static void main(String[] args) {
            ExitHook.register(() -> System.out.println("after"), -1);
            ExitHook.register(() -> System.out.println("next"), 1);
            ExitHook.register(
                    () -> {
                        System.out.println("exits");
                        System.exit(9);
                    },
                    2);
            System.exit(3);
        }
    }

    @Test
    @ForkTest
    @JdkTest
    void exit_calledByAConsumerOfLines_endsAlthoughTheChildPrintsOn() throws Exception {
        ChildJvm.Ended ended = run(ExitingConsumer.class);

        assertThat(ended.exitCode()).isEqualTo(7);
        assertThat(ended.stdout()).isEqualTo("child is done\n");
    }

    /** The child prints far more than its pipe holds. */
    static final class ExitingConsumer {
        private ExitingConsumer() {}

        public static void main(String[] args) throws InterruptedException {
            Output exits = Output.toLines(line -> System.exit(7));
            MultiJvm.process(() -> {
                        System.err.println(".".repeat(1 << 20).replace("..........", ".........\n"));
                        System.out.println("child is done");
                    })
                    .options(JvmOptions.defaults().stderr(exits))
                    .start();
            new CountDownLatch(1).await();
        }
    }

    @Test
    @ForkTest
    @JdkTest
    void start_inAShutdownHook_isDoneOrRefusedAtOnce() throws Exception {
        for (String where : List.of("parent", "child")) {
            for (String before : List.of("none", "some")) {
                ChildJvm.Ended ended = run(StartingHook.class, where, before);

                assertThat(ended.exitCode()).isZero();
                assertThat(ended.stdout().lines().toList())
                        .as("%s, processes before: %s", where, before)
                        .isIn(List.of("grandchild", "joined 0"), List.of(REFUSED));
            }
        }
    }

    /** A shutdown hook of the program's, beside ours, starts a process and waits for it. */
    static final class StartingHook {
        private StartingHook() {}

        public static void main(String[] args) throws InterruptedException {
            boolean some = args[1].equals("some");
            if (args[0].equals("parent")) {
                use(some);
            } else {
                join(MultiJvm.process(() -> use(some)));
            }
        }

        private static void use(boolean some) throws InterruptedException {
            if (some) {
                join(MultiJvm.process(() -> {}));
            }
            Runtime.getRuntime().addShutdownHook(new Thread(StartingHook::startAndJoin));
        }

        private static void startAndJoin() {
            JvmProcess process = MultiJvm.process(() -> System.out.println("grandchild"));
            try {
                process.start();
                process.join();
                System.out.println("joined " + process.exitCode());
            } catch (IllegalStateException | InterruptedException e) {
                System.out.println(e.getMessage());
            }
        }

        private static void join(JvmProcess process) throws InterruptedException {
            process.start();
            process.joinOrThrow();
        }
    }

    @Test
    @ForkTest
    void start_inAnExitHook_isJoined() throws Exception {
        ChildJvm.Ended ended = run(HookThatStarts.class);

        assertThat(ended.stdout().lines()).containsExactly("child of a hook", REFUSED);
    }

    /** One of priority 0 may still start processes, one of a lower may not. */
    static final class HookThatStarts {
        private HookThatStarts() {}

        public static void main(String[] args) {
            ExitHook.register(() -> start("child of a hook"), 0);
            ExitHook.register(() -> start("too late"), -1);
        }

        private static void start(String words) {
            try {
                MultiJvm.process(() -> System.out.println(words)).start();
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static ChildJvm.Ended run(Class<?> main, String... arguments) throws InterruptedException {
        return ChildJvm.of(main).arguments(arguments).run();
    }
}
