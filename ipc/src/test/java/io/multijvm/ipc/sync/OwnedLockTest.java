package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.testkit.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OwnedLockTest {
    private static final int INHERITED = 1 << 30;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SEVERAL_LOOKS = Duration.ofMillis(350);

    private final Household household;
    private final Household.Member me;
    private final Household.Member other;
    private Block block;
    private OwnedLock lock;

    OwnedLockTest() throws IOException {
        household = Household.create();
        me = household.member();
        other = household.member();
    }

    @BeforeEach
    void allocate() {
        block = OwnedLock.allocate(me.domain());
        lock = new OwnedLock(me.domain(), block);
    }

    @AfterEach
    void close() throws IOException {
        household.close();
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
        int stores = household.killAtEveryStore(
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
        int stores = household.killAtEveryStore(
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
        int stores = household.killAtEveryStore(
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
        Household.Member doomed = household.member();
        var mortal = io.multijvm.ipc.memory.MortalBlock.of(doomed.heap(), block);
        var theirs = new OwnedLock(doomed.domain(), mortal);
        theirs.acquire();
        var waiting = Background.run(() -> lock.acquireInterruptibly(Deadline.after(LONG)));
        awaitWord(doomed.number() | Word.SLEEPERS);

        mortal.dieAfter(1);
        org.assertj.core.api.Assertions.assertThatThrownBy(theirs::release)
                .isInstanceOf(io.multijvm.ipc.memory.MortalBlock.Killed.class);
        doomed.kill();

        assertThat(waiting.get()).isTrue();
        assertThat(lock.isInherited()).isFalse();
    }

    @Test
    void acquire_manyWaitForTheDead_exactlyOneInheritsAndAllGetIt() throws Exception {
        Block dead = heldByDead();
        var waiting = Stream.generate(() -> lockOf(me, dead))
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
        OwnedLock dead = lockOf(me, heldByDead());

        assertThat(dead.tryAcquire()).isFalse();
        Deadline end = Deadline.after(LONG);
        while (!dead.tryAcquire()) {
            assertThat(end.isOver()).isFalse();
            Thread.onSpinWait();
        }

        assertThat(dead.isInherited()).isTrue();
    }

    @Test
    void acquire_heldByOneWhoDoesNothing_isNeverHad() throws Exception {
        of(other).acquire();

        assertThat(lock.acquireInterruptibly(Deadline.after(SEVERAL_LOOKS))).isFalse();

        assertThat(block.getInt(0)).isEqualTo(other.number() | Word.SLEEPERS);
    }

    @Test
    void acquire_runDirectoryTakenAway_isNotHadFromOneWhoMayLive() throws Exception {
        of(other).acquire();
        try (Stream<Path> files = Files.walk(household.directory().path())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }

        assertThat(lock.acquireInterruptibly(Deadline.after(SEVERAL_LOOKS))).isFalse();
    }

    @Test
    void acquire_runDirectoryDeletedByItsFirstProcess_isHadFromWhoeverIsLeft() throws Exception {
        of(other).acquire();
        household.directory().delete();

        assertThat(lock.acquireInterruptibly(Deadline.after(LONG))).isTrue();
        assertThat(lock.isInherited()).isTrue();
    }

    @Test
    void thread_heldByDeadAndTakenOver_isNotThatOfTheSameIdHere() throws Exception {
        long id = Thread.currentThread().getId();
        Household.Member doomed = household.member();
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

    private OwnedLock of(Household.Member member) {
        return lockOf(member, block);
    }

    private static OwnedLock lockOf(Household.Member member, Block block) {
        try {
            return new OwnedLock(member.domain(), member.view(block));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Block heldByDead() throws IOException {
        Household.Member doomed = household.member();
        Block fresh = OwnedLock.allocate(me.domain());
        lockOf(doomed, fresh).acquire();
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
        Deadline end = Deadline.after(LONG);
        while (block.getIntVolatile(0) != expected) {
            assertThat(end.isOver()).isFalse();
            Thread.onSpinWait();
        }
    }
}
