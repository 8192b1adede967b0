package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.contract.ProcessParties;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that have made many calls, so that theirs go through shared memory. */
@ForkTest
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
final class ManyCallsTest extends ProcessParties {
    private static final int MANY = 100;

    private Manager manager;

    ManyCallsTest() {
        super(StartMethod.FORKSERVER);
    }

    @BeforeEach
    void start() {
        manager = MultiJvm.manager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static void makeManyCalls(ManagedMap<String, Integer> counts, String key) {
        for (int i = 0; i < MANY; i++) {
            counts.merge(key, 1, Integer::sum);
        }
    }

    @Test
    void manyClients_countRight() throws Exception {
        ManagedMap<String, Integer> counts = manager.dict();
        var clients = new ArrayList<JvmProcess>();
        for (int i = 0; i < 4; i++) {
            String own = "own " + i;
            clients.add(started(() -> {
                for (int round = 0; round < 10; round++) {
                    makeManyCalls(counts, own);
                    makeManyCalls(counts, "of all");
                }
            }));
        }
        for (JvmProcess each : clients) {
            each.joinOrThrow();
        }
        assertThat(counts)
                .containsEntry("of all", 40 * MANY)
                .containsEntry("own 0", 10 * MANY)
                .containsEntry("own 3", 10 * MANY);
    }

    @Test
    void smallAndLarge_openThingsAndErrors_takeTurns() throws Exception {
        ManagedList<Object> list = manager.list();
        try (Pipe pipe = MultiJvm.pipe()) {
            for (int i = 0; i < MANY; i++) {
                byte[] large = new byte[i % 10 * 1000];
                Arrays.fill(large, (byte) i);
                list.add(large);
                assertThat((byte[]) list.get(0)).isEqualTo(large);
                assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> list.get(1));
                if (i % 10 == 0) {
                    list.set(0, pipe.second());
                    try (Connection copy = (Connection) list.get(0)) {
                        copy.send(i);
                    }
                    assertThat(pipe.first().recv()).isEqualTo(i);
                }
                list.clear();
            }
        }
    }

    @Test
    void functionThatTakesLong_keepsNobodyElse() throws Exception {
        ManagedMap<String, Integer> counts = manager.dict();
        ManagedList<Integer> others = manager.list();
        ManagedEvent begun = manager.event();
        ManagedLock gate = manager.lock();
        gate.lock();
        makeManyCalls(counts, "many");

        var slow = Background.run(() -> {
            makeManyCalls(counts, "many");
            return counts.compute("slow", (key, value) -> {
                begun.set();
                gate.lock();
                return 1;
            });
        });
        begun.await();
        for (int i = 0; i < MANY; i++) {
            others.add(i);
        }
        assertThat(slow.isDone()).isFalse();
        gate.unlock();

        assertThat(slow.get()).isEqualTo(1);
        assertThat(others).hasSize(MANY);
        assertThat(counts).containsEntry("many", 2 * MANY);
    }

    @Test
    void serverKilled_callsUnderWayFail() throws Exception {
        ManagedMap<String, Integer> counts = manager.dict();
        var calling = new ArrayList<Background<Object>>();
        for (String key : List.of("one", "other")) {
            makeManyCalls(counts, key);
            calling.add(Background.run(() -> {
                while (true) {
                    makeManyCalls(counts, key);
                }
            }));
        }
        manager.process().orElseThrow().kill();

        for (Background<Object> each : calling) {
            assertThat(each.failure()).isInstanceOf(ManagerGoneException.class);
        }
    }

    @Test
    void clientKilled_amongItsCalls_freesWhatItHeld() throws Exception {
        ManagedMap<String, Integer> counts = manager.dict();
        var lock = manager.lock();
        var holder = after(() -> {
            makeManyCalls(counts, "many");
            lock.lock();
            makeManyCalls(counts, "more");
            var busy = new Thread(() -> {
                while (true) {
                    makeManyCalls(counts, "most");
                }
            });
            busy.setDaemon(true);
            busy.start();
        });
        var waiting = Background.run(() -> {
                    makeManyCalls(counts, "here");
                    lock.lock();
                    return lock.isInherited();
                })
                .awaitWaiting();

        holder.kill();

        assertThat(waiting.get()).isTrue();
        assertThat(counts).containsEntry("here", MANY);
    }
}
