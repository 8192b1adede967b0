package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.StressTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class EventCountTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int WAITERS = 4;

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Member me = family.member();
    private final Member other = family.member();
    private final Block block = me.domain().allocate(EventCount.SIZE);
    private final EventCount mine = eventCount(me.domain(), block);
    private final EventCount theirs = other.open(block, EventCountTest::eventCount);
    private final Tickets tickets = new Tickets();

    private static EventCount eventCount(Domain domain, Block block) {
        return new EventCount(domain, block, 0);
    }

    /** A number of tickets, one for each who has waited. */
    private static final class Tickets implements EventCount.Awaited {
        final AtomicInteger left = new AtomicInteger();
        final AtomicInteger looks = new AtomicInteger();

        @Override
        public boolean isThere() {
            return left.get() > 0;
        }

        @Override
        public void lookForDead() {
            looks.incrementAndGet();
        }

        boolean take() {
            return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
        }
    }

    @Test
    void await_thereAlready_returnsAtOnce() throws Exception {
        tickets.left.set(1);

        assertThat(mine.await(tickets, Deadline.after(Duration.ZERO))).isTrue();
    }

    @Test
    void await_neverThere_endsAtTheDeadline() throws Exception {
        long begin = System.nanoTime();

        assertThat(mine.await(tickets, Deadline.after(SHORT))).isFalse();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(SHORT);
    }

    /** Calls of several threads that one thread answers, which so falls asleep at every moment of their signals. */
    private static final class Calls implements EventCount.Awaited {
        static final int CALLED = 1;
        static final int SIGNALLED = 2;

        final AtomicIntegerArray waiting;
        final AtomicInteger overslept = new AtomicInteger();

        Calls(int callers) {
            waiting = new AtomicIntegerArray(callers);
        }

        @Override
        public boolean isThere() {
            for (int i = 0; i < waiting.length(); i++) {
                if (waiting.get(i) != 0) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void lookForDead() {
            for (int i = 0; i < waiting.length(); i++) {
                if (waiting.get(i) == SIGNALLED) {
                    overslept.incrementAndGet();
                }
            }
        }

        void answerAll() {
            for (int i = 0; i < waiting.length(); i++) {
                waiting.set(i, 0);
            }
        }
    }

    @Test
    void signal_whileSomebodyFallsAsleep_isNotLost() throws Exception {
        assertNoSignalIsLost(2_000);
    }

    @Test
    @StressTest
    void signal_oftenWhileSomebodyFallsAsleep_isNotLost() throws Exception {
        assertNoSignalIsLost(100_000);
    }

    private void assertNoSignalIsLost(int rounds) throws Exception {
        int callers = 3;
        var calls = new Calls(callers);
        var calling = new ArrayList<Background<Void>>();
        for (int i = 0; i < callers; i++) {
            int own = i;
            calling.add(Background.run(() -> {
                for (int round = 0; round < rounds; round++) {
                    calls.waiting.set(own, Calls.CALLED);
                    theirs.signal();
                    calls.waiting.compareAndSet(own, Calls.CALLED, Calls.SIGNALLED);
                    while (calls.waiting.get(own) != 0) {
                        Thread.onSpinWait();
                    }
                }
                return null;
            }));
        }

        while (!calling.stream().allMatch(Background::isDone)) {
            if (mine.sleep(calls, Deadline.after(Duration.ofMillis(300)))) {
                calls.answerAll();
            }
        }

        for (var each : calling) {
            each.get();
        }
        assertThat(calls.overslept).hasValue(0);
    }

    @Test
    void await_withoutASignal_seesForItself() throws Exception {
        Background<Boolean> waiter = Background.run(() -> theirs.await(tickets, Deadline.after(LONG)));
        Eventually.holds(() -> tickets.looks.get() > 0);

        tickets.left.set(1); // and its maker dies

        assertThat(waiter.get()).isTrue();
    }

    @Test
    void await_interrupted_endsWithTheException() throws Exception {
        Background<Boolean> waiter = Background.run(() -> theirs.await(tickets, Deadline.after(LONG)));
        Eventually.holds(() -> tickets.looks.get() > 0);

        assertThat(waiter.interrupt().failure()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void signal_oncePerTicket_letsEveryWaiterTakeOne() throws Exception {
        assertEveryWaiterTakesOne(20);
    }

    @Test
    @StressTest
    void signal_oncePerTicketManyTimes_letsEveryWaiterTakeOne() throws Exception {
        assertEveryWaiterTakesOne(2_000);
    }

    private void assertEveryWaiterTakesOne(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            List<Background<Boolean>> waiters = waiters();
            for (int i = 0; i < WAITERS; i++) {
                tickets.left.incrementAndGet();
                mine.signal();
            }
            for (Background<Boolean> waiter : waiters) {
                assertThat(waiter.get()).isTrue();
            }
            assertThat(tickets.left).hasValue(0);
        }
    }

    @Test
    void signalAll_wakesEverybody() throws Exception {
        List<Background<Boolean>> waiters = waiters();
        tickets.left.set(WAITERS);

        mine.signalAll();

        for (Background<Boolean> waiter : waiters) {
            assertThat(waiter.get()).isTrue();
        }
    }

    private List<Background<Boolean>> waiters() {
        var waiters = new ArrayList<Background<Boolean>>();
        for (int i = 0; i < WAITERS; i++) {
            waiters.add(Background.run(() -> {
                while (theirs.await(tickets, Deadline.after(LONG))) {
                    if (tickets.take()) {
                        return true;
                    }
                }
                return false;
            }));
        }
        return waiters;
    }
}
