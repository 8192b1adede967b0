package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multijvm.process.Target;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** What holds for every barrier, as threads of one JVM see it. */
public interface BarrierContract {
    /** How long a wait lasts that is to be in vain. */
    Duration BRIEFLY = Duration.ofMillis(60);

    /** A new barrier; action and timeout may be null. */
    Subject newBarrier(int parties, Target action, Duration timeout);

    /** A barrier, of whichever class. */
    interface Subject extends Serializable {
        int await() throws InterruptedException, BrokenBarrierException;

        int await(Duration timeout) throws InterruptedException, BrokenBarrierException;

        int await(long timeout, TimeUnit unit) throws InterruptedException, BrokenBarrierException, TimeoutException;

        void reset();

        void abort();

        int parties();

        int numberWaiting();

        boolean isBroken();
    }

    private Subject newBarrier(int parties) {
        return newBarrier(parties, null, null);
    }

    private static Background<Integer> waiting(Subject barrier) {
        int before = barrier.numberWaiting();
        var waiting = Background.run(() -> barrier.await()).awaitWaiting();
        Waits.until(() -> barrier.numberWaiting() > before);
        return waiting;
    }

    private static void assertBroken(Background<?> waiting) throws Exception {
        assertThat(waiting.failure()).isInstanceOf(BrokenBarrierException.class);
    }

    private static void assertBroken(Subject barrier) {
        assertThat(barrier.isBroken()).isTrue();
        assertThat(barrier.numberWaiting()).isZero();
        assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(barrier::await);
        assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(() -> barrier.await(BRIEFLY));
        assertThatExceptionOfType(BrokenBarrierException.class)
                .isThrownBy(() -> barrier.await(1, TimeUnit.MILLISECONDS));
    }

    private static void assertUsable(Subject barrier) throws Exception {
        assertThat(barrier.isBroken()).isFalse();
        var others = new ArrayList<Background<Integer>>();
        for (int i = 1; i < barrier.parties(); i++) {
            others.add(waiting(barrier));
        }
        assertThat(barrier.numberWaiting()).isEqualTo(barrier.parties() - 1);
        assertThat(barrier.await()).isZero();
        for (var other : others) {
            assertThat(other.get()).isPositive();
        }
        assertThat(barrier.isBroken()).isFalse();
        assertThat(barrier.numberWaiting()).isZero();
    }

    @Test
    @Conforms("_TestBarrier.test_single_thread")
    default void await_oneParty_neverWaits() throws Exception {
        var runs = new AtomicInteger();
        var barrier = newBarrier(1, runs::incrementAndGet, null);

        assertThat(barrier.parties()).isEqualTo(1);
        for (int i = 1; i <= 1_000; i++) {
            assertThat(barrier.await()).isZero();
            assertThat(runs).hasValue(i);
        }
        assertThat(barrier.await(Duration.ZERO)).isZero();
        assertThat(barrier.await(0, TimeUnit.SECONDS)).isZero();
        assertThat(barrier.numberWaiting()).isZero();
        assertThat(barrier.isBroken()).isFalse();
    }

