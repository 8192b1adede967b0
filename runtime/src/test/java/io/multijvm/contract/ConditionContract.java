package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What holds for every condition, over whichever lock, as threads of one JVM see it. */
// The number of wake-ups is what matters; the interface has a Date; a test that fails needs its lock no more.
@SuppressWarnings({"WaitNotInLoop", "JavaUtilDate", "LockNotBeforeTry"})
public interface ConditionContract {
    /** How long a wait lasts that is to be in vain. */
    Duration BRIEFLY = Duration.ofMillis(60);

    /** A new condition on {@code lock}, which may be used wherever the lock may. */
    Subject newCondition(Lock lock);

    /** A new lock of the kind that conditions are made on here. */
    Lock newLock();

    /** A condition with Python's verbs, of whichever class. */
    interface Subject extends Condition, Serializable {
        Lock lock();

        boolean await(Duration timeout) throws InterruptedException;

        boolean waitFor(BooleanSupplier predicate, Duration timeout) throws InterruptedException;

        void signal(int count);

        /** How many threads wait; for the holder of the lock. */
        int waiting();
    }

    private Subject newCondition() {
        return newCondition(newLock());
    }

    /** A thread that waits for {@code condition}; gives what {@code wait} does. */
    static <T> Background<T> waiting(Subject condition, Callable<T> wait) throws Exception {
        int before = waitingNow(condition);
        var waiting = Background.run(() -> {
            condition.lock().lock();
            try {
                return wait.call();
            } finally {
                condition.lock().unlock();
            }
        });
        Waits.until(() -> waitingNow(condition) == before + 1);
        return waiting;
    }

    private static Background<Boolean> waiting(Subject condition) throws Exception {
        return waiting(condition, () -> condition.await((Duration) null));
    }

    static int waitingNow(Subject condition) {
        condition.lock().lock();
        try {
            return condition.waiting();
        } finally {
            condition.lock().unlock();
        }
    }

    private static void signal(Subject condition, int count) {
        condition.lock().lock();
        try {
            condition.signal(count);
        } finally {
            condition.lock().unlock();
        }
    }

