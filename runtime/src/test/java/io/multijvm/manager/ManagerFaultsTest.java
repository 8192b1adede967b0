package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.Fault;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Failures of the threads of a manager's server, and of the code of programs that runs there: each hurts one call at most,
 * and neither what clients hold nor the end of the server.
 */
@ForkTest
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
final class ManagerFaultsTest {
    /** The places in the server, and the calls of a client that a failure there may hurt, for each time. */
    private static final List<String> HARMLESS = List.of(
            "manager-accept",
            "gatekeeper",
            "manager-watch",
            "manager-connection",
            "manager-answer",
            "manager-desk",
            "manager-desk-watch",
            "manager-client-gone",
            "manager-end");

    private static final List<String> OF_ONE_CALL = List.of(
            "manager-decode",
            "manager-call",
            "manager-function",
            "manager-encode",
            "manager-client",
            "manager-desk-next");

    private static final int TIMES = 3;
    private static final int CALLS = 60; // so many that some go through shared memory

    private final List<RemoteServer> clients = new ArrayList<>();

    @AfterEach
    void end() {
        FaultPoint.inject(null);
        clients.forEach(each -> each.close("the test is over"));
    }

    static Stream<Arguments> placesAndFaults() {
        return Fault.at(Stream.concat(HARMLESS.stream(), OF_ONE_CALL.stream()).toArray(String[]::new));
    }

    static Stream<Arguments> shutdown_faultWhereTheServerIsAskedToEnd_endsItAllTheSame() {
        return Fault.at("multijvm-manager-shutdown");
    }

    @ParameterizedTest
    @MethodSource
    void shutdown_faultWhereTheServerIsAskedToEnd_endsItAllTheSame(String place, Fault fault) throws Exception {
        Manager manager = Manager.start(ManagerOptions.defaults());
        Fault.Injector struck = fault.at(place, 1);
        FaultPoint.inject(struck);

        manager.shutdown();

        assertThat(struck.hasStruck()).isTrue();
        assertThat(manager.process().orElseThrow().isAlive()).isFalse();
    }

    /** A client of the server in this process, as another process would be. */
    private RemoteServer connect(ManagerServer server) throws Exception {
        UUID id = ((LocalServer) server.manager().remote().server()).id();
        UUID process = UUID.randomUUID();
        var client = new RemoteServer(id, Addresses.toText(server.address()), process);
        clients.add(client);
        client.knownBy(server.authkey(), Line.open(server.address(), server.authkey(), process));
        return client;
    }

    /** As {@link #connect}; what is said at the beginning is a call as well. */
    private RemoteServer connectInTheEnd(ManagerServer server, int tries) throws Exception {
        for (int i = 1; ; i++) {
            try {
                return connect(server);
            } catch (IOException e) {
                if (i == tries) {
                    throw e;
                }
            }
        }
    }

    /** The object that {@code here} is, as that client has it. */
    private static Object seenBy(RemoteServer client, Remote here) {
        return new Remote(client, here.number(), here.kind(), here.detail(), null).proxy();
    }

    @SuppressWarnings("unchecked")
    private static ManagedMap<String, Integer> map(RemoteServer client, ManagedMap<String, Integer> here) {
        return (ManagedMap<String, Integer>) seenBy(client, here.remote());
    }

    @SuppressWarnings("unchecked")
    private static ManagedQueue<Integer> queue(RemoteServer client, ManagedQueue<Integer> here) {
        return (ManagedQueue<Integer>) seenBy(client, here.remote());
    }

    private static ManagedReentrantLock lock(RemoteServer client, ManagedReentrantLock here) {
        return (ManagedReentrantLock) seenBy(client, here.remote());
    }

    /** Makes calls; returns how many of them failed. */
    private static int count(ManagedMap<String, Integer> counts, String key) {
        int failed = 0;
        for (int i = 0; i < CALLS; i++) {
            try {
                counts.merge(key, 1, Integer::sum);
                counts.put(key + " large", new byte[8000].length);
            } catch (RuntimeException | Error e) {
                failed++;
            }
        }
        return failed;
    }

