package io.multijvm.executor;

import io.multijvm.StartMethod;
import io.multijvm.contract.ExecutorContract;
import io.multijvm.contract.ExecutorCrashContract;
import io.multijvm.contract.ExecutorInvokeContract;
import io.multijvm.contract.ExecutorShutdownContract;
import io.multijvm.contract.PoolParties;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import org.junit.jupiter.api.Nested;

final class ProcessPoolExecutorTest {
    private interface All
            extends ExecutorContract, ExecutorInvokeContract, ExecutorShutdownContract, ExecutorCrashContract {}

    @Nested
    @ForkTest
    final class OfProcesses extends PoolParties implements All {
        OfProcesses() {
            super(StartMethod.FORKSERVER);
        }
    }

    @Nested
    @ForkTest
    @FullOnly
    final class OfSpawnedProcesses extends PoolParties implements All {
        OfSpawnedProcesses() {
            super(StartMethod.SPAWN);
        }
    }
}