    @Test
    default void everything_lockNotHeld_isRefused() {
        var condition = newCondition();

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                condition::await,
                () -> condition.await(BRIEFLY),
                () -> condition.await(1, TimeUnit.MILLISECONDS),
                () -> condition.awaitNanos(1),
                () -> condition.awaitUntil(new Date()),
                () -> condition.awaitUninterruptibly(),
                () -> condition.waitFor(() -> true, BRIEFLY),
                () -> condition.signal(),
                () -> condition.signal(1),
                condition::signalAll,
                condition::waiting)) {
            assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(call);
        }
        assertThat(condition.lock().tryLock()).isTrue();
        condition.lock().unlock();
    }

    @Test
    @Conforms("_TestCondition.test_timeout")
    default void await_nobodySignals_isFalseNotBeforeTheTimeout() throws Exception {
        var condition = newCondition();
        condition.lock().lock();

        long start = System.nanoTime();
        assertThat(condition.await(BRIEFLY)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BRIEFLY.toNanos());
        start = System.nanoTime();
        assertThat(condition.await(BRIEFLY.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BRIEFLY.toNanos());
        assertThat(condition.awaitNanos(BRIEFLY.toNanos())).isLessThanOrEqualTo(0);
        long end = System.currentTimeMillis() + BRIEFLY.toMillis();
        assertThat(condition.awaitUntil(new Date(end))).isFalse();
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(end);
        for (Duration none : List.of(Duration.ZERO, Duration.ofDays(-1))) {
            assertThat(condition.await(none)).isFalse();
            assertThat(condition.awaitNanos(none.toNanos())).isLessThanOrEqualTo(0);
        }
        assertThat(condition.awaitUntil(new Date(0))).isFalse();

        assertThat(condition.waiting()).isZero();
        assertThat(LockContract.tryLockElsewhere(condition.lock())).isFalse();
        condition.lock().unlock();
        assertThat(LockContract.tryLockElsewhere(condition.lock())).isTrue();
    }

    @Test
    default void everyWait_signalled_saysSo() throws Exception {
        var condition = newCondition();
        var waits = List.<Callable<Boolean>>of(
                () -> {
                    condition.await();
                    return true;
                },
                () -> condition.await(Duration.ofHours(1)),
                () -> condition.await(1, TimeUnit.HOURS),
                () -> condition.awaitNanos(Duration.ofHours(1).toNanos()) > 0,
                () -> condition.awaitUntil(new Date(System.currentTimeMillis() + 3_600_000)),
                () -> {
                    condition.awaitUninterruptibly();
                    return true;
                });
        for (var wait : waits) {
            var waiting = waiting(condition, wait);

            condition.lock().lock();
            condition.signal();
            condition.lock().unlock();

            assertThat(waiting.get()).isTrue();
            assertThat(waitingNow(condition)).isZero();
        }
    }

    @Test
    @Conforms("_TestCondition.test_notify_n")
    default void signal_number_wakesExactlySoMany() throws Exception {
        var condition = newCondition();
        var woken = new AtomicInteger();
        var waiting = new ArrayList<Background<Integer>>();
        for (int i = 0; i < 6; i++) {
            waiting.add(waiting(condition, () -> {
                condition.await();
                return woken.incrementAndGet();
            }));
        }

        signal(condition, 0);
        assertThat(waitingNow(condition)).isEqualTo(6);
        signal(condition, 2);
        Waits.until(() -> woken.get() == 2);
        assertThat(waitingNow(condition)).isEqualTo(4);
        signal(condition, 1);
        Waits.until(() -> woken.get() == 3);
        assertThat(waitingNow(condition)).isEqualTo(3);
        signal(condition, 100);
        for (var one : waiting) {
            one.get();
        }

        assertThat(woken).hasValue(6);
        assertThat(waitingNow(condition)).isZero();
    }

    @Test
    default void signal_nobodyWaits_isNotKept() throws Exception {
        var condition = newCondition();
        signal(condition, 3);
        var first = waiting(condition);
        signal(condition, 5);
        assertThat(first.get()).isTrue();

        condition.lock().lock();
        assertThat(condition.await(BRIEFLY)).isFalse();
        condition.signalAll();
        assertThat(condition.await(BRIEFLY)).isFalse();
        condition.lock().unlock();
    }

    @Test
    default void signal_twiceBeforeAnyoneWakes_wakesTwo() throws Exception {
        var condition = newCondition();
        var waiting = List.of(waiting(condition), waiting(condition), waiting(condition));

        condition.lock().lock();
        condition.signal(1);
        condition.signal(1);
        condition.lock().unlock();

        Waits.until(() -> waiting.stream().filter(Background::isDone).count() == 2);
        assertThat(waitingNow(condition)).isEqualTo(1);
        signal(condition, 1);
        for (var one : waiting) {
            assertThat(one.get()).isTrue();
        }
    }

    @Test
    default void signal_negativeNumber_isRefused() {
        var condition = newCondition();
        condition.lock().lock();

        assertThatIllegalArgumentException().isThrownBy(() -> condition.signal(-1));
        condition.lock().unlock();
    }

    @Test
    default void signal_laterComer_doesNotTakeIt() throws Exception {
        var condition = newCondition();
        for (int round = 0; round < 20; round++) {
            var waiting = waiting(condition);

            condition.lock().lock();
            condition.signal(1);
            // Begins to wait before the other one, which needs the lock, can have come back.
            assertThat(condition.await(Duration.ofMillis(1))).isFalse();
            condition.lock().unlock();

            assertThat(waiting.get()).isTrue();
        }
    }

    @Test
    default void await_timedOutEarlier_leavesNothingBehind() throws Exception {
        var condition = newCondition();
        var timedOut = new ArrayList<Background<Boolean>>();
        for (int i = 0; i < 3; i++) {
            timedOut.add(Background.run(() -> {
                condition.lock().lock();
                try {
                    return condition.await(BRIEFLY);
                } finally {
                    condition.lock().unlock();
                }
            }));
        }
        for (var one : timedOut) {
            assertThat(one.get()).isFalse();
        }
        assertThat(waitingNow(condition)).isZero();

        var waiting = List.of(waiting(condition), waiting(condition));
        signal(condition, 1);
        Waits.until(() -> waiting.stream().anyMatch(Background::isDone));
        assertThat(waitingNow(condition)).isEqualTo(1);
        signal(condition, 3);
        for (var one : waiting) {
            assertThat(one.get()).isTrue();
        }
        condition.lock().lock();
        assertThat(condition.await(BRIEFLY)).isFalse();
        condition.lock().unlock();
    }

    @Test
    default void signalAll_severalWait_wakesAll() throws Exception {
        var condition = newCondition();
        for (int round = 0; round < 3; round++) {
            var waiting = List.of(waiting(condition), waiting(condition), waiting(condition), waiting(condition));

            condition.lock().lock();
            condition.signalAll();
            assertThat(waiting).noneMatch(Background::isDone);
            condition.lock().unlock();

            for (var one : waiting) {
                assertThat(one.get()).isTrue();
            }
        }
    }

    @Test
    default void waitFor_predicateTrueAtOnce_doesNotWait() throws Exception {
        var condition = newCondition();
        condition.lock().lock();

        assertThat(condition.waitFor(() -> true, Duration.ZERO)).isTrue();
        assertThat(condition.waitFor(() -> true, null)).isTrue();
        assertThat(condition.waitFor(() -> false, Duration.ZERO)).isFalse();
        condition.lock().unlock();
    }

    @Test
    default void waitFor_becomesTrueAtTheLastMoment_isItsLastValue() throws Exception {
        var condition = newCondition();
        var looks = new AtomicInteger();
        condition.lock().lock();

        assertThat(condition.waitFor(() -> looks.incrementAndGet() == 2, Duration.ofMillis(1)))
                .isTrue();
        assertThat(looks).hasValue(2);
        condition.lock().unlock();
    }

    @Test
    default void waitFor_signalsKeepComing_hasOneDeadline() throws Exception {
        var condition = newCondition();
        var looks = new AtomicInteger();
        var waiting = waiting(condition, () -> {
            long start = System.nanoTime();
            assertThat(condition.waitFor(() -> looks.incrementAndGet() < 0, Duration.ofMillis(300)))
                    .isFalse();
            return System.nanoTime() - start;
        });

        while (!waiting.isDone()) {
            signal(condition, 1);
            Thread.onSpinWait();
        }

        assertThat(waiting.get()).isGreaterThanOrEqualTo(300_000_000);
        assertThat(looks).hasValueGreaterThan(3);
    }

    @Test
    default void waitFor_predicateThrows_holdsTheLock() throws Exception {
        var condition = newCondition();
        condition.lock().lock();

        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> condition.waitFor(
                        () -> {
                            throw new ArithmeticException();
                        },
                        null));
        assertThat(condition.waiting()).isZero();
        condition.lock().unlock();
    }

    @Test
    default void await_interruptedBefore_throwsAndHoldsTheLock() throws Exception {
        var condition = newCondition();

        var interrupted = Background.run(() -> {
            condition.lock().lock();
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(condition::await);
            boolean after = Thread.currentThread().isInterrupted();
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> condition.await(Duration.ofHours(1)));
            assertThat(condition.waiting()).isZero();
            condition.lock().unlock();
            return after || Thread.currentThread().isInterrupted();
        });

        assertThat(interrupted.get()).isFalse();
    }

    @Test
    default void await_interruptedWhileWaiting_throwsAndHoldsTheLock() throws Exception {
        var condition = newCondition();
        var interrupted = waiting(condition, () -> {
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(condition::await);
            assertThat(condition.waiting()).isEqualTo(1); // by right of holding the lock
            return Thread.currentThread().isInterrupted();
        });
        var other = waiting(condition);

        condition.lock().lock();
        interrupted.interrupt();
        assertThat(interrupted.isDone()).isFalse();
        condition.lock().unlock();

        assertThat(interrupted.get()).isFalse();
        assertThat(other.isDone()).isFalse();
        signal(condition, 1);
        assertThat(other.get()).isTrue();
    }

    @Test
    default void awaitUninterruptibly_interrupted_waitsOnAndKeepsTheStatus() throws Exception {
        var condition = newCondition();
        var waiting = waiting(condition, () -> {
            condition.awaitUninterruptibly();
            return Thread.currentThread().isInterrupted();
        });

        waiting.interrupt();
        waiting.awaitWaiting();
        assertThat(waitingNow(condition)).isEqualTo(1);
        assertThat(waiting.isDone()).isFalse();
        signal(condition, 1);

        assertThat(waiting.get()).isTrue();
    }

    @Test
    default void signal_toOneOfTwoThatAreInterrupted_isNeitherLostNorDoubled() throws Exception {
        var condition = newCondition();
        for (int round = 0; round < 50; round++) {
            var first = waiting(condition, () -> outcome(condition));
            var second = waiting(condition, () -> outcome(condition));

            condition.lock().lock();
            condition.signal(1);
            first.interrupt();
            condition.lock().unlock();

            boolean firstTold = first.get();
            if (firstTold) {
                assertThat(waitingNow(condition)).isEqualTo(1);
                signal(condition, 1);
            }
            assertThat(second.get()).isTrue();
            assertThat(waitingNow(condition)).isZero();
        }
    }

    /** Whether it was told; one that was interrupted as well has its status still. */
    private static boolean outcome(Subject condition) {
        try {
            condition.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    default void signal_toTheOnlyOneThenInterrupted_isTold() throws Exception {
        var condition = newCondition();
        for (int round = 0; round < 50; round++) {
            var waiting = waiting(condition, () -> {
                boolean told = outcome(condition);
                return told && Thread.currentThread().isInterrupted();
            });

            condition.lock().lock();
            condition.signal(1);
            waiting.interrupt();
            condition.lock().unlock();

            assertThat(waiting.get()).isTrue();
        }
    }

    @Test
    default void signal_otherConditionOfTheSameLock_isNotMeant() throws Exception {
        var lock = newLock();
        var one = newCondition(lock);
        var other = newCondition(lock);
        var waiting = waiting(one);

        signal(other, 1);
        assertThat(waitingNow(one)).isEqualTo(1);
        assertThat(waiting.isDone()).isFalse();
        signal(one, 1);

        assertThat(waiting.get()).isTrue();
    }

    @Test
    default void sentCopy_isTheSameConditionOnTheSameLock() throws Exception {
        var condition = newCondition();
        var copy = Copies.sent(condition);

        assertThat(copy).isEqualTo(condition).hasSameHashCodeAs(condition);
        assertThat(copy.lock()).isEqualTo(condition.lock());
        assertThat(newCondition(condition.lock())).isNotEqualTo(condition);
        var waiting = waiting(condition);
        signal(copy, 1);
        assertThat(waiting.get()).isTrue();
    }

    @Test
    default void twoConditions_boundedQueue_passesEverythingOn() throws Exception {
        int items = 2_000;
        var lock = newLock();
        var notEmpty = newCondition(lock);
        var notFull = newCondition(lock);
        var queue = new ArrayDeque<Integer>();
        var producers = new ArrayList<Background<Long>>();
        var consumers = new ArrayList<Background<Long>>();
        for (int i = 0; i < 2; i++) {
            producers.add(Background.run(() -> {
                for (int item = 1; item <= items; item++) {
                    lock.lock();
                    notFull.waitFor(() -> queue.size() < 2, null);
                    queue.add(item);
                    notEmpty.signal(1);
                    lock.unlock();
                }
                return 0L;
            }));
            consumers.add(Background.run(() -> {
                long sum = 0;
                for (int item = 1; item <= items; item++) {
                    lock.lock();
                    notEmpty.waitFor(() -> !queue.isEmpty(), null);
                    sum += queue.remove();
                    notFull.signal(1);
                    lock.unlock();
                }
                return sum;
            }));
        }

        long sum = 0;
        for (var consumer : consumers) {
            sum += consumer.get();
        }
        for (var producer : producers) {
            producer.get();
        }
        assertThat(sum).isEqualTo((long) items * (items + 1));
    }
}
