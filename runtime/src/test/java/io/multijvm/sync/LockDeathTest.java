package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.LockContract.Taking;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.Tally;
import io.multijvm.process.Target;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Locks whose holders and waiters end, or stop. */
@ForkTest
@EveryBackend
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
final class LockDeathTest extends ProcessParties {
    LockDeathTest() {
        super(StartMethod.FORKSERVER);
    }

    static Stream<AbstractProcessLock> locks() {
        return Stream.of(ProcessLock.create(), ReentrantProcessLock.create());
    }

    private static void assertInheritedOnce(AbstractProcessLock lock) throws Exception {
        assertThat(lock.isInherited()).isTrue();
        assertThat(lock.locked()).isTrue();
        lock.unlock();
        assertThat(lock.locked()).isFalse();
        assertThat(lock.isInherited()).isFalse();
        lock.lock();
        assertThat(lock.isInherited()).isFalse();
        lock.unlock();
    }

    @ParameterizedTest
    @EnumSource(
            value = StartMethod.class,
            names = {"SPAWN", "FORKSERVER"})
    void holderKilled_waitingThreadInheritsIt(StartMethod method) throws Exception {
        try (var chosen = MultiJvm.getContext(method)) {
            for (var lock : locks().toList()) {
                var holder = after(chosen, lock::lock);
                assertThat(lock.locked()).isTrue();
                assertThat(lock.tryLock()).isFalse();
                var waiting = Background.run(() -> {
                            lock.lock();
                            assertInheritedOnce(lock);
                            return null;
                        })
                        .awaitWaiting();

                holder.kill();

                waiting.get();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("locks")
    void holderKilled_everyWayOfTakingGetsIt(AbstractProcessLock lock) throws Exception {
        for (var way : List.<Taking>of(
                Lock::lock,
                Lock::lockInterruptibly,
                taken -> assertThat(taken.tryLock(1, TimeUnit.HOURS)).isTrue(),
                taken -> assertThat(((AbstractProcessLock) taken).acquire(Duration.ofHours(1)))
                        .isTrue(),
                // Who only ever tries gets it after a while.
                LockDeathTest::poll)) {
            var holder = after(lock::lock);
            holder.kill();
            assertThat(lock.locked()).isTrue();

            var taking = Background.run(() -> {
                way.take(lock);
                assertInheritedOnce(lock);
                return null;
            });

            taking.get();
        }
    }

    private static void poll(Lock lock) {
        while (!lock.tryLock()) {
            Thread.onSpinWait();
        }
    }

    static Stream<Target> endings() {
        return Stream.<Target>of(
                () -> Runtime.getRuntime().halt(3),
                () -> System.exit(3),
                () -> {},
                () -> Thread.currentThread().interrupt());
    }

    @ParameterizedTest
    @MethodSource("endings")
    @DefaultBackend
    void holderEnds_nextInheritsIt(Target ending) throws Exception {
        for (var lock : locks().toList()) {
            started(() -> {
                        lock.lock();
                        ending.run();
                    })
                    .join();

            lock.lock();

            assertInheritedOnce(lock);
        }
    }

    @Test
    void holderKilled_waitingProcessInheritsItAndPassesItOn(@TempDir Path directory) throws Exception {
        var lock = ProcessLock.create();
        var inherited = Tally.in(directory, "inherited");
        var had = Tally.in(directory, "had");
        var holder = after(lock::lock);
        var waiting = List.of(
                waitingIn(() -> takeAndTell(lock, inherited, had)), waitingIn(() -> takeAndTell(lock, inherited, had)));

        holder.kill();

        for (var process : waiting) {
            process.joinOrThrow();
        }
        assertThat(inherited.count()).isEqualTo(1);
        assertThat(had.count()).isEqualTo(2);
        assertThat(lock.locked()).isFalse();
    }

    private static void takeAndTell(ProcessLock lock, Tally inherited, Tally had) throws Exception {
        lock.lock();
        if (lock.isInherited()) {
            inherited.add();
        }
        had.add();
        lock.unlock();
    }

    @Test
    void holderKilled_severalHolds_areGone() throws Exception {
        var lock = ReentrantProcessLock.create();
        var holder = after(() -> {
            lock.lock();
            lock.lock();
            lock.lock();
        });
        holder.kill();

        assertThat(lock.isHeldByCurrentThread()).isFalse();
        lock.lock();

        assertThat(lock.holdCount()).isEqualTo(1);
        assertInheritedOnce(lock);
    }

    @Test
    void inheritorKilled_nextInheritsItAgain() throws Exception {
        var lock = ProcessLock.create();
        after(lock::lock).kill();
        after(lock::lock).kill();

        lock.lock();

        assertInheritedOnce(lock);
    }

    @ParameterizedTest
    @MethodSource("locks")
    void holderPaused_isNotRobbed(AbstractProcessLock lock, @TempDir Path directory) throws Exception {
        var enough = Tally.in(directory, "enough");
        try (var pipe = context.pipe(false)) {
            var writer = pipe.writer();
            var holder = started(() -> {
                lock.lock();
                writer.send("has it");
                enough.await(1);
                assertThat(lock.isInherited()).isFalse();
                lock.unlock();
            });
            assertThat(pipe.reader().recv()).isEqualTo("has it");

            holder.pause();
            var patient = Background.run(() -> {
                        lock.lock();
                        boolean inherited = lock.isInherited();
                        lock.unlock();
                        return inherited;
                    })
                    .awaitWaiting();
            assertThat(lock.tryLock(500, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(lock.tryLock()).isFalse();
            assertThat(patient.isDone()).isFalse();
            holder.resume();
            enough.add();

            assertThat(patient.get()).isFalse();
            holder.joinOrThrow();
        }
    }

    @ParameterizedTest
    @MethodSource("locks")
    void waiterKilled_theOthersGetIt(AbstractProcessLock lock, @TempDir Path directory) throws Exception {
        var had = Tally.in(directory, "had");
        lock.lock();
        var killed = waitingIn(lock::lock);
        var other = waitingIn(() -> {
            lock.lock();
            assertThat(lock.isInherited()).isFalse();
            had.add();
            lock.unlock();
        });

        killed.kill();
        lock.unlock();

        other.joinOrThrow();
        assertThat(had.count()).isEqualTo(1);
        lock.lock();
        assertThat(lock.isInherited()).isFalse();
        lock.unlock();
    }
}
