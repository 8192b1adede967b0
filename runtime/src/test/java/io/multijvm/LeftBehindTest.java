package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.contract.FamilyWatch;
import io.multijvm.pool.PoolOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.shared.SharedMemory;
import io.multijvm.sync.ProcessSemaphore;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of shared objects that nobody has closed: what a resource tracker does in Python. */
@ForkTest
final class LeftBehindTest {
    private static final ChildJvm.Ended SILENT_SUCCESS = new ChildJvm.Ended(0, "", "");

    @Test
    @Conforms("TestResourceTracker.test_resource_tracker")
    void kill_ofAProgramThatHasRemovedOneOfItsObjects_removesTheOthersInSilence() throws Exception {
        try (var program = ChildJvm.of(TwoOfEach.class).start()) {
            var watch = FamilyWatch.of(program, 1);

            program.signal("KILL");

            watch.awaitGone();
            assertThat(program.stderr()).isEmpty();
        }
    }

    static final class TwoOfEach {
        public static void main(String[] args) throws Exception {
            try (var first = SharedMemory.create(1024);
                    var second = SharedMemory.create(1024)) {
                var semaphore = MultiJvm.semaphore(1);
                first.unlink();
                semaphore.acquire();
                System.out.println("ready: " + second.size());
                new CountDownLatch(1).await();
            }
        }
    }

    @Test
    @Conforms("TestResourceTracker.test_resource_tracker_reused")
    void child_thatMakesSharedMemory_hasNoGuardianOfItsOwn() throws Exception {
        try (var program = ChildJvm.of(SharingChild.class).start()) {
            var watch = FamilyWatch.of(program, 1);

            assertThat(watch.guardians()).hasSize(1);

            program.signal("KILL");
            watch.awaitGone();
        }
    }

    static final class SharingChild {
        public static void main(String[] args) throws Exception {
            MultiJvm.getContext(StartMethod.SPAWN).process(SharingChild::share).start();
            new CountDownLatch(1).await();
        }

        private static void share() throws Exception {
            try (var block = SharedMemory.create(1024)) {
                System.out.println("ready: " + block.size());
                new CountDownLatch(1).await();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conforms("_TestSharedMemory.test_shared_memory_untracking")
    void end_ofAProcessThatHasAttachedABlock_leavesIt(StartMethod method) throws Exception {
        assertThat(ChildJvm.of(Attaching.class).arguments(method.name()).run()).isEqualTo(SILENT_SUCCESS);
    }

    static final class Attaching {
        public static void main(String[] args) throws Exception {
            try (var block = SharedMemory.create("block", 1024);
                    var context = MultiJvm.getContext(StartMethod.valueOf(args[0]))) {
                runToItsEnd(context.process(() -> attach(1)));
                JvmProcess killed = context.process(() -> {
                    attach(2);
                    new CountDownLatch(1).await();
                });
                killed.start();
                while (block.buffer().get(2) == 0) {
                    Thread.onSpinWait();
                }
                killed.kill();

                try (var again = SharedMemory.attach("block")) {
                    check(again.buffer().get(1) == 1);
                }
                block.unlink();
            }
        }

        /** Neither closed nor unlinked. */
        private static void attach(int index) throws IOException {
            SharedMemory.attach("block").buffer().put(index, (byte) 1);
        }
    }

    @Test
    @Conforms("TestNamedResource.test_global_named_resource_spawn")
    void semaphore_inAStaticField_isMadeInEachProcessAndLeftByNone() throws Exception {
        assertThat(ChildJvm.of(Static.class).run()).isEqualTo(SILENT_SUCCESS);
    }

    static final class Static {
        private static final ProcessSemaphore SEMAPHORE = MultiJvm.semaphore(1);

        public static void main(String[] args) throws Exception {
            SEMAPHORE.acquire();
            runToItsEnd(MultiJvm.getContext(StartMethod.SPAWN).process(() -> check(SEMAPHORE.tryAcquire())));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conforms({"FailingInitializerResourcesTest.test_spawn", "FailingInitializerResourcesTest.test_forkserver"})
    void initializer_failing_leavesNothing(StartMethod method) throws Exception {
        try (var program =
                ChildJvm.of(FailingInitializer.class).arguments(method.name()).start()) {
            var watch = FamilyWatch.of(program, 1);
            program.type("go on");

            assertThat(program.awaitExit()).isZero();
            watch.awaitGone();
        }
    }

    static final class FailingInitializer {
        public static void main(String[] args) throws Exception {
            var options = PoolOptions.defaults().workers(2).initializer(() -> {
                throw new IllegalStateException("on purpose");
            });
            try (var context = MultiJvm.getContext(StartMethod.valueOf(args[0]));
                    var executor = context.executor(options)) {
                executor.submit(() -> 1).get();
            } catch (ExecutionException e) {
                System.out.println("ready: " + e.getCause().getMessage());
            }
            check(System.in.read() == 'g');
        }
    }

    @Test
    @Conforms("MiscTestCase.test_spawn_sys_executable_none_allows_import")
    void start_javaHomeIsNot_takesTheJavaThatRuns() throws Exception {
        assertThat(ChildJvm.of(Homeless.class).run()).isEqualTo(SILENT_SUCCESS);
    }

    static final class Homeless {
        public static void main(String[] args) throws Exception {
            runToItsEnd(MultiJvm.getContext(StartMethod.SPAWN).process(() -> {})); // the JDK has its own use for it
            System.setProperty("java.home", "/no/where");
            runToItsEnd(MultiJvm.getContext(StartMethod.SPAWN).process(() -> {}));
        }
    }

    private static void runToItsEnd(JvmProcess process) throws InterruptedException {
        process.start();
        process.joinOrThrow();
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("does not hold");
        }
    }
}
