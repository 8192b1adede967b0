package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.MultiJvm;
import io.multijvm.process.Target;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryStartMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every barrier between its five parties, wherever four of them run. */
public interface SharedBarrierContract {
    int PARTIES = 5;

    Workers workers();

    /** A new barrier; action and timeout may be null. */
    BarrierContract.Subject newBarrier(int parties, Target action, Duration timeout);

    private BarrierContract.Subject newBarrier() {
        return newBarrier(PARTIES, null, null);
    }

    /** Has four workers and this thread do the same. */
    private void run(Target target) throws Exception {
        var workers = workers().start(PARTIES - 1, target);
        target.run();
        Workers.joinAll(workers);
    }

    @Test
    @Conforms("_TestBarrier.test_barrier")
    @DefaultBackend
    default void await_twice_isLockstep(@TempDir Path directory) throws Exception {
        passInLockstep(directory, 2);
    }

    @Test
    @Conforms("_TestBarrier.test_barrier_10")
    default void await_tenTimes_isLockstep(@TempDir Path directory) throws Exception {
        passInLockstep(directory, 10);
    }

    private void passInLockstep(Path directory, int cycles) throws Exception {
        var barrier = newBarrier();
        var before = Tally.in(directory, "before");
        var after = Tally.in(directory, "after");
        run(() -> {
            for (int cycle = 0; cycle < cycles; cycle++) {
                before.add();
                assertThat(after.count()).isEqualTo(cycle * PARTIES);
                barrier.await();
                after.add();
                assertThat(before.count()).isEqualTo((cycle + 1) * PARTIES);
                barrier.await();
            }
        });

        assertThat(after.count()).isEqualTo(cycles * PARTIES);
        assertThat(barrier.numberWaiting()).isZero();
        assertThat(barrier.isBroken()).isFalse();
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestBarrier.test_wait_return")
    @DefaultBackend
    default void await_eachParty_getsAnIndexOfItsOwn(@TempDir Path directory) throws Exception {
        var barrier = newBarrier();
        var indexes = new ArrayList<Tally>();
        for (int i = 0; i < PARTIES; i++) {
            indexes.add(Tally.in(directory, "index" + i));
        }
        Tally[] counts = indexes.toArray(Tally[]::new);

        run(() -> {
            counts[barrier.await()].add();
            counts[barrier.await()].add();
        });

        for (Tally count : counts) {
            assertThat(count.count()).isEqualTo(2);
        }
    }

    @Test
    @Conforms("_TestBarrier.test_action")
    default void await_action_runsOnceBeforeAnyoneIsReleased(@TempDir Path directory) throws Exception {
        var runs = Tally.in(directory, "runs");
        var barrier = newBarrier(PARTIES, runs::add, null);

        run(() -> {
            barrier.await();
            assertThat(runs.count()).isEqualTo(1);
            barrier.await();
            assertThat(runs.count()).isEqualTo(2);
        });

        assertThat(runs.count()).isEqualTo(2);
    }

    @Test
    default void abort_byOneParty_breaksItForAll(@TempDir Path directory) throws Exception {
        var barrier = newBarrier();
        var broken = Tally.in(directory, "broken");
        var waiting = workers().start(PARTIES - 2, () -> {
            assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(barrier::await);
            broken.add();
        });
        Waits.until(() -> barrier.numberWaiting() == PARTIES - 2);
        assertThat(broken.count()).isZero();

        workers().start(barrier::abort).join();

        Workers.joinAll(waiting);
        assertThat(broken.count()).isEqualTo(PARTIES - 2);
        assertThat(barrier.isBroken()).isTrue();
        assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(barrier::await);
    }

    @Test
    @Conforms("_TestBarrier.test_abort_and_reset")
    @DefaultBackend
    default void reset_afterAnAbort_makesItAsNew(@TempDir Path directory) throws Exception {
        var barrier = newBarrier();
        var meeting = newBarrier();
        var broken = Tally.in(directory, "broken");
        var passed = Tally.in(directory, "passed");

        run(() -> {
            if (meeting.await() == 0) {
                barrier.abort();
            }
            try {
                barrier.await();
            } catch (BrokenBarrierException e) {
                broken.add();
            }
            if (meeting.await() == 0) {
                barrier.reset();
            }
            meeting.await();
            barrier.await();
            passed.add();
        });

        assertThat(broken.count()).isEqualTo(PARTIES);
        assertThat(passed.count()).isEqualTo(PARTIES);
        assertThat(barrier.isBroken()).isFalse();
    }

    @Test
    @Conforms("_TestBarrier.test_timeout")
    default void await_oneIsLate_failsForAll(@TempDir Path directory) throws Exception {
        var barrier = newBarrier();
        failForOneWhoIsLate(barrier, () -> barrier.await(Duration.ofMillis(200)), directory);
    }

    @Test
    @Conforms("_TestBarrier.test_default_timeout")
    @DefaultBackend
    default void await_oneIsLateForItsTimeout_failsForAll(@TempDir Path directory) throws Exception {
        var barrier = newBarrier(PARTIES, null, Duration.ofMillis(200));
        failForOneWhoIsLate(barrier, barrier::await, directory);
    }

    private void failForOneWhoIsLate(BarrierContract.Subject barrier, Target await, Path directory) throws Exception {
        var broken = Tally.in(directory, "broken");
        var waiting = workers().start(PARTIES - 1, () -> {
            assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(await::run);
            broken.add();
        });
        broken.await(PARTIES - 1);

        assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(await::run);

        Workers.joinAll(waiting);
        assertThat(barrier.isBroken()).isTrue();
    }

    @Test
    @Conforms("_TestBarrier.test_thousand")
    default void await_thousandCycles_keepTheirOrder() throws Exception {
        int cycles = 1_000;
        var barrier = newBarrier();
        try (var pipe = MultiJvm.pipe(false)) {
            var writer = pipe.writer();
            var workers = workers().startEach(PARTIES, party -> () -> {
                for (int cycle = 0; cycle < cycles; cycle++) {
                    barrier.await();
                    writer.send(cycle * PARTIES + party);
                }
            });

            for (int cycle = 0; cycle < cycles; cycle++) {
                var heard = new int[PARTIES];
                for (int i = 0; i < PARTIES; i++) {
                    heard[i] = (int) pipe.reader().recv();
                }
                Arrays.sort(heard);
                int first = cycle * PARTIES;
                assertThat(heard)
                        .isEqualTo(IntStream.range(first, first + PARTIES).toArray());
            }

            Workers.joinAll(workers);
        }
        assertThat(barrier.isBroken()).isFalse();
        assertThat(barrier.numberWaiting()).isZero();
    }
}
