package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.AcquireContract;
import io.multijvm.contract.Duck;
import io.multijvm.contract.LockVerbs;
import io.multijvm.contract.OwnerlessLockContract;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SharedOwnerlessLockContract;
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
final class ProcessLockTest implements AcquireContract, OwnerlessLockContract {
    @Override
    public LockVerbs newLock() {
        return Duck.as(LockVerbs.class, ProcessLock.create());
    }

    /** Between parties. */
    private interface Shared extends SharedOwnerlessLockContract {
        @Override
        default Lock newLock() {
            return ProcessLock.create();
        }

        @Override
        default Probe probe() {
            return lock -> ((ProcessLock) lock).locked();
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
        @Conforms("_TestLock.test_repr_lock")
        @DefaultBackend
        void toString_saysWhoHoldsIt(@TempDir Path directory) throws Exception {
            var lock = ProcessLock.create();
            assertThat(lock).hasToString("ProcessLock[owner=None]");
            Background.run("main", () -> assertThat(withHeld(lock)).isEqualTo("ProcessLock[owner=MainProcess]"))
                    .get();
            Background.run("T1", () -> assertThat(withHeld(lock)).isEqualTo("ProcessLock[owner=MainProcess|T1]"))
                    .get();

            Background.run("T2", () -> {
                        lock.lock();
                        return null;
                    })
                    .get();
            assertThat(lock).hasToString("ProcessLock[owner=SomeOtherThread]");
            lock.unlock();

            var taken = Tally.in(directory, "taken");
            var seen = Tally.in(directory, "seen");
            var child = context.process("P1", () -> {
                assertThat(withHeld(lock)).isEqualTo("ProcessLock[owner=P1]");
                lock.lock();
                taken.add();
                seen.await(1);
                lock.unlock();
            });
            child.start();
            taken.await(1);
            assertThat(lock).hasToString("ProcessLock[owner=SomeOtherProcess]");
            seen.add();
            child.joinOrThrow();
        }

        private static String withHeld(ProcessLock lock) {
            lock.lock();
            try {
                return lock.toString();
            } finally {
                lock.unlock();
            }
        }

        @Test
        @DefaultBackend
        void lock_passedOnToAGrandchild_staysTheSame() throws Exception {
            var lock = ProcessLock.create();
            lock.lock();
            var child = context.process(() -> {
                assertThat(lock.tryLock()).isFalse();
                var grandchild = MultiJvm.process(() -> {
                    assertThat(lock.tryLock()).isFalse();
                    lock.unlock();
                    lock.lock();
                    lock.unlock();
                });
                grandchild.start();
                grandchild.joinOrThrow();
            });
            child.start();
            child.joinOrThrow();

            assertThat(lock.locked()).isFalse();
        }

        @Test
        @DefaultBackend
        void create_inAChild_isTheSameLockHere() throws Exception {
            try (var pipe = context.pipe()) {
                var theirs = pipe.second();
                var child = context.process(() -> {
                    var lock = ProcessLock.create();
                    lock.lock();
                    theirs.send(lock);
                    theirs.recv();
                    assertThat(lock.locked()).isFalse();
                });
                child.start();
                var lock = pipe.first().recv(ProcessLock.class);
                assertThat(lock.locked()).isTrue();
                assertThat(lock.tryLock()).isFalse();
                lock.unlock();
                pipe.first().send("released");
                child.joinOrThrow();
                // Its maker is gone, its memory is not.
                lock.lock();
                lock.unlock();
            }
        }
    }
}