    @Test
    default void newBarrier_noParty_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> newBarrier(0));
        assertThatIllegalArgumentException().isThrownBy(() -> newBarrier(-1));
    }

    @Test
    default void await_arrivals_areNumberedDownToZero() throws Exception {
        var barrier = newBarrier(4);
        for (int cycle = 0; cycle < 3; cycle++) {
            var first = waiting(barrier);
            Waits.until(() -> barrier.numberWaiting() == 1);
            var second = waiting(barrier);
            Waits.until(() -> barrier.numberWaiting() == 2);
            var third = waiting(barrier);
            Waits.until(() -> barrier.numberWaiting() == 3);

            assertThat(barrier.await()).isZero();

            assertThat(first.get()).isEqualTo(3);
            assertThat(second.get()).isEqualTo(2);
            assertThat(third.get()).isEqualTo(1);
            assertThat(barrier.numberWaiting()).isZero();
        }
    }

    @Test
    default void await_action_runsOnceBeforeAnyoneIsReleased() throws Exception {
        var runs = new AtomicInteger();
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var barrier = newBarrier(
                3,
                () -> {
                    begun.countDown();
                    end.await();
                    runs.incrementAndGet();
                },
                null);
        var all = List.of(waiting(barrier), waiting(barrier), Background.run(() -> barrier.await()));
        begun.await();

        assertThat(all).noneMatch(Background::isDone);
        assertThat(barrier.isBroken()).isFalse();
        end.countDown();

        for (var one : all) {
            one.get();
        }
        assertThat(runs).hasValue(1);
        assertUsable(barrier);
        assertThat(runs).hasValue(2);
    }

    @Test
    default void await_actionThatThrows_breaksIt() throws Exception {
        var barrier = newBarrier(
                2,
                () -> {
                    throw new ArithmeticException("in the action");
                },
                null);
        var other = waiting(barrier);

        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(barrier::await)
                .withMessage("in the action");

        assertBroken(other);
        assertBroken(barrier);
    }

    @Test
    default void await_actionLongerThanATimeout_isWaitedFor() throws Exception {
        var timedOut = new CountDownLatch(1);
        var barrier = newBarrier(2, timedOut::await, null);
        var other = Background.run(() -> barrier.await(Duration.ofMillis(500)));
        Waits.until(() -> barrier.numberWaiting() == 1);
        var last = Background.run(() -> barrier.await());

        // All have come: what a party's time was for is over.
        assertThatExceptionOfType(BrokenBarrierException.class)
                .isThrownBy(() -> newBarrier(2).await(Duration.ofMillis(700)));
        timedOut.countDown();

        assertThat(last.get()).isZero();
        assertThat(other.get()).isEqualTo(1);
        assertThat(barrier.isBroken()).isFalse();
    }

    @Test
    default void await_timeout_breaksItForAllAndForThoseWhoComeLater() throws Exception {
        var barrier = newBarrier(3);
        var patient = waiting(barrier);
        long start = System.nanoTime();

        assertThatExceptionOfType(BrokenBarrierException.class)
                .isThrownBy(() -> barrier.await(BRIEFLY))
                .withMessageContaining("timed out");

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BRIEFLY.toNanos());
        assertBroken(patient);
        assertBroken(barrier);
        barrier.reset();
        assertUsable(barrier);
    }

    @Test
    default void await_timeoutAsInTheJdk_isATimeoutException() throws Exception {
        var barrier = newBarrier(3);
        var patient = waiting(barrier);

        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> barrier.await(BRIEFLY.toMillis(), TimeUnit.MILLISECONDS));

        assertBroken(patient);
        assertBroken(barrier);
    }

    @Test
    default void await_noTime_breaksItUnlessAllHaveCome() throws Exception {
        var barrier = newBarrier(2);
        var other = waiting(barrier);
        assertThat(barrier.await(Duration.ZERO)).isZero();
        assertThat(other.get()).isEqualTo(1);

        assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(() -> barrier.await(Duration.ofDays(-1)));
        assertBroken(barrier);
    }

    @Test
    @Conforms("_TestBarrier.test_default_timeout")
    default void await_timeoutOfItsOwn_isThatOfEveryPlainWait() throws Exception {
        var barrier = newBarrier(2, null, BRIEFLY);
        long start = System.nanoTime();

        assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(barrier::await);

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BRIEFLY.toNanos());
        assertBroken(barrier);
    }

    @Test
    default void abort_partiesWait_breaksItUntilReset() throws Exception {
        var barrier = newBarrier(3);
        var waiting = List.of(waiting(barrier), waiting(barrier));

        barrier.abort();

        for (var one : waiting) {
            assertBroken(one);
        }
        assertBroken(barrier);
        barrier.abort();
        assertBroken(barrier);
        barrier.reset();
        assertUsable(barrier);
        assertUsable(barrier);
    }

    @Test
    default void reset_partiesWait_failsThemAndIsAsNew() throws Exception {
        var barrier = newBarrier(3);
        for (int round = 0; round < 20; round++) {
            var waiting = List.of(waiting(barrier), waiting(barrier));

            barrier.reset();

            assertThat(barrier.isBroken()).isFalse();
            for (var one : waiting) {
                assertBroken(one);
            }
            assertThat(barrier.numberWaiting()).isZero();
        }
        assertUsable(barrier);
    }

    @Test
    default void reset_nobodyWaits_changesNothing() throws Exception {
        var barrier = newBarrier(2);
        for (int i = 0; i < 40; i++) {
            barrier.reset();
        }

        assertUsable(barrier);
    }

    @Test
    default void await_interruptedBefore_throwsAndBreaksIt() throws Exception {
        var barrier = newBarrier(3);
        var patient = waiting(barrier);

        var interrupted = Background.run(() -> {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(barrier::await);
            return Thread.currentThread().isInterrupted();
        });

        assertThat(interrupted.get()).isFalse();
        assertBroken(patient);
        assertBroken(barrier);
        barrier.reset();
        assertUsable(barrier);
    }

    @Test
    default void await_interruptedWhileWaiting_throwsAndBreaksIt() throws Exception {
        var barrier = newBarrier(3);
        var patient = waiting(barrier);
        var interrupted = Background.run(() -> {
                    assertThatExceptionOfType(InterruptedException.class).isThrownBy(barrier::await);
                    return Thread.currentThread().isInterrupted();
                })
                .awaitWaiting();

        interrupted.interrupt();

        assertThat(interrupted.get()).isFalse();
        assertBroken(patient);
        assertBroken(barrier);
    }

    @Test
    default void sentCopy_isTheSameBarrier() throws Exception {
        var barrier = newBarrier(2, null, Duration.ofHours(1));
        var copy = Copies.sent(barrier);

        assertThat(copy).isEqualTo(barrier).hasSameHashCodeAs(barrier);
        assertThat(newBarrier(2)).isNotEqualTo(barrier);
        assertThat(copy.parties()).isEqualTo(2);
        var other = waiting(barrier);
        assertThat(copy.await()).isZero();
        assertThat(other.get()).isEqualTo(1);
        copy.abort();
        assertBroken(barrier);
    }

    @Test
    default void await_thousandsOfCycles_nobodySlipsIntoALaterOne() throws Exception {
        int parties = 4;
        int cycles = 2_000;
        var actions = new AtomicInteger();
        var barrier = newBarrier(parties, actions::incrementAndGet, null);
        var arrived = new AtomicIntegerArray(cycles);
        var zeros = new AtomicInteger();
        var threads = new ArrayList<Background<Void>>();
        for (int i = 0; i < parties; i++) {
            threads.add(Background.run(() -> {
                for (int cycle = 0; cycle < cycles; cycle++) {
                    arrived.incrementAndGet(cycle);
                    if (barrier.await() == 0) {
                        zeros.incrementAndGet();
                    }
                    assertThat(arrived.get(cycle)).isEqualTo(parties);
                    assertThat(actions.get()).isBetween(cycle + 1, cycle + 2);
                }
                return null;
            }));
        }

        for (var thread : threads) {
            thread.get();
        }

        assertThat(zeros).hasValue(cycles);
        assertThat(actions).hasValue(cycles);
        assertThat(barrier.isBroken()).isFalse();
    }
}
