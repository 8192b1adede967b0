package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.Playground.Game;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.Rounds;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Processes whose threads use every synchroniser in tight loops are killed, some at a time, at moments that nobody has
 * chosen: holding, waiting, in the middle of any operation. After each time all that must hold is looked at, while those
 * who are left go on.
 */
@ForkTest
final class KillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long BREATH = 500_000; // nanoseconds: others are to have the processors
    private static final int FEWEST_LEFT = 3; // as many as meet at the barrier
    private static final int A_FEW = Rounds.of(12, 60);
    private static final int MANY = 1_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Playground playground = new Playground();
    private final JvmProcess[] players = new JvmProcess[Playground.PLAYERS];
    private int started;
    private int killed;
    private int told;

    @BeforeEach
    void start() {
        replaceTheDead();
    }

    @AfterEach
    void end() throws InterruptedException {
        kill(List.of(players));
    }

    @Test
    @Timeout(180)
    void killedAFewTimes_nothingIsLostStolenOrStuck() throws Exception {
        killPlayers(A_FEW);
    }

    @Test
    @StressTest
    @Timeout(900)
    @SuppressWarnings("SystemOut")
    void killedManyTimes_nothingIsLostStolenOrStuck() throws Exception {
        long begin = System.nanoTime();
        killPlayers(MANY);
        assertThat(playground.inherited()).as("locks taken over").isPositive();
        assertThat(playground.semaphore.recoveredPermits())
                .as("permits recovered")
                .isPositive();
        System.out.println(killed + " kills, " + playground.inherited() + " locks inherited, "
                + playground.semaphore.recoveredPermits() + " permits recovered, " + told + " signals taken, in "
                + (System.nanoTime() - begin) / 1_000_000_000 + " s");
    }

    @Test
    @Timeout(180)
    void paused_holdersAmongThem_areNotRobbed() throws Exception {
        for (int i = 0; i < 10; i++) {
            playground.gate.set();
            awaitSomeRounds();
            List<JvmProcess> paused = some(1 + random.nextInt(3));
            paused.forEach(JvmProcess::pause);
            var lock = playground.lock;
            if (lock.acquire(Duration.ofMillis(250))) {
                lock.unlock();
            }
            if (playground.reentrant.acquire(Duration.ofMillis(250))) {
                playground.reentrant.unlock();
            }
            if (playground.semaphore.acquire(Duration.ofMillis(250))) {
                playground.semaphore.release();
            }
            paused.forEach(JvmProcess::resume);
            assertEverybodyGetsOn();
        }

        assertThat(playground.inherited()).isZero();
        assertThat(playground.semaphore.recoveredPermits()).isZero();
        assertThat(playground.violations()).isZero();
    }

    private void killPlayers(int kills) throws Exception {
        while (killed < kills) {
            boolean signalAtOnce = random.nextInt(4) == 0;
            playground.gate.set();
            awaitSomeRounds();
            List<JvmProcess> victims = some(Playground.PLAYERS - FEWEST_LEFT - random.nextInt(3));
            int signals = signalAtOnce ? signalSome() : 0;
            kill(victims);
            int taken = check();
            assertThat(taken - signals).as("taken of %d signals", signals).isBetween(-victims.size(), 0);
            playground.gate.clear();
            replaceTheDead();
        }
        assertThat(playground.inherited()).as("by killing: two locks each time").isBetween(0, 2 * killed);
        assertThat(playground.semaphore.recoveredPermits()).isBetween(0, 2 * killed);
    }

    /** All that must hold after a death; returns how many were told on the quiet condition, and not by this method. */
    private int check() throws Exception {
        for (int i = 0; i < 3; i++) {
            playground.withLock();
            playground.withReentrant();
        }
        for (int i = 0; i < 2; i++) {
            assertThat(playground.semaphore.acquire(PATIENCE))
                    .as("permit %d", i)
                    .isTrue();
        }
        playground.aloneWithAllPermits();
        playground.semaphore.release(2);
        assertEverybodyGetsOn();
        int taken = assertSignalsAreExact();
        assertThat(playground.violations()).as("violations, seed %d", seed).isZero();
        return taken;
    }

    private void assertEverybodyGetsOn() {
        int[][] before = rounds();
        await("everybody gets on", () -> {
            playground.bell.set();
            playground.bell.clear();
            int[][] now = rounds();
            for (int player = 0; player < players.length; player++) {
                for (Game game : Game.values()) {
                    if (players[player].isAlive()
                            && game != Game.QUIET_CONDITION
                            && now[player][game.ordinal()] == before[player][game.ordinal()]) {
                        return false;
                    }
                }
            }
            return true;
        });
    }

    private int assertSignalsAreExact() {
        int left = (int) living().count();
        awaitWaiting(left);
        int before = inside(playground::told);
        int earlier = before - told;
        int signals = 1 + random.nextInt(left);
        inside(() -> {
            playground.quiet.signal(signals);
            return signals;
        });
        awaitTold(before + signals);
        awaitWaiting(left);
        told = inside(playground::told);
        assertThat(told).as("told").isEqualTo(before + signals);
        return earlier;
    }

    /** As many of the living wait as there are, and none of them is about to be told. */
    private void awaitWaiting(int count) {
        await(
                count + " wait",
                () -> inside(() -> playground.quiet.waiting() == count && playground.quiet.signalled() == 0));
    }

    private void awaitTold(int count) {
        await(count + " were told", () -> inside(playground::told) >= count);
    }

    @SuppressWarnings("try")
    private <T> T inside(Supplier<T> action) {
        try (Guard held = playground.quiet.guard()) {
            return action.get();
        }
    }

    private int signalSome() {
        return inside(() -> {
            int signals = Math.min(playground.quiet.waiting(), 1 + random.nextInt(FEWEST_LEFT));
            playground.quiet.signal(signals);
            return signals;
        });
    }

    /** Until those who play have played some rounds more: a number nobody knows before. */
    private void awaitSomeRounds() {
        long end = sum(rounds()) + random.nextInt(3_000);
        Deadline deadline = Deadline.after(PATIENCE);
        while (sum(rounds()) < end && !deadline.isOver()) {
            playground.bell.set();
        }
    }

    private int[][] rounds() {
        return IntStream.range(0, players.length)
                .mapToObj(player -> IntStream.range(0, Game.values().length)
                        .map(game -> playground.rounds(player, game))
                        .toArray())
                .toArray(int[][]::new);
    }

    private static long sum(int[][] rounds) {
        return IntStream.range(0, rounds.length)
                .mapToLong(player -> IntStream.of(rounds[player]).asLongStream().sum())
                .sum();
    }

    private List<JvmProcess> some(int count) {
        var shuffled = new ArrayList<>(List.of(players));
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, count);
    }

    private void kill(List<JvmProcess> victims) throws InterruptedException {
        for (JvmProcess victim : victims) {
            try {
                ProcessControl.signal((int) victim.pid(), ProcessControl.SIGKILL);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            for (int i = random.nextInt(2_000); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
        for (JvmProcess victim : victims) {
            victim.join();
            killed++;
        }
    }

    private Stream<JvmProcess> living() {
        return List.of(players).stream().filter(JvmProcess::isAlive);
    }

    private void replaceTheDead() {
        for (int i = 0; i < players.length; i++) {
            if (players[i] == null || !players[i].isAlive()) {
                int player = i;
                Playground shared = playground;
                players[i] = MultiJvm.process("player-" + i, () -> shared.play(player));
                players[i].start();
                started++;
            }
        }
        await("all are ready", () -> playground.ready() == started);
    }

    private void await(String what, BooleanSupplier condition) {
        Deadline end = Deadline.after(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(end.isOver())
                    .as("%s, seed %d, violations %d", what, seed, playground.violations())
                    .isFalse();
            LockSupport.parkNanos(BREATH);
        }
    }
}
