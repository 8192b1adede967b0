package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.AcquireContract;
import io.multijvm.contract.Duck;
import io.multijvm.contract.LockVerbs;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.ReentrantLockContract;
import io.multijvm.contract.SharedReentrantLockContract;
import io.multijvm.contract.Tally;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EveryBackend
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
final class ReentrantProcessLockTest implements AcquireContract, ReentrantLockContract {
    @Override
    public LockVerbs.Reentrant newLock() {
        return Duck.as(LockVerbs.Reentrant.class, ReentrantProcessLock.create());
    }

    /** Between parties. */
    private interface Shared extends SharedReentrantLockContract {
        @Override
        default Lock newLock() {
            return ReentrantProcessLock.create();
        }

        @Override
        default Probe probe() {
            return lock -> ((ReentrantProcessLock) lock).locked();
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

        @Test
        @Conforms("_TestLock.test_repr_rlock")
        @DefaultBackend
        void toString_saysWhoHoldsItAndHowOften(@TempDir Path directory) throws Exception {
            var lock = ReentrantProcessLock.create();
            assertThat(lock).hasToString("ReentrantProcessLock[owner=None, holds=0]");
            Background.run(
                            "main",
                            () -> assertThat(withHeld(lock, 3))
                                    .isEqualTo("ReentrantProcessLock[owner=MainProcess, holds=3]"))
                    .get();
            Background.run(
                            "T1",
                            () -> assertThat(withHeld(lock, 2))
                                    .isEqualTo("ReentrantProcessLock[owner=MainProcess|T1, holds=2]"))
                    .get();

            lock.lock();
            Background.run(
                            "T2",
                            () -> assertThat(lock)
                                    .hasToString("ReentrantProcessLock[owner=SomeOtherThread, holds=nonzero]"))
                    .get();
            lock.unlock();

            var taken = Tally.in(directory, "taken");
            var seen = Tally.in(directory, "seen");
            var child = context.process("P1", () -> {
                assertThat(withHeld(lock, 1)).isEqualTo("ReentrantProcessLock[owner=P1, holds=1]");
                lock.lock();
                taken.add();
                seen.await(1);
                lock.unlock();
            });
            child.start();
            taken.await(1);
            assertThat(lock).hasToString("ReentrantProcessLock[owner=SomeOtherProcess, holds=nonzero]");
            seen.add();
            child.joinOrThrow();
        }

        private static String withHeld(ReentrantProcessLock lock, int times) {
            for (int i = 0; i < times; i++) {
                lock.lock();
            }
            String text = lock.toString();
            for (int i = 0; i < times; i++) {
                lock.unlock();
            }
            return text;
        }
    }
}
