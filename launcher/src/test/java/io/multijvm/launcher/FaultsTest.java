package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.socket.MessageSocket;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads of the launcher to which something happens, at each place where it may: nothing is lost, and everything ends. */
final class FaultsTest {
    private static final int TIMES = 3;

    @AfterEach
    void noFaults() {
        FaultPoint.inject(null);
    }

    static Stream<Arguments> child_faultWhereItIsWatched_everythingIsTold() {
        return Fault.at(
                "multijvm-monitor",
                "multijvm-output",
                "multijvm-log",
                "child-control",
                "child-end",
                "child-finish",
                "child-watcher",
                "output-relay",
                "line-consumer");
    }

    @ParameterizedTest
    @MethodSource
    void child_faultWhereItIsWatched_everythingIsTold(String place, Fault fault) throws Exception {
        for (boolean leased : new boolean[] {false, true}) {
            try (var standIn = new StandIn()) {
                tellsEverything(standIn, leased, place, fault);
            }
        }
    }

    private static void tellsEverything(StandIn standIn, boolean leased, String place, Fault fault) throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        var watched = new CompletableFuture<Void>();
        var before = new CompletableFuture<Void>();
        Output output = Output.toLines(lines::add);
        Child child = leased ? standIn.leased(output) : standIn.own(output);
        child.whenEnded(() -> before.complete(null));
        child.watchEnd(() -> watched.complete(null));
        Fault.Injector struck = fault.at(place, TIMES);
        FaultPoint.inject(struck);

        if (place.equals("multijvm-log")) {
            EngineLog.log(System.Logger.Level.DEBUG, "expected", null);
        }
        standIn.say(Frame.RUNNING.header(0, 0));
        assertThat(child.running()).succeedsWithin(StandIn.PATIENCE);
        standIn.channel.failed(new byte[] {7});
        standIn.channel.ended(3);
        standIn.exit(3, "one", "two", "three", "four", "five");
        if (leased) {
            standIn.reap();
            standIn.sayStatus(0, 3);
        }

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(3));
        assertThat(watched).succeedsWithin(StandIn.PATIENCE);
        assertThat(before).isDone();
        assertThat(standIn.failures).containsExactly(new byte[] {7});
        assertThat(child.stderrTail()).isEqualTo("one two three four five\n");
        boolean lost = place.equals("line-consumer") && fault.isThrown();
        Eventually.holds(() -> lost || lines.size() == 1);
        Eventually.holds(struck::hasStruck);
        standIn.family.close();
    }

    @ParameterizedTest
    @MethodSource
    void spares_faultWhereTheyAreMadeAndWatched_areMadeAgain(String place, Fault fault) throws Exception {
        var family = new Family(null, new byte[32], RunDirectory.ROOT);
        var stock = new SpareStock(family, new WarmPolicy(1, Duration.ofMinutes(1), List.of()));
        MessageSocket[] ends = MessageSocket.pair();
        Fault.Injector struck =
                fault.at(place, place.equals("multijvm-refill") ? 2 : TIMES); // three are enough to give up
        FaultPoint.inject(struck);
        Profile profile = Shells.profile(Shells.READY + "cat >/dev/null");
        var leases = new ArrayList<ForkServerClient.Lease>();
        try (MessageSocket client = ends[0];
                MessageSocket server = ends[1]) {
            SpareStock.Line line = stock.open("E", profile, List.of(), server);
            for (int i = 0; i < 2; i++) {
                assertThat(client.poll(Deadline.after(StandIn.PATIENCE))).isTrue();
                leases.add(ForkServerClient.Lease.of(client.receive()));
                stock.next(line, List.of());
            }

            ForkServerClient.Lease first = leases.get(0);
            first.control().close(); // ends it

            assertThat(first.status().awaitReadable(Deadline.after(StandIn.PATIENCE)))
                    .isTrue();
            assertThat(first.status().readNow(new byte[8])).isEqualTo(8);
            assertThat(client.poll(Deadline.after(StandIn.PATIENCE))).isTrue(); // nothing boots any more
            leases.add(ForkServerClient.Lease.of(client.receive()));
            assertThat(struck.hasStruck()).isTrue();
        } finally {
            leases.forEach(ForkServerClient.Lease::giveUp);
            stock.close();
        }
    }

    static Stream<Arguments> spares_faultWhereTheyAreMadeAndWatched_areMadeAgain() {
        return Fault.at("multijvm-refill", "spare-end", "multijvm-monitor");
    }

    @ParameterizedTest
    @EnumSource
    void threadDump_fault_isToldToTheThreadThatWaits(Fault fault) throws Exception {
        try (var standIn = new StandIn()) {
            Child child = standIn.own();
            Fault.Injector struck = fault.at("multijvm-thread-dump", 1);
            FaultPoint.inject(struck);
            standIn.exit(0);
            assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE);

            assertThat(catchThrowable(() -> ThreadDump.of(child))).isInstanceOf(IOException.class);
            assertThat(struck.hasStruck()).isTrue();
        }
    }
}
