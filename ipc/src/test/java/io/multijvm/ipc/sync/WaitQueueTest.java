package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.MortalBlock;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import io.multijvm.testkit.Background;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Everything happens in one thread, as under the lock that a queue belongs to; its holder dies with it. */
final class WaitQueueTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Member me = family.member();
    private final Member other = family.member();

    @Test
    void signal_someWait_asManyTakeOne() {
        WaitQueue queue = queue(WaitQueue.allocate(me.domain()));
        queue.signal(5);
        int first = queue.enter();
        int second = queue.enter();
        int third = queue.enter();
        assertThat(queue.take(first)).as("signals are not kept").isFalse();

        queue.signal(2);
        int late = queue.enter();

        assertThat(queue.take(late)).as("came after the signal").isFalse();
        assertThat(queue.take(third)).isTrue();
        assertThat(queue.take(first)).isTrue();
        assertThat(queue.take(second)).isFalse();
        assertThat(queue.waiting()).isEqualTo(2);
        queue.signal(Integer.MAX_VALUE);
        assertThat(queue.take(late)).isTrue();
        assertThat(queue.take(second)).isTrue();
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void leave_signalled_leavesTheSignalToAnother() {
        WaitQueue queue = queue(WaitQueue.allocate(me.domain()));
        int first = queue.enter();
        int second = queue.enter();
        queue.signal(1);

        queue.leave(first);

        assertThat(queue.take(second)).isTrue();
    }

    @Test
    void await_signalled_returns() throws Exception {
        WaitQueue queue = queue(WaitQueue.allocate(me.domain()));
        queue.enter();
        int seen = queue.sequence();
        var waiting = Background.run(() -> queue.await(seen, Deadline.after(LONG), true));
        queue.signal(1);

        assertThat(waiting.get()).isTrue();
        assertThat(queue.await(queue.sequence(), Deadline.after(Duration.ofMillis(20)), true))
                .isFalse();
    }

    @Test
    void signal_aWaiterDied_isNotKeptForOneWhoComesLater() throws Exception {
        Block block = WaitQueue.allocate(me.domain());
        WaitQueue queue = queue(block);
        Member doomed = family.member();
        doomed.open(block, WaitQueue::new).enter();
        int first = queue.enter();
        queue.signal(2);
        doomed.kill();
        assertThat(queue.take(first)).isTrue();

        int second = queue.enter();
        int third = queue.enter();
        queue.signal(1);

        assertThat(queue.take(second)).isTrue();
        assertThat(queue.take(third)).isFalse();
        assertThat(queue.waitingAlive()).isEqualTo(1);
    }

    @Test
    void enter_rollFullOfTheDead_makesRoom() throws Exception {
        Block block = WaitQueue.allocate(me.domain());
        Member last = me;
        for (int i = 0; i < Roll.MOST; i++) {
            last = family.member();
            last.open(block, WaitQueue::new).enter();
        }
        WaitQueue queue = queue(block);
        assertThatIllegalStateException().isThrownBy(queue::enter);

        last.kill();

        queue.enter();
        assertThat(queue.waiting()).isEqualTo(Roll.MOST);
    }

    @Test
    void enter_killedAtEveryStore_harmsNobody() throws Exception {
        int stores = family.killAtEveryStore(
                () -> WaitQueue.allocate(me.domain()),
                (domain, mortal, ready) -> {
                    ready.run();
                    new WaitQueue(domain, mortal).enter();
                },
                (left, done, complete) -> {
                    assertExact(left);
                    assertThat(queue(left).waitingAlive()).isZero();
                });

        assertThat(stores).as("used, entry, next").isEqualTo(3);
    }

    @Test
    void signal_killedAtEveryStore_wakesOneOrNobody() throws Exception {
        family.killAtEveryStore(
                () -> {
                    Block block = WaitQueue.allocate(me.domain());
                    queue(block).enter();
                    other.open(block, WaitQueue::new).enter();
                    return block;
                },
                (domain, mortal, ready) -> {
                    var queue = new WaitQueue(domain, mortal);
                    ready.run();
                    queue.signal(1);
                },
                (left, done, complete) -> {
                    WaitQueue mine = queue(left);
                    WaitQueue others = other.open(left, WaitQueue::new);
                    boolean told = mine.sequence() != 0;
                    int taken = (mine.take(0) ? 1 : 0) + (others.take(1) ? 1 : 0);
                    assertThat(taken).as("all five stores are done").isEqualTo(done >= 5 ? 1 : 0);
                    assertThat(told || taken == 0)
                            .as("no signal that nobody looks for")
                            .isTrue();
                    for (int ticket = 0; ticket < 2; ticket++) {
                        if (taken == 0 || ticket == 1) {
                            (ticket == 0 ? mine : others).leave(ticket);
                        }
                    }
                    assertExact(left);
                });
    }

    @Test
    void take_killedAtEveryStore_consumesTheSignalOrNot() throws Exception {
        family.killAtEveryStore(
                () -> {
                    Block block = WaitQueue.allocate(me.domain());
                    queue(block).enter();
                    return block;
                },
                (domain, mortal, ready) -> {
                    var queue = new WaitQueue(domain, mortal);
                    int ticket = queue.enter();
                    queue.signal(1);
                    ready.run();
                    queue.take(ticket);
                },
                (left, done, complete) -> {
                    boolean told = queue(left).take(0);
                    assertThat(told).isEqualTo(done == 0);
                    if (!told) {
                        queue(left).leave(0);
                    }
                    assertExact(left);
                });
    }

    @Test
    void leave_killedAtEveryStore_harmsNobody() throws Exception {
        family.killAtEveryStore(
                () -> WaitQueue.allocate(me.domain()),
                (domain, mortal, ready) -> {
                    var queue = new WaitQueue(domain, mortal);
                    int ticket = queue.enter();
                    ready.run();
                    queue.leave(ticket);
                },
                (left, done, complete) -> assertExact(left));
    }

    @Test
    void leave_signallerKilledBeforeHeCounted_countsNobodyTwice() throws Exception {
        Block block = WaitQueue.allocate(me.domain());
        WaitQueue mine = queue(block);
        Member waiter = family.member();
        var theirs = waiter.open(block, WaitQueue::new);
        theirs.enter();
        theirs.enter();
        mine.signal(2);
        int ticket = mine.enter();
        Member signaller = family.member();
        MortalBlock mortal = MortalBlock.of(signaller.heap(), block);
        mortal.dieAfter(1);
        try {
            new WaitQueue(signaller.domain(), mortal).signal(1);
        } catch (MortalBlock.Killed e) {
            signaller.kill();
        }

        assertThat(mine.take(ticket)).as("of the two signals there were").isTrue();
        waiter.kill();

        assertExact(block);
    }

    /** Of two waiters one signal wakes one, and no signal none. */
    private void assertExact(Block left) {
        WaitQueue queue = queue(left);
        int first = queue.enter();
        int second = queue.enter();
        assertThat(queue.take(first) || queue.take(second))
                .as("without a signal")
                .isFalse();
        queue.signal(1);
        assertThat(queue.take(second)).as("the one signal").isTrue();
        assertThat(queue.take(first)).as("a second").isFalse();
        queue.leave(first);
    }

    private WaitQueue queue(Block block) {
        return new WaitQueue(me.domain(), block);
    }
}
