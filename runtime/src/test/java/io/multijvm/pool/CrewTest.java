package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.PoolParties;
import io.multijvm.contract.Waits;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.ProcessContext;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are started, and are not. */
@ForkTest
final class CrewTest extends PoolParties {
    private static final String DIRECTORY = "multijvm.test.directory";

    CrewTest() {
        super(StartMethod.SPAWN);
    }

    /** Has the first three JVMs that have it as their class loader live, and no other. */
    public static final class EndsAllButThree extends ClassLoader {
        public EndsAllButThree(ClassLoader parent) {
            super(parent);
            Path directory = Path.of(System.getProperty(DIRECTORY));
            for (int i = 0; i < 3; i++) {
                if (directory.resolve("life" + i).toFile().mkdir()) {
                    return;
                }
            }
            Runtime.getRuntime().halt(1);
        }
    }

    @Test
    @Conforms("TestPoolNotLeakOnFailure.test_release_unused_processes")
    void create_someCannotBeStarted_breaksThePoolAndEndsTheOthers(@TempDir Path directory) throws Exception {
        Pool pool = newPool(PoolOptions.defaults().workers(5).jvm(withLoader(EndsAllButThree.class, directory)));

        Waits.until(() -> isBroken(pool));

        Waits.until(() -> pool.pids().isEmpty());
        assertThat(directory.resolve("life2")).exists();
        pool.shutdown();
        assertThat(pool.join(PATIENCE)).isTrue();
        assertThat(MultiJvm.activeChildren()).isEmpty();
    }

    @Test
    void isTerminated_workersHaveJustEnded_nothingIsLeftOfThem() throws Exception {
        for (int i = 0; i < 10; i++) {
            var executor = newExecutor(PoolOptions.defaults().workers(1));
            assertThat(executor.submit(() -> 1).get(PATIENCE)).isEqualTo(1);
            assertThat(lanes()).isNotEmpty();

            do {
                executor.shutdown(); // looks whether all is done, and may come between a worker's end and its burial
            } while (!executor.isTerminated());

            assertThat(lanes()).isEmpty();
            assertThat(MultiJvm.activeChildren()).isEmpty();
        }
    }

    private static List<Path> lanes() throws IOException {
        Path directory = ProcessContext.domain().directory().path();
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> each.getFileName().toString().startsWith("lane-"))
                    .toList();
        }
    }

    private static boolean isBroken(Pool pool) throws InterruptedException {
        try {
            pool.apply(() -> 1);
            return false;
        } catch (BrokenProcessPoolException e) {
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof BrokenProcessPoolException;
        }
    }

    private static JvmOptions withLoader(Class<?> loader, Path directory) {
        return JvmOptions.defaults()
                .jvmArguments("-Djava.system.class.loader=" + loader.getName(), "-D" + DIRECTORY + "=" + directory);
    }

    /** Ends the first JVM that has it as its class loader, as soon as it may. */
    public static final class EndsTheFirst extends ClassLoader {
        public EndsTheFirst(ClassLoader parent) {
            super(parent);
            Path directory = Path.of(System.getProperty(DIRECTORY));
            while (!Files.exists(directory.resolve("go"))) {
                LockSupport.parkNanos(1_000_000);
            }
            if (directory.resolve("ended").toFile().mkdir()) {
                Runtime.getRuntime().halt(1);
            }
        }
    }

    @Test
    @StressTest
    @Timeout(600)
    @Conforms("MiscTestCase.test_large_pool")
    void create_manyWorkers_work() throws Exception {
        Pool pool = newPool(PoolOptions.defaults().workers(200).heap("16m"));

        var squares = pool.map(n -> n * n, IntStream.range(0, 1_000).boxed().toList());

        assertThat(squares.stream().mapToInt(Integer::intValue).sum()).isEqualTo(332_833_500);
        Waits.until(() -> pool.pids().size() == 200);
    }

    @Test
    void shutdown_startFailsAfterwards_isTriedAgainForTheTasksThatWait(@TempDir Path directory) throws Exception {
        var executor = newExecutor(PoolOptions.defaults().workers(1).jvm(withLoader(EndsTheFirst.class, directory)));
        var result = executor.submit(() -> 1);

        executor.shutdown();
        Files.createFile(directory.resolve("go"));

        assertThat(result.get(PATIENCE)).isEqualTo(1);
        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        assertThat(directory.resolve("ended")).exists();
        assertThat(executor.stats().workersStarted()).isEqualTo(2);
    }
}
