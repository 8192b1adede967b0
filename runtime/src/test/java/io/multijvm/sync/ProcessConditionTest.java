package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multijvm.StartMethod;
import io.multijvm.contract.ConditionContract;
import io.multijvm.contract.Duck;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SharedConditionContract;
import io.multijvm.contract.Waits;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@EveryBackend
@SuppressWarnings({"WaitNotInLoop", "LockNotBeforeTry"}) // the number of wake-ups matters; who fails ends
final class ProcessConditionTest {
    @Test
    void create_lockOfTheJdk_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcessCondition.create(new ReentrantLock()))
                .withMessageContaining("java.util.concurrent.locks.ReentrantLock");
    }

    @Test
    void create_noLock_hasAReentrantOneOfItsOwn() throws Exception {
        var condition = ProcessCondition.create();
        assertThat(condition.lock()).isInstanceOf(ReentrantProcessLock.class);

        condition.acquire();
        try (Guard held = condition.guard()) {
            assertThat(held).isNotNull();
            assertThat(condition.acquire(Duration.ZERO)).isTrue();
            assertThat(((ReentrantProcessLock) condition.lock()).holdCount()).isEqualTo(3);
            condition.release();
        }
        assertThat(condition.waiting()).isZero();
        condition.notify(1);
        condition.release();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(condition::release);
    }

    @Test
    void toString_saysWhatItStandsOnAndHowManyWait() {
        var condition = ProcessCondition.create(ProcessLock.create());

        assertThat(condition).hasToString("ProcessCondition[ProcessLock[owner=None], waiting=0, signalled=0]");
    }

    @Test
    void await_lockHeldSeveralTimes_isGivenUpWhollyAndTakenAsOften() throws Exception {
        var lock = ReentrantProcessLock.create();
        var condition = lock.newCondition();
        var waiting = Background.run(() -> {
                    lock.lock();
                    lock.lock();
                    lock.lock();
                    condition.await();
                    int afterSignal = lock.holdCount();
                    assertThat(condition.await(1, TimeUnit.MILLISECONDS)).isFalse();
                    int afterTimeout = lock.holdCount();
                    Thread.currentThread().interrupt();
                    assertThatExceptionOfType(InterruptedException.class).isThrownBy(condition::await);
                    int afterInterrupt = lock.holdCount();
                    lock.unlock();
                    lock.unlock();
                    lock.unlock();
                    return afterSignal * 100 + afterTimeout * 10 + afterInterrupt;
                })
                .awaitWaiting();

        Waits.until(() -> {
            try (Guard held = lock.guard()) {
                return condition.waiting() == 1 && held != null;
            }
        });
        try (Guard held = lock.guard()) {
            assertThat(held).isNotNull();
            assertThat(lock.holdCount()).isEqualTo(1);
            condition.signal();
        }

        assertThat(waiting.get()).isEqualTo(333);
        assertThat(lock.locked()).isFalse();
    }

    @Nested
    final class OnALock implements ConditionContract {
        @Override
        public Lock newLock() {
            return ProcessLock.create();
        }

        @Override
        public ConditionContract.Subject newCondition(Lock lock) {
            return Duck.as(ConditionContract.Subject.class, ProcessCondition.create(lock));
        }
    }

    @Nested
    final class OnAReentrantLock implements ConditionContract {
        @Override
        public Lock newLock() {
            return ReentrantProcessLock.create();
        }

        @Override
        public ConditionContract.Subject newCondition(Lock lock) {
            return Duck.as(ConditionContract.Subject.class, lock.newCondition());
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
    @ForkTest
    @FullOnly
    @DefaultBackend
    final class BetweenSpawnedProcesses extends ProcessParties implements Shared {
        BetweenSpawnedProcesses() {
            super(StartMethod.SPAWN);
        }
    }

    @Nested
    @ForkTest
    final class BetweenProcesses extends ProcessParties implements Shared {
        BetweenProcesses() {
            super(StartMethod.FORKSERVER);
        }
    }

    @Nested
    @ForkTest
    @DefaultBackend
    final class BetweenProcessesOnALock extends ProcessParties implements Shared {
        BetweenProcessesOnALock() {
            super(StartMethod.FORKSERVER);
        }

        @Override
        public Lock newLock() {
            return ProcessLock.create();
        }
    }

    /** Between parties. */
    private interface Shared extends SharedConditionContract {
        @Override
        default Lock newLock() {
            return ReentrantProcessLock.create();
        }

        @Override
        default ConditionContract.Subject newCondition(Lock lock) {
            return Duck.as(ConditionContract.Subject.class, ProcessCondition.create(lock));
        }
    }
}
