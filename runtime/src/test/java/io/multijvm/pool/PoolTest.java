package io.multijvm.pool;

import io.multijvm.StartMethod;
import io.multijvm.contract.PoolContract;
import io.multijvm.contract.PoolLifeContract;
import io.multijvm.contract.PoolParties;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import org.junit.jupiter.api.Nested;

final class PoolTest {
    @Nested
    @ForkTest
    final class OfProcesses extends PoolParties implements PoolContract, PoolLifeContract {
        OfProcesses() {
            super(StartMethod.FORKSERVER);
        }
    }

    @Nested
    @ForkTest
    @FullOnly
    final class OfSpawnedProcesses extends PoolParties implements PoolContract, PoolLifeContract {
        OfSpawnedProcesses() {
            super(StartMethod.SPAWN);
        }
    }
}
