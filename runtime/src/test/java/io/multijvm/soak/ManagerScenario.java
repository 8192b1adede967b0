package io.multijvm.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multijvm.MultiJvm;
import io.multijvm.manager.ManagedLock;
import io.multijvm.manager.ManagedMap;
import io.multijvm.manager.ManagedQueue;
import io.multijvm.manager.Manager;
import io.multijvm.manager.ManagerGoneException;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Three clients that count under a lock of a manager. Half of the rounds kill a client, some kill the server. */
final class ManagerScenario implements Scenario {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int CLIENTS = 3;
    private static final int TIMES = 20;

    private final Random random;
    private Manager manager = MultiJvm.manager();
    private long counted;
    private int clientsKilled;
    private int serversKilled;

    ManagerScenario(long seed) {
        random = new Random(seed);
    }

    @Override
    public void round() throws Exception {
        if (random.nextInt(15) == 0) {
            killServer();
        }
        ManagedMap<String, Integer> counts = manager.dict();
        ManagedQueue<Integer> arrivals = manager.queue();
        ManagedLock lock = manager.lock();
        counts.put("all", 0);
        var clients = new ArrayList<JvmProcess>();
        for (int i = 0; i < CLIENTS; i++) {
            int self = i;
            JvmProcess client = MultiJvm.process(() -> count(counts, arrivals, lock, self));
            client.start();
            clients.add(client);
        }
        boolean isOneKilled = random.nextBoolean();
        if (isOneKilled) {
            clientsKilled++;
            Integer victim = arrivals.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(victim).as("a client that has arrived").isNotNull();
            clients.get(victim).kill();
        }
        int ended = 0;
        for (JvmProcess each : clients) {
            assertThat(each.join(PATIENCE)).as("%s", each).isTrue();
            ended += each.exitCode() == 0 ? 1 : 0;
        }
        assertThat(ended).isGreaterThanOrEqualTo(isOneKilled ? CLIENTS - 1 : CLIENTS);
        int sum = 0;
        for (int i = 0; i < CLIENTS; i++) {
            sum += counts.getOrDefault("client " + i, 0);
        }
        assertThat(counts.get("all")).isBetween(sum, isOneKilled ? sum + 1 : sum);
        counted += sum;
    }

    private static void count(
            ManagedMap<String, Integer> counts, ManagedQueue<Integer> arrivals, ManagedLock lock, int self)
            throws InterruptedException {
        arrivals.put(self);
        for (int i = 1; i <= TIMES; i++) {
            lock.lock();
            try {
                counts.put("all", counts.get("all") + 1);
                counts.put("client " + self, i);
            } finally {
                lock.unlock();
            }
        }
    }

    private void killServer() {
        serversKilled++;
        ManagedQueue<Integer> queue = manager.queue();
        Background<Throwable> taker =
                Background.run(() -> catchThrowable(queue::take)).awaitWaiting();
        manager.process().orElseThrow().kill();
        try {
            assertThat(taker.get()).isInstanceOf(ManagerGoneException.class);
        } catch (Exception e) {
            throw new AssertionError("a call that waits in a server that is killed", e);
        }
        manager.close();
        manager = MultiJvm.manager();
    }

    @Override
    public String report() {
        return "managers " + counted + " times, " + clientsKilled + " clients and " + serversKilled
                + " servers killed, " + manager.numberOfObjects() + " objects";
    }

    @Override
    public void close() {
        manager.shutdown();
    }
}
