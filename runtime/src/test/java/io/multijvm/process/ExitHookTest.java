package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The trigger by garbage collection, which the rows assert as well, is Python's own. */
final class ExitHookTest {
    @Test
    void run_calledTwice_runsOnce() {
        var runs = new AtomicInteger();
        ExitHook hook = ExitHook.register(runs::incrementAndGet, null);

        hook.run();
        hook.run();

        assertThat(runs).hasValue(1);
        assertThat(hook.isActive()).isFalse();
        assertThat(hook.cancel()).isFalse();
    }

    @Test
    void run_cancelled_doesNothing() {
        var runs = new AtomicInteger();
        ExitHook hook = ExitHook.register(runs::incrementAndGet, 1);

        assertThat(hook.cancel()).isTrue();
        hook.run();

        assertThat(runs).hasValue(0);
    }

    @Test
    void run_actionThrows_callerGetsIt() {
        ExitHook hook = ExitHook.register(
                () -> {
                    throw new IllegalStateException("no");
                },
                null);

        assertThatThrownBy(hook::run).isInstanceOf(IllegalStateException.class).hasMessage("no");
    }

    @Test
    @Conforms("_TestFinalize.test_thread_safety")
    void register_manyThreadsWhileOthersRun_losesNone() throws Exception {
        var runs = new AtomicInteger();
        var threads = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 4; i++) {
            threads.add(CompletableFuture.runAsync(() -> {
                for (int k = 0; k < 1000; k++) {
                    ExitHook.register(runs::incrementAndGet, 1_000_000 + k).run();
                }
            }));
        }
        CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get();

        assertThat(runs).hasValue(4000);
    }

    @Test
    @ForkTest
    @Conforms("_TestFinalize.test_finalize")
    void endOfProgram_hooksOfSeveralPriorities_runInOrder() throws Exception {
        try (ChildJvm program = ChildJvm.of(Hooks.class).start()) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.stdout().lines())
                    .containsExactlyElementsOf(List.of("b", "a called", "d10", "d03", "d02", "d01", "child", "e"));
        }
    }

    /** Registers hooks as the row's program does, and has a child that ends after the hooks of priority 0 and above. */
    static final class Hooks {
        private Hooks() {}

        public static void main(String[] args) {
            ExitHook.register(() -> System.out.println("b"), 5).run();
            ExitHook.register(() -> System.out.println("a called"), null).run();
            ExitHook.register(() -> System.out.println("c never"), null);
            ExitHook.register(() -> System.out.println("e"), -10);
            ExitHook.register(() -> System.out.println("d01"), 1);
            ExitHook.register(() -> System.out.println("d02"), 1);
            ExitHook.register(() -> System.out.println("d03"), 1);
            ExitHook.register(() -> System.out.println("d10"), 10);
            var gate = MultiJvm.pipe();
            var end = gate.second();
            ExitHook.register(gate::close, 0);
            MultiJvm.process(() -> printAtEndOfFile(end)).start();
        }

        private static void printAtEndOfFile(Connection end) throws IOException {
            try {
                end.recv();
            } catch (EOFException e) {
                System.out.println("child");
            }
        }
    }
}
