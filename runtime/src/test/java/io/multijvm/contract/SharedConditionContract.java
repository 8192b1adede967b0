package io.multijvm.contract;

import static io.multijvm.contract.ConditionContract.waitingNow;
import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.process.Target;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryStartMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every condition between its parties, wherever they run, and some threads of this JVM. */
// The number of wake-ups is what matters; a test that fails needs its lock no more.
@SuppressWarnings({"WaitNotInLoop", "LockNotBeforeTry"})
public interface SharedConditionContract {
    Workers workers();

    /** A new lock of the kind that conditions are made on here. */
    Lock newLock();

    /** A new condition on {@code lock}. */
    ConditionContract.Subject newCondition(Lock lock);

    private List<Workers.Worker> waiting(ConditionContract.Subject condition, Tally woken, int elsewhere, int here) {
        var all = new ArrayList<Workers.Worker>();
        Target wait = () -> {
            condition.lock().lock();
            condition.await();
            woken.add();
            condition.lock().unlock();
        };
        all.addAll(workers().start(elsewhere, wait));
        all.addAll(Workers.threads().start(here, wait));
        Waits.until(() -> waitingNow(condition) == elsewhere + here);
        return all;
    }

    private static void signal(ConditionContract.Subject condition, int count) {
        condition.lock().lock();
        condition.signal(count);
        condition.lock().unlock();
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestCondition.test_notify")
    default void signal_oneHereAndOneElsewhereWait_wakesOneEach(@TempDir Path directory) throws Exception {
        var condition = newCondition(newLock());
        var woken = Tally.in(directory, "woken");
        var waiting = waiting(condition, woken, 1, 1);
        assertThat(woken.count()).isZero();

        signal(condition, 1);
        woken.await(1);
        assertThat(waitingNow(condition)).isEqualTo(1);
        assertThat(woken.count()).isEqualTo(1);
        signal(condition, 1);

        Workers.joinAll(waiting);
        assertThat(woken.count()).isEqualTo(2);
        assertThat(waitingNow(condition)).isZero();
    }

    @Test
    @Conforms("_TestCondition.test_notify_all")
    default void signalAll_afterWaitsThatTimedOut_wakesAll(@TempDir Path directory) throws Exception {
        var condition = newCondition(newLock());
        var timedOut = Tally.in(directory, "timedOut");
        var woken = Tally.in(directory, "woken");
        Target wait = () -> {
            condition.lock().lock();
            assertThat(condition.await(Duration.ofMillis(100))).isFalse();
            timedOut.add();
            condition.lock().unlock();
        };
        var first = new ArrayList<Workers.Worker>();
        first.addAll(workers().start(3, wait));
        first.addAll(Workers.threads().start(3, wait));
        Workers.joinAll(first);
        assertThat(timedOut.count()).isEqualTo(6);
        assertThat(waitingNow(condition)).isZero();
        var waiting = waiting(condition, woken, 3, 3);

        condition.lock().lock();
        condition.signalAll();
        assertThat(woken.count()).isZero();
        condition.lock().unlock();

        Workers.joinAll(waiting);
        assertThat(woken.count()).isEqualTo(6);
    }

    @Test
    @Conforms("_TestCondition.test_notify_n")
    @DefaultBackend
    default void signal_number_wakesExactlySoManyWhereverTheyWait(@TempDir Path directory) throws Exception {
        var condition = newCondition(newLock());
        var woken = Tally.in(directory, "woken");
        var waiting = waiting(condition, woken, 3, 3);

        signal(condition, 2);
        woken.await(2);
        assertThat(waitingNow(condition)).isEqualTo(4);
        assertThat(woken.count()).isEqualTo(2);
        signal(condition, 4);
        woken.await(6);
        signal(condition, 3);

        Workers.joinAll(waiting);
        assertThat(woken.count()).isEqualTo(6);
        condition.lock().lock();
        assertThat(condition.await(Duration.ofMillis(50))).isFalse();
        condition.lock().unlock();
    }

    @Test
    @Conforms("_TestCondition.test_waitfor")
    @DefaultBackend
    default void waitFor_signalledIncrements_endsWithTheFourth(@TempDir Path directory) throws Exception {
        var condition = newCondition(newLock());
        var value = Tally.in(directory, "value");
        var waiting = workers().start(() -> {
            condition.lock().lock();
            assertThat(condition.waitFor(() -> reached(value, 0), null)).isTrue();
            assertThat(condition.waitFor(() -> reached(value, 4), null)).isTrue();
            assertThat(value.count()).isEqualTo(4);
            condition.lock().unlock();
        });
        Waits.until(() -> waitingNow(condition) == 1);
        assertThat(value.count()).isZero();

        for (int i = 0; i < 4; i++) {
            Waits.until(() -> waitingNow(condition) == 1);
            condition.lock().lock();
            value.add();
            condition.signal(1);
            condition.lock().unlock();
        }

        waiting.join();
    }

    private static boolean reached(Tally value, int wanted) {
        try {
            return value.count() >= wanted;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Conforms("_TestCondition.test_waitfor_timeout")
    @DefaultBackend
    default void waitFor_oneIncrementTooFew_isFalseNotBeforeTheTimeout(@TempDir Path directory) throws Exception {
        var condition = newCondition(newLock());
        var value = Tally.in(directory, "value");
        var waiting = workers().start(() -> {
            condition.lock().lock();
            long start = System.nanoTime();
            assertThat(condition.waitFor(() -> reached(value, 4), Duration.ofMillis(500)))
                    .isFalse();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(500_000_000);
            condition.lock().unlock();
        });

        for (int i = 0; i < 3; i++) {
            condition.lock().lock();
            value.add();
            condition.signal(1);
            condition.lock().unlock();
        }

        waiting.join();
        assertThat(waitingNow(condition)).isZero();
    }

    @Test
    default void signal_backAndForth_losesNothing(@TempDir Path directory) throws Exception {
        int rounds = 200;
        var lock = newLock();
        var condition = newCondition(lock);
        var turns = Tally.in(directory, "turns");
        var other = workers().start(() -> takeTurns(condition, turns, rounds, 1));

        takeTurns(condition, turns, rounds, 0);

        other.join();
        assertThat(turns.count()).isEqualTo(2 * rounds);
    }

    private static void takeTurns(ConditionContract.Subject condition, Tally turns, int rounds, int mine)
            throws Exception {
        for (int i = 0; i < rounds; i++) {
            int turn = 2 * i + mine;
            condition.lock().lock();
            assertThat(condition.waitFor(() -> reached(turns, turn), Duration.ofSeconds(30)))
                    .isTrue();
            turns.add();
            condition.signal(1);
            condition.lock().unlock();
        }
    }
}
