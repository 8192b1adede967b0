package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PermitsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    /** Time for one sleep: a waiter looks for the dead after it, and once more at the deadline. */
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Member me = family.member();
    private final Member other = family.member();

    @Test
    void acquire_asManyAsThereAre_thenNoMore() throws Exception {
        Permits permits = permits(Permits.allocate(me.domain(), 2, 2));

        assertThat(permits.tryAcquire()).isTrue();
        permits.acquire();

        assertThat(permits.available()).isZero();
        assertThat(permits.tryAcquire()).isFalse();
        assertThat(permits.acquireInterruptibly(Deadline.after(SHORT))).isFalse();
        assertThat(permits.release(2)).isTrue();
        assertThat(permits.release(1)).as("over the limit").isFalse();
        assertThat(permits.available()).isEqualTo(2);
    }

    @Test
    void release_severalWait_wakesAsManyAsItGives() throws Exception {
        Block block = Permits.allocate(me.domain(), 0, 10);
        Permits mine = permits(block);
        Permits theirs = other.open(block, Permits::new);
        var got = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            Background.run(() -> {
                theirs.acquire();
                return got.incrementAndGet();
            });
        }
        mine.release(3);

        Eventually.holds(() -> got.get() == 3 && mine.available() == 0);
        assertThat(mine.tryAcquire()).isFalse();
        mine.release(1);
        Eventually.holds(() -> got.get() == 4);
    }

    @Test
    void acquire_holderDies_getsItsPermitsBack() throws Exception {
        Block block = Permits.allocate(me.domain(), 3, 3);
        Member doomed = family.member();
        var theirs = doomed.open(block, Permits::new);
        theirs.acquire();
        theirs.acquire();
        theirs.acquire();
        Permits mine = permits(block);
        assertThat(mine.acquireInterruptibly(Deadline.after(SHORT))).isFalse();
        doomed.kill();

        assertThat(mine.acquireInterruptibly(Deadline.after(LONG))).isTrue();

        assertThat(mine.recovered()).isEqualTo(3);
        assertThat(mine.available()).isEqualTo(2);
    }

    @Test
    void tryAcquire_holderDies_getsItAfterAWhile() throws Exception {
        Block block = Permits.allocate(me.domain(), 1, 1);
        Member doomed = family.member();
        doomed.open(block, Permits::new).acquire();
        doomed.kill();
        Permits mine = permits(block);

        assertThat(mine.tryAcquire()).isFalse();
        Eventually.holds(mine::tryAcquire);
    }

    @Test
    void acquire_moreThanTheRollCanName_countsOnAsSignal() throws Exception {
        Block block = Permits.allocate(me.domain(), Roll.MOST + 10, Integer.MAX_VALUE);
        for (int i = 0; i < Roll.MOST + 5; i++) {
            Member each = family.member();
            each.open(block, Permits::new).acquire();
        }

        assertThat(permits(block).available()).isEqualTo(5);
        assertThat(permits(block).release(Roll.MOST + 5)).isTrue();
        assertThat(permits(block).available()).isEqualTo(Roll.MOST + 10);
    }

    @Test
    void acquire_processStoppedInside_givesUpInTime() throws Exception {
        Block block = Permits.allocate(me.domain(), 1, 1);
        Permits mine = permits(block);
        other.open(block, OwnedLock::new).acquire();

        assertThat(mine.acquireInterruptibly(Deadline.after(SHORT))).isFalse();
        assertThat(mine.tryAcquire()).isFalse();
        var interrupted = Background.run(() -> mine.acquireInterruptibly(Deadline.never()));
        assertThat(interrupted.interrupt().failure()).isInstanceOf(InterruptedException.class);

        other.open(block, OwnedLock::new).release();
        assertThat(mine.acquireInterruptibly(Deadline.after(LONG))).isTrue();
    }

    @Test
    void acquire_killedAtEveryStore_losesNoPermit() throws Exception {
        int stores = family.killAtEveryStore(
                () -> Permits.allocate(me.domain(), 2, 2),
                (domain, mortal, ready) -> {
                    ready.run();
                    new Permits(domain, mortal).acquire();
                },
                (left, done, complete) -> assertAllBack(left, 2));

        assertThat(stores).as("lock, used, entry, free, lock").isEqualTo(5);
    }

    @Test
    void acquireOfNone_killedAtEveryStore_losesNoPermit() throws Exception {
        family.killAtEveryStore(
                () -> {
                    Block block = Permits.allocate(me.domain(), 2, 2);
                    Permits theirs = other.open(block, Permits::new);
                    theirs.acquire();
                    theirs.acquire();
                    return block;
                },
                (domain, mortal, ready) -> {
                    ready.run();
                    new Permits(domain, mortal).acquireInterruptibly(Deadline.after(Duration.ZERO));
                },
                (left, done, complete) -> {
                    Permits theirs = other.open(left, Permits::new);
                    assertThat(theirs.release(2)).isTrue();
                    assertAllBack(left, 2);
                });
    }

    @Test
    void release_killedAtEveryStore_losesNoPermit() throws Exception {
        int stores = family.killAtEveryStore(
                () -> Permits.allocate(me.domain(), 2, 2),
                (domain, mortal, ready) -> {
                    var permits = new Permits(domain, mortal);
                    permits.acquire();
                    permits.acquire();
                    ready.run();
                    permits.release(2);
                },
                (left, done, complete) -> assertAllBack(left, 2));

        assertThat(stores).as("lock, entry, free, lock").isEqualTo(4);
    }

    @Test
    void release_asSignalAndKilledAtEveryStore_isCountedOrNot() throws Exception {
        int stores = family.killAtEveryStore(
                () -> Permits.allocate(me.domain(), 2, Integer.MAX_VALUE),
                (domain, mortal, ready) -> {
                    ready.run();
                    new Permits(domain, mortal).release(1);
                },
                (left, done, complete) -> assertAllBack(left, done >= 3 ? 3 : 2));

        assertThat(stores).as("lock, mode, free, lock").isEqualTo(4);
    }

    @Test
    void release_inSignalModeAndKilledAtEveryStore_isCountedOrNot() throws Exception {
        family.killAtEveryStore(
                () -> Permits.allocate(me.domain(), 0, Integer.MAX_VALUE),
                (domain, mortal, ready) -> {
                    var permits = new Permits(domain, mortal);
                    permits.release(1);
                    ready.run();
                    permits.release(1);
                },
                (left, done, complete) -> assertAllBack(left, done >= 2 ? 2 : 1));
    }

    @Test
    void acquireFromDead_killedAtEveryStore_losesNoPermit() throws Exception {
        int stores = family.killAtEveryStore(
                () -> {
                    Block block = Permits.allocate(me.domain(), 2, 2);
                    Member dead = family.member();
                    var theirs = dead.open(block, Permits::new);
                    theirs.acquire();
                    theirs.acquire();
                    dead.kill();
                    return block;
                },
                (domain, mortal, ready) -> {
                    ready.run();
                    new Permits(domain, mortal).acquireInterruptibly(Deadline.after(Duration.ZERO));
                },
                (left, done, complete) -> assertAllBack(left, 2));

        assertThat(stores).isGreaterThanOrEqualTo(8);
    }

    private Permits permits(Block block) {
        return new Permits(me.domain(), block);
    }

    private void assertAllBack(Block left, int expected) throws InterruptedException {
        Permits mine = permits(left);
        for (int i = 0; i < expected; i++) {
            assertThat(mine.acquireInterruptibly(Deadline.after(LONG)))
                    .as("permit " + i)
                    .isTrue();
        }
        assertThat(mine.acquireInterruptibly(Deadline.after(SHORT)))
                .as("one too many")
                .isFalse();
        assertThat(mine.release(expected)).isTrue();
        assertThat(mine.available()).isEqualTo(expected);
    }
}
