package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.MortalBlock;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class OwnedLockTest {
    private static final int INHERITED = 1 << 30;
    private static final Duration LONG = Duration.ofSeconds(20);
    /** Time for one sleep: a waiter looks whether the holder lives after it, and once more at the deadline. */
    private static final Duration TWO_LOOKS = Duration.ofMillis(20);

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Member me = family.member();
    private final Member other = family.member();
    private Block block;
    private OwnedLock lock;

    @BeforeEach
    void allocate() {
        block = OwnedLock.allocate(me.domain());
        lock = new OwnedLock(me.domain(), block);
    }

    @Test
    void acquire_free_namesTheProcess() throws Exception {
        lock.acquire();

        assertThat(block.getInt(0)).isEqualTo(me.number());
        assertThat(lock.isHeld()).isTrue();
        assertThat(lock.isHeldHere()).isTrue();
        assertThat(lock.isInherited()).isFalse();
        assertThat(of(other).isHeldHere()).isFalse();
        assertThat(of(other).tryAcquire()).isFalse();
        assertThat(lock.release()).isTrue();
        assertThat(block.getInt(0)).isZero();
        assertThat(lock.release()).isFalse();
    }

    @Test
    void acquire_held_announcesItselfAndGetsItWithTheNews() throws Exception {
        lock.acquire();
        OwnedLock others = of(other);
        var waiting = Background.run(() -> others.acquireInterruptibly(Deadline.after(LONG)));
        awaitWord(me.number() | Word.SLEEPERS);

        lock.release();

        assertThat(waiting.get()).isTrue();
        assertThat(block.getInt(0)).as("others may still sleep").isEqualTo(other.number() | Word.SLEEPERS);
        assertThat(others.isInherited()).isFalse();
    }

    @Test
    void acquireInterruptibly_interrupted_leavesTheLockUsable() throws Exception {
        lock.acquire();
        OwnedLock others = of(other);
        var waiting = Background.run(() -> others.acquireInterruptibly(Deadline.never()));
        awaitWord(me.number() | Word.SLEEPERS);

        assertThat(waiting.interrupt().failure()).isInstanceOf(InterruptedException.class);

        lock.release();
        assertThat(others.tryAcquire()).isTrue();
    }

    @Test
    void acquireInterruptibly_wokenAndInterruptedOfMany_losesNoWakeUp() throws Exception {
        for (int i = 0; i < 200; i++) {
            lock.acquire();
            OwnedLock others = of(other);
            var first = Background.run(() -> others.acquireInterruptibly(Deadline.after(LONG)) && others.release());
            var second = Background.run(() -> others.acquireInterruptibly(Deadline.after(LONG)) && others.release());
            first.interrupt();
            lock.release();

            assertThat(second.get()).isTrue();
        }
    }

    @Test
    void acquire_killedAtEveryStore_isInheritedOnceItWasHeld() throws Exception {
        int stores = family.killAtEveryStore(
                () -> OwnedLock.allocate(me.domain()),
                (domain, mortal, ready) -> {
                    ready.run();
                    new OwnedLock(domain, mortal).acquire();
                },
                (left, done, complete) -> assertInheritable(left, done == 1 || complete));

        assertThat(stores).isEqualTo(1);
    }

    @Test
    void release_killedAtEveryStore_isInheritedUntilItWasFree() throws Exception {
        int stores = family.killAtEveryStore(
                () -> OwnedLock.allocate(me.domain()),
                (domain, mortal, ready) -> {
                    var doomed = new OwnedLock(domain, mortal);
                    doomed.acquire();
                    ready.run();
                    doomed.release();
                },
                (left, done, complete) -> assertInheritable(left, done == 0));

        assertThat(stores).isEqualTo(1);
    }

    @Test
    void acquire_heldByDeadAndKilledAtEveryStore_isInheritedAgain() throws Exception {
        int stores = family.killAtEveryStore(
                this::heldByDead,
                (domain, mortal, ready) -> {
                    ready.run();
                    new OwnedLock(domain, mortal).acquireInterruptibly(Deadline.after(Duration.ZERO));
                },
                (left, done, complete) -> assertInheritable(left, true));

        assertThat(stores).as("announces itself, takes over").isEqualTo(2);
    }

    @Test
    void acquire_othersKilledBeforeTheyWakeAnybody_isHadAllTheSame() throws Exception {
        Member doomed = family.member();
        var mortal = MortalBlock.of(doomed.heap(), block);
        var theirs = new OwnedLock(doomed.domain(), mortal);
        theirs.acquire();
        var waiting = Background.run(() -> lock.acquireInterruptibly(Deadline.after(LONG)));
        awaitWord(doomed.number() | Word.SLEEPERS);

        mortal.dieAfter(1);
        assertThatThrownBy(theirs::release).isInstanceOf(MortalBlock.Killed.class);
        doomed.kill();

        assertThat(waiting.get()).isTrue();
        assertThat(lock.isInherited()).isFalse();
    }

    @Test
    void acquire_manyWaitForTheDead_exactlyOneInheritsAndAllGetIt() throws Exception {
        Block dead = heldByDead();
        var waiting = Stream.generate(() -> me.open(dead, OwnedLock::new))
                .limit(8)
                .map(each -> Background.run(() -> {
                    boolean had = each.acquireInterruptibly(Deadline.after(LONG));
                    boolean inherited = each.isInherited();
                    each.release();
                    return had && inherited;
                }))
                .toList();

        int inherited = 0;
        for (var each : waiting) {
            inherited += each.get() ? 1 : 0;
        }
        assertThat(inherited).isEqualTo(1);
    }

    @Test
    void tryAcquire_heldByDead_isHadAfterAWhile() throws Exception {
        OwnedLock dead = me.open(heldByDead(), OwnedLock::new);

        assertThat(dead.tryAcquire()).isFalse();
        Eventually.holds(dead::tryAcquire);

        assertThat(dead.isInherited()).isTrue();
    }

    @Test
    void acquire_heldByOneWhoDoesNothing_isNeverHad() throws Exception {
        of(other).acquire();

        assertThat(lock.acquireInterruptibly(Deadline.after(TWO_LOOKS))).isFalse();

        assertThat(block.getInt(0)).isEqualTo(other.number() | Word.SLEEPERS);
    }

    @Test
    void acquire_runDirectoryTakenAway_isNotHadFromOneWhoMayLive() throws Exception {
        of(other).acquire();
        try (Stream<Path> files = Files.walk(family.directory().path())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }

        assertThat(lock.acquireInterruptibly(Deadline.after(TWO_LOOKS))).isFalse();
    }

    @Test
    void acquire_runDirectoryDeletedByItsFirstProcess_isHadFromWhoeverIsLeft() throws Exception {
        of(other).acquire();
        family.directory().delete();

        assertThat(lock.acquireInterruptibly(Deadline.after(LONG))).isTrue();
        assertThat(lock.isInherited()).isTrue();
    }

    @Test
    void thread_heldByDeadAndTakenOver_isNotThatOfTheSameIdHere() throws Exception {
        long id = Thread.currentThread().getId();
        Member doomed = family.member();
        OwnedLock theirs = of(doomed);
        theirs.acquire();
        theirs.thread(id);
        assertThat(theirs.thread()).isEqualTo(id);
        doomed.kill();

        assertThat(lock.acquireInterruptibly(Deadline.after(LONG))).isTrue();

        assertThat(lock.thread()).as("before the new holder has written his").isNotEqualTo(id);
        lock.thread(id);
        assertThat(lock.thread()).isEqualTo(id);
    }

    private OwnedLock of(Member member) {
        return member.open(block, OwnedLock::new);
    }

    private Block heldByDead() {
        Member doomed = family.member();
        Block fresh = OwnedLock.allocate(me.domain());
        doomed.open(fresh, OwnedLock::new).acquire();
        doomed.kill();
        return fresh;
    }

    private void assertInheritable(Block left, boolean inherited) throws InterruptedException {
        var next = new OwnedLock(me.domain(), left);
        assertThat(next.acquireInterruptibly(Deadline.after(LONG))).isTrue();
        assertThat(next.isInherited()).isEqualTo(inherited);
        assertThat(left.getInt(0) & INHERITED).isEqualTo(inherited ? INHERITED : 0);
        next.release();
        assertThat(next.tryAcquire()).isTrue();
        assertThat(next.isInherited()).isFalse();
        next.release();
    }

    private void awaitWord(int expected) {
        Eventually.holds(() -> block.getIntVolatile(0) == expected);
    }
}
