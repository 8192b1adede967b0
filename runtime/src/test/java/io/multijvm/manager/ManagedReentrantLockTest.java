package io.multijvm.manager;

import io.multijvm.StartMethod;
import io.multijvm.contract.AcquireContract;
import io.multijvm.contract.Duck;
import io.multijvm.contract.LockVerbs;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.ReentrantLockContract;
import io.multijvm.contract.SharedReentrantLockContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Nested;

@ForkTest
@Conforms({"WithManagerTestLock.test_rlock", "WithManagerTestLock.test_rlock_context"})
final class ManagedReentrantLockTest extends WithManager implements AcquireContract, ReentrantLockContract {
    @Override
    public LockVerbs.Reentrant newLock() {
        return Duck.as(LockVerbs.Reentrant.class, manager.rlock());
    }

    /** Between parties. */
    private interface Shared extends SharedReentrantLockContract {
        @Override
        default Lock newLock() {
            return manager.rlock();
        }

        @Override
        default Probe probe() {
            return lock -> ((ManagedReentrantLock) lock).locked();
        }
    }

    @Nested
    final class BetweenThreads implements Shared {
        @Override
        public Workers workers() {
            return Workers.threads();
        }
    }

    @Nested
    final class BetweenProcesses extends ProcessParties implements Shared {
        BetweenProcesses() {
            super(StartMethod.FORKSERVER);
        }
    }
}
