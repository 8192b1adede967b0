package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.PoolParties;
import io.multijvm.process.JvmOptions;
import io.multijvm.testkit.ForkTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are started, and are not. */
@ForkTest
final class CrewTest extends PoolParties {
    private static final String DIRECTORY = "multijvm.test.directory";

    CrewTest() {
        super(StartMethod.SPAWN);
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
    void shutdown_startFailsAfterwards_isTriedAgainForTheTasksThatWait(@TempDir Path directory) throws Exception {
        var executor = newExecutor(PoolOptions.defaults()
                .workers(1)
                .jvm(JvmOptions.defaults()
                        .jvmArguments(
                                "-Djava.system.class.loader=" + EndsTheFirst.class.getName(),
                                "-D" + DIRECTORY + "=" + directory)));
        var result = executor.submit(() -> 1);

        executor.shutdown();
        Files.createFile(directory.resolve("go"));

        assertThat(result.get(PATIENCE)).isEqualTo(1);
        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        assertThat(directory.resolve("ended")).exists();
        assertThat(executor.stats().workersStarted()).isEqualTo(2);
    }
}
