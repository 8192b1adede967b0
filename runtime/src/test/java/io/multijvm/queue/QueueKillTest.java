package io.multijvm.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.Rounds;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Producers and consumers of a queue are killed, some at a time, at moments that nobody has chosen, while the others go on.
 * In the end the books must agree: see {@link QueueLedger}.
 */
@ForkTest
final class QueueKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** How long the living may be held up by deaths: a second, and what a busy machine makes of it. */
    private static final Duration HELD_UP = Duration.ofSeconds(10);

    private static final long BREATH = 500_000; // nanoseconds: others are to have the processors
    private static final int A_FEW = Rounds.of(8, 30);
    private static final int MANY = 1_000;
    private static final int MAXSIZE = 16;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final JvmProcess[] players = new JvmProcess[QueueLedger.PLAYERS];
    private QueueLedger ledger;
    private int started;
    private int killed;
    private int killedConsumers;
    private long longest;

    @AfterEach
    void end() throws InterruptedException {
        kill(playing());
        ledger.close();
    }

    @Test
    @Timeout(180)
    void plain_killedAFewTimes_booksAgree() throws Exception {
        playPlain(A_FEW);
    }

    @Test
    @Timeout(180)
    void joinable_killedAFewTimes_booksAgree() throws Exception {
        playJoinable(A_FEW);
    }

    @Test
    @StressTest
    @Timeout(1_800)
    void plain_killedManyTimes_booksAgree() throws Exception {
        playPlain(MANY);
    }

    @Test
    @StressTest
    @Timeout(1_800)
    void joinable_killedManyTimes_booksAgree() throws Exception {
        playJoinable(MANY);
    }

    private void playPlain(int kills) throws Exception {
        var queue = ProcessQueue.<byte[]>create(MAXSIZE);
        play(queue, kills);

        int left = queue.size();
        var last = new HashMap<Integer, Integer>();
        for (int i = 0; i < left; i++) {
            ledger.enter(queue.poll(), false, last);
        }
        assertThat(queue.poll()).isNull();
        var audit = audit();
        assertThat(audit.lost()).as("one at most in the hands of each").isLessThanOrEqualTo(killedConsumers);
        assertThat(audit.again()).isZero();
        assertIsAsNew(queue);
    }

    private void playJoinable(int kills) throws Exception {
        var queue = JoinableQueue.<byte[]>create(0);
        play(queue, kills);

        int again = 0;
        var last = new HashMap<Integer, Integer>();
        while (queue.unfinished() > 0) {
            var delivery = queue.getDelivery(PATIENCE);
            ledger.enter(delivery.item(), delivery.isRedelivered(), last);
            delivery.done();
            again += delivery.isRedelivered() ? 1 : 0;
        }
        queue.join();
        assertThat(again).isLessThanOrEqualTo(QueueLedger.CONSUMERS);
        var audit = audit();
        assertThat(audit.lost()).as("lost, seed %d", seed).isZero();
        assertThat(audit.again()).as("one at most in the hands of each").isLessThanOrEqualTo(killedConsumers);
        assertThat(queue.size()).isZero();
        assertThat(queue.poll()).isNull();
    }

    /** What is always so; says what happened. */
    @SuppressWarnings("SystemOut")
    private QueueLedger.Audit audit() {
        var audit = ledger.audit();
        System.out.println(killed + " kills, " + killedConsumers + " of consumers; " + audit
                + "; nobody held up for more than " + longest / 1_000_000 + " ms");
        assertThat(audit.invented()).as("invented, seed %d", seed).isZero();
        assertThat(audit.twice()).as("twice, seed %d", seed).isZero();
        assertThat(ledger.violations()).as("violations, seed %d", seed).isZero();
        return audit;
    }

    /** No place is taken by who is dead. */
    private static void assertIsAsNew(ProcessQueue<byte[]> queue) throws InterruptedException {
        assertThat(queue.remainingCapacity()).isEqualTo(MAXSIZE);
        for (int i = 0; i < MAXSIZE; i++) {
            assertThat(queue.offer(new byte[i])).isTrue();
        }
        assertThat(queue.offer(new byte[0])).isFalse();
        for (int i = 0; i < MAXSIZE; i++) {
            assertThat(queue.take()).hasSize(i);
        }
        assertThat(queue.isEmpty()).isTrue();
    }

    private void play(ProcessQueue<byte[]> queue, int kills) throws Exception {
        ledger = new QueueLedger(queue, kills + 4 * QueueLedger.PLAYERS);
        replaceTheDead();
        while (killed < kills && !ledger.isNearlyFull()) {
            var paces = QueueLedger.Pace.values();
            ledger.pace(paces[random.nextInt(paces.length)]);
            ledger.gate.set();
            awaitSomeRounds();
            kill(victims());
            ledger.pace(QueueLedger.Pace.ALL_QUICK);
            awaitEverybodyGetsOn();
            ledger.gate.clear();
            replaceTheDead();
        }
        ledger.gate.set();
        awaitSomeRounds();
        kill(playing());
        assertThat(killed).as("kills").isGreaterThanOrEqualTo(kills);
    }

    /** Until those who play have played some rounds more: a number nobody knows before. */
    private void awaitSomeRounds() {
        int rounds = random.nextInt(2_000);
        int[] before = rounds();
        await("some rounds", () -> sum(rounds()) - sum(before) >= rounds);
    }

    private void awaitEverybodyGetsOn() {
        long begin = System.nanoTime();
        int[] before = rounds();
        await("everybody gets on", () -> {
            int[] now = rounds();
            return IntStream.range(0, players.length)
                    .allMatch(player -> !players[player].isAlive() || now[player] != before[player]);
        });
        longest = Math.max(longest, System.nanoTime() - begin);
        assertThat(Duration.ofNanos(longest)).as("held up, seed %d", seed).isLessThan(HELD_UP);
    }

    private int[] rounds() {
        return IntStream.range(0, players.length).map(ledger::rounds).toArray();
    }

    private static long sum(int[] rounds) {
        return IntStream.of(rounds).asLongStream().sum();
    }

    /** Some of each side, and never all. */
    private List<JvmProcess> victims() {
        var victims = new ArrayList<JvmProcess>();
        var all = playing();
        for (var side :
                List.of(all.subList(0, QueueLedger.PRODUCERS), all.subList(QueueLedger.PRODUCERS, players.length))) {
            var shuffled = new ArrayList<>(side);
            Collections.shuffle(shuffled, random);
            victims.addAll(shuffled.subList(0, random.nextInt(shuffled.size())));
        }
        Collections.shuffle(victims, random);
        return victims;
    }

    private List<JvmProcess> playing() {
        var playing = new ArrayList<JvmProcess>();
        for (JvmProcess player : players) {
            if (player != null && player.isAlive()) {
                playing.add(player);
            }
        }
        return playing;
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
            killedConsumers += victim.name().startsWith("consumer") ? 1 : 0;
        }
    }

    private void replaceTheDead() {
        for (int i = 0; i < players.length; i++) {
            if (players[i] == null || !players[i].isAlive()) {
                int player = i;
                QueueLedger shared = ledger;
                String side = i < QueueLedger.PRODUCERS ? "producer-" : "consumer-";
                players[i] = MultiJvm.process(side + i, () -> shared.play(player));
                players[i].start();
                started++;
            }
        }
        await("all are ready", () -> ledger.ready() == started);
    }

    private void await(String what, BooleanSupplier condition) {
        Deadline end = Deadline.after(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(end.isOver())
                    .as("%s, seed %d, violations %d", what, seed, ledger.violations())
                    .isFalse();
            LockSupport.parkNanos(BREATH);
        }
    }
}
