package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.Waits;
import io.multijvm.launcher.Output;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.StressTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Clients and servers killed at whatever moment. */
@StressTest
final class ManagerKillTest extends ProcessParties {
    private static final int KILLS = Integer.getInteger("multijvm.test.kills", 10);
    private static final int MOST_CALLS_BEFORE = 400;

    ManagerKillTest() {
        super(StartMethod.FORKSERVER);
        context.options(JvmOptions.defaults().stderr(Output.discard())); // the clients' last words
    }

    @Test
    void clientsKilled_atRandom_serverKeepsNothingOfThem() throws Exception {
        try (Manager manager = MultiJvm.manager().register(Mailbox.class, Mailbox.InMemory.class)) {
            Mailbox mailbox = manager.create(Mailbox.class);
            ManagedMap<String, Integer> counts = manager.dict();
            ManagedMap<String, Object> shelf = manager.dict();
            var random = new Random(4711);
            for (int kill = 0; kill < KILLS; kill++) {
                String name = "client " + kill;
                JvmProcess client = started(() -> {
                    while (true) {
                        counts.merge(name, 1, Integer::sum);
                        ManagedList<Integer> list = manager.list(List.of(1));
                        shelf.put(name, list);
                        list.add(2);
                        if (counts.getOrDefault(name, 0) % 100 == 0) {
                            mailbox.take();
                        }
                    }
                });
                int calls = 1 + random.nextInt(MOST_CALLS_BEFORE);
                Waits.until(() -> {
                    mailbox.put("go on");
                    return counts.getOrDefault(name, 0) >= calls;
                });
                client.kill();
                assertThat(((ManagedList<?>) shelf.get(name)).get(0)).isEqualTo(1);
            }
            shelf.clear();
            Waits.until(() -> manager.statistics().get("clients") == 1 && mailbox.waiting() == 0);
            Waits.until(() -> {
                System.gc();
                mailbox.collectGarbage();
                return manager.numberOfObjects() <= 3;
            });
        }
    }

    @Test
    void serverKilled_atRandom_everyCallEndsWithThat() throws Exception {
        var random = new Random(4711);
        for (int kill = 0; kill < KILLS; kill++) {
            try (Manager manager = MultiJvm.manager().register(Mailbox.class, Mailbox.InMemory.class)) {
                Mailbox mailbox = manager.create(Mailbox.class);
                ManagedMap<String, Integer> counts = manager.dict();
                var callers = new ArrayList<Background<Object>>();
                for (int i = 0; i < 3; i++) {
                    callers.add(Background.run(() -> {
                        while (true) {
                            counts.merge("calls", 1, Integer::sum);
                        }
                    }));
                }
                callers.add(Background.run(mailbox::take));
                JvmProcess client = started(() -> {
                    while (true) {
                        counts.merge("calls", 1, Integer::sum);
                    }
                });
                int calls = random.nextInt(10 * MOST_CALLS_BEFORE);
                Waits.until(() -> counts.getOrDefault("calls", 0) >= calls);
                manager.process().orElseThrow().kill();

                for (Background<Object> each : callers) {
                    assertThat(each.failure()).isInstanceOf(ManagerGoneException.class);
                }
                client.join();
                assertThat(client.failure())
                        .hasValueSatisfying(failure -> assertThat(failure).isInstanceOf(ManagerGoneException.class));
                assertThatExceptionOfType(ManagerGoneException.class).isThrownBy(counts::size);
            }
        }
    }
}