    /** Takes what another thread puts; returns how many calls have failed. */
    private static int exchange(ManagedQueue<Integer> queue) throws Exception {
        int failed = 0;
        int put = 0;
        for (int i = 0; i < CALLS / 2; i++) {
            try {
                queue.put(i);
                put++;
            } catch (InterruptedException | RuntimeException | Error e) {
                failed++;
            }
        }
        int taken = 0;
        while (taken + failed < put) {
            try {
                if (queue.poll(10, TimeUnit.SECONDS) == null) {
                    break; // an item whose put has failed may be there, or an item be gone with a take that has
                }
                taken++;
            } catch (InterruptedException | RuntimeException | Error e) {
                failed++;
            }
        }
        assertThat(taken + failed).isGreaterThanOrEqualTo(put);
        return failed;
    }

    @ParameterizedTest
    @MethodSource("placesAndFaults")
    void fault_atAnyPlace_hurtsOneCallAtMost(String place, Fault fault) throws Exception {
        ManagerServer server = ManagerServer.open(ManagerOptions.defaults());
        Manager here = server.manager();
        ManagedMap<String, Integer> counts = here.dict();
        ManagedQueue<Integer> items = here.queue();
        ManagedReentrantLock held = here.rlock();
        ManagedEvent never = here.event();
        RemoteServer first = connect(server);
        ManagedReentrantLock holding = lock(first, held);
        holding.lock();
        Fault.Injector injector = fault.at(place, TIMES);
        FaultPoint.inject(injector);

        RemoteServer second = connectInTheEnd(server, HARMLESS.contains(place) ? 1 : 1 + TIMES);
        var calls = List.of(
                Background.run(() -> count(map(first, counts), "first")),
                Background.run(() -> count(map(second, counts), "second")),
                Background.run(() -> exchange(queue(first, items))));
        int failed = 0;
        for (Background<Integer> each : calls) {
            failed += each.get();
        }
        assertThat(failed).isLessThanOrEqualTo(HARMLESS.contains(place) ? 0 : injector.strikes());
        assertThat(counts.get("first") + counts.get("second")).isBetween(2 * CALLS - failed, 2 * CALLS);
        assertThat(held.locked()).isTrue();
        assertThat(holding.isHeldByCurrentThread()).isTrue();

        if (OF_ONE_CALL.contains(place)) {
            FaultPoint.inject(null);
        }
        // A client that dies frees what it held; those that wait learn of the end of the server.
        ManagedReentrantLock waiting = lock(second, held);
        Background<Boolean> inherits = Background.run(() -> waiting.tryLock(30, TimeUnit.SECONDS));
        first.close("killed");
        assertThat(inherits.get()).isTrue();
        Background<Boolean> waitsForEnd =
                Background.run(() -> ((ManagedEvent) seenBy(second, never.remote())).await(null));
        waitsForEnd.awaitWaiting();

        assertThat(Background.run(() -> close(server)).get()).isTrue();
        assertThat(waitsForEnd.failure()).isInstanceOf(ManagerGoneException.class);
        server.serveForever();
        assertThat(injector.strikes()).as("the place is reached").isPositive();
    }

    private static boolean close(ManagerServer server) {
        server.close();
        return true;
    }

    @Test
    void delay_inOneCall_delaysNoOther() throws Exception {
        ManagerServer server = ManagerServer.open(ManagerOptions.defaults());
        Manager here = server.manager();
        ManagedMap<String, Integer> slow = here.dict();
        ManagedMap<String, Integer> quick = here.dict();
        RemoteServer first = connect(server);
        RemoteServer second = connect(server);
        for (String place : OF_ONE_CALL) {
            if (place.equals("manager-client") || place.equals("manager-desk-next")) {
                continue; // in the client, and of no call alone
            }
            count(map(first, slow), "warm"); // by shared memory from now on
            count(map(second, quick), "warm");
            var gate = new Gate();
            FaultPoint.inject(gate.at(place));
            Background<Integer> delayed = Background.run(() -> map(first, slow).merge("slow", 1, Integer::sum));
            Eventually.holds(gate::isReached);

            assertThat(Background.run(() -> count(map(second, quick), "quick")).get())
                    .isZero();
            assertThat(delayed.isDone()).isFalse();
            gate.open();
            assertThat(delayed.get()).isPositive();
            FaultPoint.inject(null);
        }
        server.close();
    }

