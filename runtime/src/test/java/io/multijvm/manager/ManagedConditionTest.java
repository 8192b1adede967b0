package io.multijvm.manager;

import io.multijvm.StartMethod;
import io.multijvm.contract.ConditionContract;
import io.multijvm.contract.Duck;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SharedConditionContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Nested;

@ForkTest
@SuppressWarnings("WaitNotInLoop") // no wake-up is spurious
@Conforms({
    "WithManagerTestCondition.test_notify",
    "WithManagerTestCondition.test_notify_all",
    "WithManagerTestCondition.test_notify_n",
    "WithManagerTestCondition.test_timeout",
    "WithManagerTestCondition.test_waitfor",
    "WithManagerTestCondition.test_waitfor_timeout"
})
final class ManagedConditionTest extends WithManager {
    @Nested
    final class OnAReentrantLock implements ConditionContract {
        @Override
        public ConditionContract.Subject newCondition(Lock lock) {
            return Duck.as(ConditionContract.Subject.class, manager.condition(lock));
        }

        @Override
        public Lock newLock() {
            return manager.rlock();
        }
    }

    @Nested
    final class OnALock implements ConditionContract {
        @Override
        public ConditionContract.Subject newCondition(Lock lock) {
            return Duck.as(ConditionContract.Subject.class, manager.condition(lock));
        }

        @Override
        public Lock newLock() {
            return manager.lock();
        }
    }

    /** Between parties. */
    private interface Shared extends SharedConditionContract {
        @Override
        default ConditionContract.Subject newCondition(Lock lock) {
            return Duck.as(ConditionContract.Subject.class, manager.condition(lock));
        }

        @Override
        default Lock newLock() {
            return manager.rlock();
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
