package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.PoolParties;
import io.multijvm.contract.Waits;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Workers that are to be replaced, and that a thread of a task's keeps from ending. */
@ForkTest
final class RecyclingTest extends PoolParties {
    private static final PoolOptions QUICK = PoolOptions.defaults().workers(1).grace(Duration.ofMillis(100));

    RecyclingTest() {
        super(StartMethod.FORKSERVER);
    }

    /** Leaves a thread that never ends, and would keep its JVM; returns the worker's pid. */
    private static long leaveThread() {
        var thread = new Thread(RecyclingTest::waitForEver);
        thread.setDaemon(false);
        thread.start();
        return ProcessHandle.current().pid();
    }

    private static void waitForEver() {
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // goes on
            }
        }
    }

    private static long leaveThreadAndRunOutOfMemory() {
        long unused = leaveThread();
        throw new OutOfMemoryError("as a task may find");
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }

    @Test
    void maxTasksPerChild_threadIsLeft_workerEnds() throws Exception {
        Pool pool = newPool(QUICK.maxTasksPerChild(1));

        for (int i = 0; i < 3; i++) {
            long pid = pool.apply(RecyclingTest::leaveThread);
            Waits.until(() -> !isAlive(pid));
        }

        assertThat(pool.stats().workersDied()).isZero();
    }

    @Test
    void idleTimeout_threadIsLeft_workerEnds() throws Exception {
        Pool pool = newPool(QUICK.idleTimeout(Duration.ofMillis(50)));

        long pid = pool.apply(RecyclingTest::leaveThread);

        Waits.until(() -> !isAlive(pid));
        assertThat(pool.stats().workersDied()).isZero();
    }

    @Test
    void maxWorkerMemory_threadIsLeft_workerEnds() throws Exception {
        Pool pool = newPool(QUICK.maxWorkerMemory(1));

        long pid = pool.apply(RecyclingTest::leaveThread);

        Waits.until(() -> !isAlive(pid));
    }

    @Test
    void outOfMemory_threadIsLeft_workerEnds() throws Exception {
        Pool pool = newPool(QUICK);
        long pid = pool.apply(() -> ProcessHandle.current().pid());

        var failed = pool.applyAsync(RecyclingTest::leaveThreadAndRunOutOfMemory);

        assertThat(failed.await(PATIENCE)).isTrue();
        Waits.until(() -> !isAlive(pid));
        assertThat(pool.apply(() -> 1)).isEqualTo(1);
    }

    @Test
    void maxTasksPerChild_lastTaskTakesLongerThanTheGrace_isNotDisturbed() throws Exception {
        Pool pool = newPool(QUICK.grace(Duration.ofMillis(20)).maxTasksPerChild(2));

        for (int i = 0; i < 4; i++) {
            assertThat(pool.apply(RecyclingTest::takesLongerThanAGrace)).isTrue();
        }
        assertThat(pool.stats().workersDied()).isZero();
    }

    private static boolean takesLongerThanAGrace() throws InterruptedException {
        return !new CountDownLatch(1).await(100, java.util.concurrent.TimeUnit.MILLISECONDS);
    }
}