    /** A place at which the first thread that comes by waits, and the others do not. */
    private static final class Gate {
        private final CountDownLatch opened = new CountDownLatch(1);
        private final AtomicInteger reached = new AtomicInteger();

        Consumer<String> at(String place) {
            return name -> {
                if (name.equals(place) && reached.getAndIncrement() == 0) {
                    try {
                        boolean ignored = opened.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
        }

        boolean isReached() {
            return reached.get() > 0;
        }

        void open() {
            opened.countDown();
        }
    }

    /** A served object whose own code fails in every way. */
    @Test
    void codeOfPrograms_thatFails_failsTheCall() throws Exception {
        ManagerServer server = ManagerServer.open(ManagerOptions.defaults());
        Manager here = server.manager();
        ManagedMap<Object, Object> map = here.dict();
        ManagedReentrantLock held = here.rlock();
        RemoteServer client = connect(server);
        @SuppressWarnings("unchecked")
        var remote = (ManagedMap<Object, Object>) seenBy(client, map.remote());
        ManagedReentrantLock holding = lock(client, held);
        holding.lock();
        for (int round = 0; round < CALLS; round++) {
            for (Bad.Where where : Bad.Where.values()) {
                Throwable thrown = Background.run(() -> bad(remote, where)).get();
                assertThat(thrown).as("%s", where).isNotNull().isNotInstanceOf(ManagerGoneException.class);
                remote.clear();
            }
        }
        assertThat(holding.isHeldByCurrentThread()).isTrue();
        server.close();
    }

    private static Throwable bad(ManagedMap<Object, Object> map, Bad.Where where) {
        return catchThrowable(() -> {
            switch (where) {
                case READ -> map.put(1, new Bad(where));
                case HASH -> map.put(new Bad(where), 1);
                case EQUALS -> {
                    map.put(new Bad(where), 1);
                    map.put(new Bad(where), 2);
                }
                case WRITE -> {
                    map.put(1, new Bad(where));
                    Object ignored = map.compute(1, (key, value) -> ((Bad) value).armed());
                }
                case FUNCTION ->
                    map.compute(1, (key, value) -> {
                        throw Bad.fail();
                    });
                case MESSAGE ->
                    map.compute(1, (key, value) -> {
                        throw new Bad.Failure();
                    });
            }
        });
    }

    /** An object whose own code throws an {@link Error}. */
    static final class Bad implements Serializable {
        private static final long serialVersionUID = 1;

        enum Where {
            READ,
            HASH,
            EQUALS,
            WRITE,
            FUNCTION,
            MESSAGE
        }

        private final Where where;
        private boolean armed;

        Bad(Where where) {
            this.where = where;
        }

        Bad armed() {
            armed = true;
            return this;
        }

        static AssertionError fail() {
            throw new AssertionError("by the program");
        }

        @Override
        public boolean equals(Object other) {
            if (where == Where.EQUALS) {
                throw fail();
            }
            return this == other;
        }

        @Override
        public int hashCode() {
            if (where == Where.HASH) {
                throw fail();
            }
            return 1;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            if (armed) {
                throw fail();
            }
            out.defaultWriteObject();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            if (where == Where.READ) {
                throw fail();
            }
        }

        /** An exception that does not say what it is. */
        static final class Failure extends RuntimeException {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                throw fail();
            }

            @Override
            public StackTraceElement[] getStackTrace() {
                throw fail();
            }
        }
    }
}
