package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multijvm.StartMethod;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.pool.Pool;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@ForkTest
@SuppressWarnings("FutureReturnValueIgnored") // some tasks only have to be there
final class SharedPoolsTest {
    private final SharedPools shared = new SharedPools(Duration.ofSeconds(30));
    private final SharedPools impatient = new SharedPools(Duration.ofMillis(100));

    @AfterEach
    void end() {
        shared.endAll();
        impatient.endAll();
    }

    private Pool pool(int workers) {
        return shared.pool(StartMethod.FORKSERVER, workers);
    }

    private ProcessPoolExecutor executor(int workers) {
        return shared.executor(StartMethod.FORKSERVER, workers);
    }

    @Test
    void checkUsed_idlePools_stayAndTheirWorkersAreKnown() throws Exception {
        Pool pool = pool(2);
        ProcessPoolExecutor executor = executor(1);
        pool.map(n -> n + 1, List.of(1, 2, 3), 1);
        executor.submit(() -> 1).get();

        shared.checkUsed();

        assertThat(pool(2)).isSameAs(pool);
        assertThat(executor(1)).isSameAs(executor);
        assertThat(pool(1)).isNotSameAs(pool);
        assertThat(pool.pids()).hasSize(2).allMatch(SharedPools::isWorker);
        assertThat(executor.pids()).hasSize(1).allMatch(SharedPools::isWorker);
        assertThat(SharedPools.isWorker(ProcessHandle.current().pid())).isFalse();
    }

    @Test
    void checkUsed_taskThatDoesNotEnd_failsAndEndsThePool() throws Exception {
        Pool pool = impatient.pool(StartMethod.FORKSERVER, 1);
        var gate = new Gate();
        pool.applyAsync(gate::pass);
        gate.awaitArrivals(1);
        List<Long> workers = pool.pids();

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(impatient::checkUsed)
                .withMessageContaining("not idle")
                .withMessageContaining("running=1");

        assertThat(workers).noneMatch(SharedPools::isWorker);
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.apply(() -> 1));
        assertThat(impatient.pool(StartMethod.FORKSERVER, 1)).isNotSameAs(pool);
    }

    @Test
    void checkUsed_workerThatDied_failsAndEndsThePool() {
        Pool pool = pool(1);
        assertThat(catchThrowable(() -> pool.apply(() -> Runtime.getRuntime().halt(3))))
                .isNotNull();

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(shared::checkUsed)
                .withMessageContaining("workersDied=1");

        assertThat(pool(1)).isNotSameAs(pool);
    }

    @Test
    void checkUsed_poolThatIsShutDown_fails() {
        ProcessPoolExecutor executor = executor(1);
        executor.shutdown();

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(shared::checkUsed)
                .withMessageContaining("takes no more tasks");

        assertThat(executor(1)).isNotSameAs(executor);
    }

    @Test
    void endAll_workersOfPoolsAndExecutors_areGone() throws Exception {
        Pool pool = pool(2);
        ProcessPoolExecutor executor = executor(2);
        executor.submit(() -> 1).get();
        shared.checkUsed();
        List<Long> workers = pool.pids();

        shared.endAll();

        assertThat(workers).hasSize(2).noneMatch(SharedPools::isWorker);
        assertThat(pool.pids()).isEmpty();
        assertThat(executor.pids()).isEmpty();
        assertThat(workers)
                .noneMatch(
                        pid -> ProcessHandle.of(pid).map(FamilyWatch::isRunning).orElse(false));
    }
}
