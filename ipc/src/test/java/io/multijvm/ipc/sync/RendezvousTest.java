package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import io.multijvm.ipc.sync.Rendezvous.Arrival;
import io.multijvm.ipc.sync.Rendezvous.Outcome;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RendezvousTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    /** Time for one sleep, after which a waiter looks for the dead. */
    private static final Duration ONE_LOOK = Duration.ofMillis(20);

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Member me = family.member();
    private final Member other = family.member();

    @Test
    void await_allCome_passWithDifferentIndexesThousandsOfTimes() throws Exception {
        Block block = Rendezvous.allocate(me.domain(), 2);
        Rendezvous mine = of(me, block);
        Rendezvous theirs = of(other, block);
        var actions = new AtomicInteger();
        int cycles = 3_000;
        var others = Background.run(() -> {
            int sum = 0;
            for (int i = 0; i < cycles; i++) {
                Arrival arrival = theirs.await(actions::incrementAndGet, Deadline.after(LONG));
                assertThat(arrival.outcome()).isEqualTo(Outcome.PASSED);
                sum += arrival.index();
            }
            return sum;
        });
        int sum = 0;
        for (int i = 0; i < cycles; i++) {
            Arrival arrival = mine.await(actions::incrementAndGet, Deadline.after(LONG));
            assertThat(arrival.outcome()).isEqualTo(Outcome.PASSED);
            assertThat(actions.get()).isGreaterThan(i);
            sum += arrival.index();
        }

        assertThat(sum + others.get()).isEqualTo(cycles);
        assertThat(actions).hasValue(cycles);
    }

    @Test
    void await_timeIsUp_breaksItUntilReset() throws Exception {
        Rendezvous mine = of(me, Rendezvous.allocate(me.domain(), 2));

        assertThat(mine.await(null, Deadline.after(Duration.ofMillis(1))).outcome())
                .isEqualTo(Outcome.TIMED_OUT);
        assertThat(mine.isBroken()).isTrue();
        assertThat(mine.await(null, Deadline.after(LONG)).outcome()).isEqualTo(Outcome.BROKEN);
        mine.reset();

        assertThat(mine.isBroken()).isFalse();
        assertWorks(mine, mine);
    }

    @Test
    void await_interrupted_breaksIt() throws Exception {
        Rendezvous mine = of(me, Rendezvous.allocate(me.domain(), 2));
        var waiting = Background.run(() -> mine.await(null, Deadline.after(LONG)));
        Eventually.holds(() -> mine.waiting() == 1);

        assertThat(waiting.interrupt().failure()).isInstanceOf(InterruptedException.class);

        assertThat(mine.isBroken()).isTrue();
    }

    @Test
    void reset_someWait_failsThemAndNobodyElse() throws Exception {
        Rendezvous mine = of(me, Rendezvous.allocate(me.domain(), 2));
        var waiting = Background.run(() -> mine.await(null, Deadline.after(LONG)));
        Eventually.holds(() -> mine.waiting() == 1);

        mine.reset();

        assertThat(waiting.get().outcome()).isEqualTo(Outcome.BROKEN);
        assertWorks(mine, mine);
    }

    @Test
    void await_interruptedWhenTheActionRuns_passesAndIsStillInterrupted() throws Exception {
        Block block = Rendezvous.allocate(me.domain(), 2);
        Rendezvous mine = of(me, block);
        var go = new CountDownLatch(1);
        var waiting = Background.run(() -> {
            Outcome outcome = mine.await(null, Deadline.after(LONG)).outcome();
            return outcome + (Thread.interrupted() ? ", interrupted" : "");
        });
        Eventually.holds(() -> mine.waiting() == 1);
        var acting = Background.run(() -> of(other, block).await(() -> awaitUninterruptibly(go), Deadline.after(LONG)));
        Eventually.holds(() -> block.getIntVolatile(RendezvousLayout.ACTING) == other.number());

        waiting.interrupt().awaitInterruptTaken();
        go.countDown();

        assertThat(waiting.get()).isEqualTo("PASSED, interrupted");
        assertThat(acting.get().outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    void await_actionFailsAfterAReset_breaksNothingNew() throws Exception {
        Rendezvous mine = of(me, Rendezvous.allocate(me.domain(), 1));
        var running = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var acting = Background.run(() -> mine.await(
                () -> {
                    running.countDown();
                    awaitUninterruptibly(go);
                    throw new IllegalStateException("on purpose");
                },
                Deadline.after(LONG)));
        running.await();
        mine.reset();
        go.countDown();

        assertThat(acting.failure()).hasMessage("on purpose");
        assertThat(mine.isBroken()).isFalse();
    }

    @Test
    void await_actionFails_breaksIt() {
        Rendezvous mine = of(me, Rendezvous.allocate(me.domain(), 1));

        assertThatIllegalStateException()
                .isThrownBy(() -> mine.await(
                        () -> {
                            throw new IllegalStateException("on purpose");
                        },
                        Deadline.after(LONG)));

        assertThat(mine.isBroken()).isTrue();
    }

    @Test
    void await_wokenAfterMoreResetsThanAreRemembered_isNotToldItPassed() throws Exception {
        Block block = Rendezvous.allocate(me.domain(), 2);
        Rendezvous mine = of(me, block);
        var waiting = Background.run(() -> of(other, block).await(null, Deadline.after(LONG)));
        Eventually.holds(() -> mine.waiting() == 1);
        // As many resets leave it, of which the waiter was not woken.
        for (int i = 0; i < RendezvousLayout.REMEMBERED; i++) {
            block.setInt(RendezvousLayout.LAST_RESETS + Integer.BYTES * i, 10 + 2 * i);
        }
        block.setIntVolatile(RendezvousLayout.GENERATION, 100);

        assertThat(waiting.get().outcome()).isEqualTo(Outcome.BROKEN);
    }

    @Test
    void await_memberDies_breaks() throws Exception {
        Block block = Rendezvous.allocate(me.domain(), 2);
        Member doomed = family.member();
        of(doomed, block).join();
        Rendezvous mine = of(me, block);
        var waiting = Background.run(() -> mine.await(null, Deadline.after(LONG)));
        Eventually.holds(() -> mine.waiting() == 1);
        doomed.kill();

        assertThat(waiting.get().outcome()).isEqualTo(Outcome.BROKEN);
        mine.reset();
        assertWorks(mine, of(other, block));
    }

    @Test
    void await_memberHasLeftAndDies_waitsOn() throws Exception {
        Block block = Rendezvous.allocate(me.domain(), 2);
        Member doomed = family.member();
        of(doomed, block).join();
        of(doomed, block).leave();
        doomed.kill();

        assertThat(of(me, block).await(null, Deadline.after(ONE_LOOK)).outcome())
                .isEqualTo(Outcome.TIMED_OUT);
    }

    @Test
    void await_whoActsIsKilled_breaks() throws Exception {
        Block block = Rendezvous.allocate(me.domain(), 2);
        Member doomed = family.member();
        Rendezvous theirs = of(doomed, block);
        Rendezvous mine = of(me, block);
        var forEver = new CountDownLatch(1);
        var waiting = Background.run(() -> mine.await(null, Deadline.after(LONG)));
        Eventually.holds(() -> mine.waiting() == 1);
        var acting = Background.run(() -> theirs.await(() -> awaitUninterruptibly(forEver), Deadline.after(LONG)));
        Eventually.holds(() -> block.getIntVolatile(RendezvousLayout.ACTING) == doomed.number());
        var late = Background.run(() -> mine.await(null, Deadline.after(LONG)));
        doomed.kill();

        assertThat(waiting.get().outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(late.get().outcome()).isEqualTo(Outcome.BROKEN);
        forEver.countDown();
        assertThat(acting.get().outcome()).isEqualTo(Outcome.BROKEN);
    }

    @Test
    void join_killedAtEveryStore_neverHangs() throws Exception {
        family.killAtEveryStore(
                () -> Rendezvous.allocate(me.domain(), 2),
                (domain, mortal, ready) -> {
                    ready.run();
                    new Rendezvous(domain, mortal).join();
                },
                (left, done, complete) -> assertPassesOrBreaks(left));
    }

    @Test
    void arrival_killedAtEveryStore_neverHangs() throws Exception {
        int stores = family.killAtEveryStore(
                () -> Rendezvous.allocate(me.domain(), 2),
                asMember(doomed -> doomed.await(null, Deadline.after(Duration.ZERO))), // and then breaks it
                (left, done, complete) -> assertPassesOrBreaks(left));

        assertThat(stores).isGreaterThanOrEqualTo(10);
    }

    @Test
    void lastArrival_killedAtEveryStore_neverHangs() throws Exception {
        int stores = family.killAtEveryStore(
                () -> Rendezvous.allocate(me.domain(), 1),
                asMember(doomed -> doomed.await(() -> {}, Deadline.after(LONG))),
                (left, done, complete) -> {
                    Arrival arrival = of(me, left).await(null, Deadline.after(LONG));
                    assertThat(arrival.outcome()).isIn(Outcome.PASSED, Outcome.BROKEN);
                });

        assertThat(stores).isGreaterThanOrEqualTo(9);
    }

    @Test
    void lastArrival_killedAtEveryStoreWhileOthersWait_releasesThem() throws Exception {
        family.killAtEveryStore(
                () -> {
                    Block block = Rendezvous.allocate(me.domain(), 2);
                    Rendezvous mine = of(me, block);
                    Background.run(() -> mine.await(null, Deadline.after(LONG)));
                    Eventually.holds(() -> mine.waiting() == 1);
                    return block;
                },
                asMember(doomed -> doomed.await(null, Deadline.after(LONG))),
                (left, done, complete) -> {
                    Eventually.holds(() -> of(me, left).waiting() == 0);
                    assertPassesOrBreaks(left);
                });
    }

    @Test
    void reset_killedAtEveryStore_neverHangs() throws Exception {
        family.killAtEveryStore(
                () -> Rendezvous.allocate(me.domain(), 2),
                asMember(Rendezvous::reset),
                (left, done, complete) -> assertPassesOrBreaks(left));
    }

    @Test
    void abort_killedAtEveryStore_neverHangs() throws Exception {
        family.killAtEveryStore(
                () -> Rendezvous.allocate(me.domain(), 2),
                asMember(Rendezvous::abort),
                (left, done, complete) -> assertPassesOrBreaks(left));
    }

    /** An operation of a member; only the stores in it count. */
    private interface Doing {
        void with(Rendezvous barrier) throws Exception;
    }

    private static InProcessFamily.Operation asMember(Doing doing) {
        return (domain, mortal, ready) -> {
            var doomed = new Rendezvous(domain, mortal);
            doomed.join();
            ready.run();
            doing.with(doomed);
        };
    }

    /** Two come: each is told something, and after a reset the barrier is as new. */
    private void assertPassesOrBreaks(Block left) throws Exception {
        Rendezvous mine = of(me, left);
        Rendezvous theirs = of(other, left);
        var waiting = Background.run(() -> theirs.await(null, Deadline.after(LONG)));
        assertThat(mine.await(null, Deadline.after(LONG)).outcome()).isIn(Outcome.PASSED, Outcome.BROKEN);
        assertThat(waiting.get().outcome()).isIn(Outcome.PASSED, Outcome.BROKEN);
        mine.reset();
        assertWorks(mine, theirs);
    }

    private static void assertWorks(Rendezvous mine, Rendezvous theirs) throws Exception {
        var waiting = Background.run(() -> theirs.await(null, Deadline.after(LONG)));
        assertThat(mine.await(null, Deadline.after(LONG)).outcome()).isEqualTo(Outcome.PASSED);
        assertThat(waiting.get().outcome()).isEqualTo(Outcome.PASSED);
    }

    private static Rendezvous of(Member member, Block block) {
        return member.open(block, Rendezvous::new);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
