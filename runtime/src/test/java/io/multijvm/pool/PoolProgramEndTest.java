package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.contract.FamilyWatch;
import io.multijvm.contract.Gate;
import io.multijvm.contract.Tally;
import io.multijvm.contract.Waits;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that end, or are ended, with a pool that nobody has closed. */
@ForkTest
@SuppressWarnings("FutureReturnValueIgnored") // some tasks only have to be there
final class PoolProgramEndTest {
    @ParameterizedTest
    @ValueSource(strings = {"idle", "busy", "stuck", "unread", "exit", "iterated"})
    @Conforms("_TestPoolWorkerLifetime.test_worker_finalization_via_atexit_handler_of_multiprocessing")
    void end_unclosedPool_workIsDroppedAndTheStatusIsZero(String how) throws Exception {
        try (var program = ChildJvm.of(UnclosedPool.class).arguments(how).start()) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.stdout()).isEqualTo("end\n");
            assertThat(program.stderr()).isEmpty();
        }
    }

    static final class UnclosedPool {
        private static Pool pool;

        public static void main(String[] args) throws Exception {
            pool = MultiJvm.pool(2);
            var gate = new Gate();
            switch (args[0]) {
                case "idle" -> pool.apply(() -> 1);
                case "busy" -> {
                    pool.mapAsync(gate::passWith, List.of(1, 2, 3, 4), 1);
                    gate.awaitArrivals(2);
                }
                case "stuck" -> {
                    pool.applyAsync(gate::stay);
                    gate.awaitArrivals(1);
                }
                case "iterated" -> pool.imap(n -> n, List.of(1, 2, 3)).next();
                case "unread" -> pool.mapAsync(n -> new byte[1 << 20], List.of(1, 2, 3, 4), 1);
                default -> {
                    pool.apply(() -> 1);
                    System.out.println("end");
                    System.exit(0);
                }
            }
            System.out.println("end");
        }
    }

    @Test
    @Conforms({"ExecutorShutdownTest.test_interpreter_shutdown", "ProcessPoolShutdownTest.test_del_shutdown"})
    void end_unclosedExecutor_workIsFinishedAndTheStatusIsZero(@TempDir Path directory) throws Exception {
        var tally = Tally.in(directory, "done");
        try (var program =
                ChildJvm.of(UnclosedExecutor.class).arguments(tally.file()).start()) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.stdout()).isEqualTo("end\n");
            assertThat(program.stderr()).isEmpty();
            assertThat(tally.count()).isEqualTo(20);
        }
    }

    static final class UnclosedExecutor {
        public static void main(String[] args) {
            var tally = new Tally(args[0]);
            var executor = MultiJvm.executor(2);
            for (int i = 0; i < 20; i++) {
                executor.submit(() -> {
                    Thread.currentThread().join(50);
                    tally.add();
                    return 1;
                });
            }
            System.out.println("end");
        }
    }

    @Test
    @Conforms("ProcessPoolExecutorTest.test_gc_during_max_tasks_worker_exit_gh152967")
    void garbage_executorWithWork_workIsFinishedAndWorkersEnd(@TempDir Path directory) throws Exception {
        var tally = Tally.in(directory, "done");
        try (var program =
                ChildJvm.of(DroppedExecutor.class).arguments(tally.file()).start()) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.stdout()).isEqualTo("no workers left\n");
            assertThat(tally.count()).isEqualTo(10);
        }
    }

    static final class DroppedExecutor {
        public static void main(String[] args) {
            submit(new Tally(args[0]));
            Waits.until(() -> {
                System.gc();
                return MultiJvm.activeChildren().isEmpty() && new Tally(args[0]).count() == 10;
            });
            System.out.println("no workers left");
        }

        private static void submit(Tally tally) {
            var executor = MultiJvm.executor(PoolOptions.defaults().workers(1).maxTasksPerChild(1));
            for (int i = 0; i < 10; i++) {
                executor.execute((RunnableTask) () -> {
                    try {
                        tally.add();
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle", "busy", "spinning", "nested"})
    void kill_parent_workersAreGone(String how) throws Exception {
        try (var program = ChildJvm.of(Killed.class).arguments(how).start()) {
            var watch = FamilyWatch.of(program, 1);
            assertThat(watch.processes()).hasSizeGreaterThan(2);

            program.handle().destroyForcibly();

            watch.awaitGone();
        }
    }

    static final class Killed {
        public static void main(String[] args) throws Exception {
            var pool = MultiJvm.pool(2);
            var gate = new Gate();
            switch (args[0]) {
                case "idle" -> Waits.until(() -> pool.pids().size() == 2 && pool.apply(() -> true));
                case "busy" -> {
                    pool.mapAsync(gate::passWith, List.of(1, 2, 3, 4), 1);
                    gate.awaitArrivals(2);
                }
                case "spinning" -> {
                    for (int i = 0; i < 2; i++) {
                        pool.applyAsync(() -> {
                            gate.arrive();
                            var never = new CountDownLatch(1);
                            while (never.getCount() > 0) {
                                Thread.onSpinWait();
                            }
                        });
                    }
                    gate.awaitArrivals(2);
                }
                default -> {
                    pool.applyAsync(() -> {
                        try (Pool inner = MultiJvm.pool(2)) {
                            inner.map(gate::passWith, List.of(1, 2), 1);
                            return 1;
                        }
                    });
                    gate.awaitArrivals(2);
                }
            }
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
    }
}
