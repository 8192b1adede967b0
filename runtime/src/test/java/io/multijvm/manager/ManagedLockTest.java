package io.multijvm.manager;

import io.multijvm.StartMethod;
import io.multijvm.contract.AcquireContract;
import io.multijvm.contract.Duck;
import io.multijvm.contract.LockVerbs;
import io.multijvm.contract.OwnerlessLockContract;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SharedOwnerlessLockContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Nested;

@ForkTest
@Conforms("WithManagerTestLock.test_lock_context")
final class ManagedLockTest extends WithManager implements AcquireContract, OwnerlessLockContract {
    @Override
    public LockVerbs newLock() {
        return Duck.as(LockVerbs.class, manager.lock());
    }

    /** Between parties. */
    private interface Shared extends SharedOwnerlessLockContract {
        @Override
        default Lock newLock() {
            return manager.lock();
        }

        @Override
        default Probe probe() {
            return lock -> ((ManagedLock) lock).locked();
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
