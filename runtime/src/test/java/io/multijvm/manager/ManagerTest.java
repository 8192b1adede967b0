package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.RemoteException;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A manager's server process, from its start to its end. */
@ForkTest
final class ManagerTest {
    private static final AtomicInteger INITIALISED = new AtomicInteger();

    @ParameterizedTest
    @EnumSource(StartMethod.class)
    void dict_setByAChild_isSeenByItsParent(StartMethod method) throws Exception {
        try (var context = MultiJvm.getContext(method);
                Manager manager = context.manager()) {
            ManagedMap<Object, Object> dict = manager.dict();
            JvmProcess child = context.process(() -> {
                dict.put(1, "one");
                dict.put("2", 2);
                dict.put(0.25, null);
            });
            child.start();
            child.joinOrThrow();

            assertThat(dict.copy())
                    .containsEntry(1, "one")
                    .containsEntry("2", 2)
                    .containsEntry(0.25, null);
            assertThat(dict.keySet()).containsExactly(1, "2", 0.25);
        }
    }

    @Test
    @Conforms("_TestMyManager.test_mymanager_context_prestarted")
    void close_endsTheServerInOrder_andIsIdempotent() {
        Manager manager = MultiJvm.manager();
        JvmProcess server = manager.process().orElseThrow();
        ManagedList<Integer> list = manager.list();
        manager.close();
        manager.close();

        assertThat(server.exitCode()).isZero();
        assertThatExceptionOfType(ManagerGoneException.class)
                .isThrownBy(() -> list.add(1))
                .withMessageContaining("was shut down");
        assertThatExceptionOfType(ManagerGoneException.class).isThrownBy(manager::dict);
    }

    @Test
    void serverKilled_everyCallSaysSo() {
        try (Manager manager = MultiJvm.manager()) {
            ManagedMap<String, Integer> dict = manager.dict();
            dict.put("a", 1);
            manager.process().orElseThrow().kill();

            assertThatExceptionOfType(ManagerGoneException.class).isThrownBy(() -> dict.get("a"));
            assertThatExceptionOfType(ManagerGoneException.class).isThrownBy(() -> dict.get("a"));
            assertThatExceptionOfType(ManagerGoneException.class).isThrownBy(manager::list);
        }
    }

    @Test
    @Conforms("TestInitializers.test_manager_initializer")
    void initializer_runsOnceInTheServer_andItsFailureIsTheStarts() {
        var options = ManagerOptions.defaults();
        try (Manager manager = MultiJvm.manager(options.initializer(() -> INITIALISED.incrementAndGet()))) {
            ManagedValue<Integer> value = manager.value(0);
            assertThat(value.updateAndGet(ignored -> INITIALISED.get())).isEqualTo(1);
            assertThat(INITIALISED).hasValue(0);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MultiJvm.manager(options.initializer(() -> {
                    throw new IllegalArgumentException("not today");
                })))
                .withMessage("not today");
    }

    @Test
    void function_failingInTheServer_leavesEverythingAsItWas() {
        try (Manager manager = MultiJvm.manager()) {
            ManagedMap<String, Integer> dict = manager.dict();
            dict.put("a", 1);
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> dict.compute("a", (key, value) -> value / (value - 1)));
            assertThatExceptionOfType(RemoteException.class)
                    .isThrownBy(() -> dict.compute("a", (key, value) -> {
                        throw new Unsendable();
                    }))
                    .withMessageContaining("Unsendable");
            dict.merge("a", 1, Integer::sum);

            assertThat(dict).containsEntry("a", 2);
        }
    }

    private static final class Unsendable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("unused")
        private final Object what = new Object();
    }

    @Test
    void filter_refusesWhatItDoesNotKnow() {
        try (Manager manager = MultiJvm.manager(ManagerOptions.defaults().filter("java.lang.*;java.util.*;!*"))) {
            ManagedList<Object> list = manager.list();
            list.add("a");
            list.add(new java.util.HashMap<>(java.util.Map.of("a", 1)));
            list.add(manager.dict());

            assertThatExceptionOfType(java.io.InvalidClassException.class)
                    .isThrownBy(() -> list.add(new java.math.BigInteger("1")))
                    .withMessageContaining("java.math.BigInteger");
            assertThat(list.size()).isEqualTo(3);
        }
    }

    @Test
    void interrupt_fromTheTerminal_doesNotEndTheServer() throws Exception {
        try (Manager manager = MultiJvm.manager()) {
            ManagedList<Integer> list = manager.list();
            JvmProcess server = manager.process().orElseThrow();
            server.interrupt();
            assertThat(server.join(Duration.ofMillis(300))).isFalse();

            assertThat(list.add(1)).isTrue();
        }
    }

    @Test
    void end_ofMain_managerServesTheChildrenThatAreLeft() throws Exception {
        var ended = ChildJvm.of(NotClosed.class).run();

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout().lines()).containsExactly("main has ended", "child has added 100");
        assertThat(ended.exitCode()).isZero();
    }

    static final class NotClosed {
        public static void main(String[] args) throws Exception {
            ManagedList<Integer> list = MultiJvm.manager().list();
            var gate = MultiJvm.pipe(false);
            var open = gate.reader();
            MultiJvm.process(() -> {
                        open.recv();
                        for (int i = 0; i < 100; i++) {
                            list.add(i);
                        }
                        System.out.println("child has added " + list.size());
                    })
                    .start();
            System.out.println("main has ended");
            gate.writer().send("go on");
        }
    }

    @Test
    void serveForever_inAChild_untilAnotherShutsItDown() throws Exception {
        var address = new java.util.concurrent.CompletableFuture<java.net.SocketAddress>();
        try (var pipe = MultiJvm.pipe(false)) {
            var writer = pipe.writer();
            JvmProcess child = MultiJvm.process(() -> {
                try (ManagerServer server = ManagerServer.open(ManagerOptions.defaults())) {
                    writer.send(Addresses.toText(server.address()));
                    server.serveForever();
                }
            });
            child.start();
            address.complete(Addresses.of(pipe.reader().recv(String.class)));
            Manager manager =
                    Manager.connect(address.join(), MultiJvm.currentProcess().authKey());
            assertThat(manager.process()).isEmpty();
            assertThat(manager.list(java.util.List.of(1))).containsExactly(1);
            assertThat(manager.join(Duration.ZERO)).isFalse();
            manager.shutdown();
            assertThat(manager.join(null)).isTrue();
            child.joinOrThrow();
        }
    }
}
