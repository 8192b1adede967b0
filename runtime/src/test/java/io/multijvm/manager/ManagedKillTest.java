package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.contract.Waits;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.StressTest;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Processes whose threads use a manager's synchronisers and queues in tight loops are killed at moments that nobody has chosen.
 * After each death all that must hold is looked at, while the others go on.
 */
@ForkTest
final class ManagedKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PLAYERS = 3;

    @Test
    @Timeout(180)
    void playersKilledAFewTimes_nothingIsLostStolenOrStuck() throws Exception {
        kill(8);
    }

    @Test
    @StressTest
    @Timeout(900)
    void playersKilledManyTimes_nothingIsLostStolenOrStuck() throws Exception {
        kill(300);
    }

    private static void kill(int kills) throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var players = new JvmProcess[PLAYERS];
        try (Manager manager = MultiJvm.manager()) {
            try {
                play(new Game(manager), players, kills, random, "seed " + seed);
            } finally {
                for (JvmProcess player : players) {
                    if (player != null) {
                        player.kill();
                    }
                }
            }
        }
    }

    private static void play(Game game, JvmProcess[] players, int kills, Random random, String seed) throws Exception {
        for (int i = 0; i < PLAYERS; i++) {
            players[i] = started(game);
        }
        long items = 0;
        for (int i = 0; i < kills; i++) {
            for (int j = 0; j < 5; j++) {
                game.work().put(items++);
            }
            game.awaitRounds(random.nextInt(20));
            int victim = random.nextInt(PLAYERS);
            players[victim].kill();
            game.check("kill " + i + ", " + seed);
            players[victim] = started(game);
        }
        assertThat(game.work().join(PATIENCE)).as(seed).isTrue();
        assertThat(game.done().keySet()).as(seed).hasSize((int) items);
    }

    private static JvmProcess started(Game game) {
        var player = MultiJvm.process(game::play);
        player.start();
        return player;
    }

    /** What the players play with. */
    @SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // a player dies with what it holds
    private record Game(
            ManagedLock lock,
            ManagedReentrantLock rlock,
            ManagedSemaphore semaphore,
            ManagedCondition condition,
            ManagedJoinableQueue<Long> work,
            ManagedMap<Long, Integer> done,
            ManagedMap<String, Integer> counts)
            implements Serializable {
        private static final String INSIDE = "inside";
        private static final String ROUNDS = "rounds";
        private static final String VIOLATIONS = "violations";

        Game(Manager manager) {
            this(
                    manager.lock(),
                    manager.rlock(),
                    manager.semaphore(2),
                    manager.condition(),
                    manager.joinableQueue(),
                    manager.dict(),
                    manager.dict());
        }

        /** A player: several threads until it is killed. */
        void play() throws InterruptedException {
            for (Part part : List.<Part>of(this::withLocks, this::withSemaphore, this::withCondition, this::withWork)) {
                var thread = new Thread(() -> forEver(part));
                thread.setDaemon(true);
                thread.start();
            }
            MultiJvm.event().await();
        }

        /** What a thread does again and again. */
        private interface Part {
            void play() throws Exception;
        }

        private void forEver(Part part) {
            try {
                while (true) {
                    part.play();
                    counts.merge(ROUNDS, 1, Integer::sum);
                }
            } catch (Exception | Error e) {
                counts.merge(VIOLATIONS + " " + e, 1, Integer::sum);
            }
        }

        private void withLocks() {
            alone(lock);
            rlock.lock();
            alone(rlock);
            if (rlock.holdCount() != 1) {
                throw new IllegalStateException("held " + rlock.holdCount() + " times");
            }
            rlock.unlock();
        }

        private void alone(AbstractManagedLock held) {
            held.lock();
            String key = INSIDE + held.getClass();
            int before = counts.getOrDefault(key, 0);
            if (before != 0 && !held.isInherited()) {
                throw new IllegalStateException("not alone with " + held);
            }
            counts.put(key, 1);
            counts.put(key, 0);
            held.unlock();
        }

        private void withSemaphore() throws InterruptedException {
            semaphore.acquire();
            if (counts.containsKey("no permit")) {
                throw new IllegalStateException("a permit too many");
            }
            semaphore.release();
        }

        private void withCondition() throws InterruptedException {
            condition.acquire();
            condition.signal();
            boolean ignored = condition.await(Duration.ofMillis(2));
            condition.signalAll();
            condition.release();
        }

        private void withWork() throws InterruptedException {
            var delivery = work.getDelivery(null);
            int times = done.merge(delivery.item(), 1, Integer::sum);
            if (times > 1 && !delivery.isRedelivered()) {
                throw new IllegalStateException("twice: " + delivery.item());
            }
            delivery.done();
        }

        void awaitRounds(int more) {
            int before = counts.getOrDefault(ROUNDS, 0);
            Waits.until(() -> counts.getOrDefault(ROUNDS, 0) >= before + more);
        }

        /** All that must hold after a death, for somebody who plays as well. */
        void check(String when) throws Exception {
            for (AbstractManagedLock each : List.of(lock, rlock)) {
                assertThat(each.acquire(PATIENCE)).as(when).isTrue();
                counts.put(INSIDE + each.getClass(), 0); // as who inherits it should
                each.unlock();
            }
            for (int i = 0; i < 2; i++) {
                assertThat(semaphore.acquire(PATIENCE))
                        .as("permit %d, %s", i, when)
                        .isTrue();
            }
            counts.put("no permit", 1);
            assertThat(semaphore.tryAcquire()).as(when).isFalse();
            counts.remove("no permit");
            semaphore.release(2);
            assertThat(condition.acquire(PATIENCE)).as(when).isTrue();
            condition.signalAll();
            condition.release();
            awaitRounds(10);
            assertThat(counts.keySet()).as(when).noneMatch(key -> key.startsWith(VIOLATIONS));
        }
    }
}
