package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.testkit.Background;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AcceptanceTest {
    private static final Start LARGE =
            new Start(Path.of("/"), new byte[0], 1, 0, false, true, "E", new byte[2_000_000]);

    private final Acceptance patient = new Acceptance(StandIn.PATIENCE);
    private StandIn standIn;

    @BeforeEach
    void standIn() throws IOException {
        standIn = new StandIn();
    }

    @AfterEach
    void close() throws IOException {
        standIn.close();
    }

    @Test
    void confirm_childRuns_returnsItAndAwaitsNoOtherOfItsKind() throws Exception {
        LaunchSpec spec = standIn.spec();
        Child child = standIn.own();
        assertThat(patient.isAwaited(spec)).isTrue();
        var confirmed = Background.run(() -> patient.confirm(spec, child));
        assertThat(confirmed.isDone()).isFalse();

        standIn.say(Frame.RUNNING.header(0, 0));

        assertThat(confirmed.get()).isSameAs(child);
        assertThat(patient.isAwaited(spec)).isFalse();
        assertThat(patient.isAwaited(standIn.spec())).isFalse();
        try (var second = new StandIn()) {
            Child silent = second.own();
            assertThat(patient.confirm(second.spec(), silent)).isSameAs(silent);
        }
    }

    @Test
    void isAwaited_otherSubjectOrProfile_isAwaited() throws IOException {
        Child child = standIn.own();
        standIn.say(Frame.RUNNING.header(0, 0));
        patient.confirm(standIn.spec(), child);

        assertThat(patient.isAwaited(standIn.spec("another"))).isTrue();
        assertThat(patient.isAwaited(Shells.spec(Shells.profile("another")))).isTrue();
        assertThat(new Acceptance(StandIn.PATIENCE).isAwaited(standIn.spec())).isTrue();
    }

    @Test
    void confirm_childEnds_failsWithItsStatusAndLastWords() throws IOException {
        LaunchSpec spec = standIn.spec();
        Child child = standIn.own();
        standIn.exit(3, "no", "heap");

        assertThatThrownBy(() -> patient.confirm(spec, child))
                .isInstanceOf(LaunchException.class)
                .hasMessage("child ended before it ran, exit code 3: process 'fake', pid " + child.pid() + ", command "
                        + spec.profile().command() + ", stderr \"no heap\"")
                .satisfies(failure -> assertThat(((LaunchException) failure).command())
                        .isEqualTo(spec.profile().command()));
        assertThat(patient.isAwaited(spec)).isTrue();
    }

    @Test
    void confirm_childFails_waitsForItsOwnEnd() throws Exception {
        LaunchSpec spec = standIn.spec();
        Child child = standIn.own();
        standIn.channel.failed(new byte[] {1, 2});
        var confirmed = Background.run(() -> patient.confirm(spec, child));
        assertThat(child.running()).failsWithin(StandIn.PATIENCE);

        standIn.exit(1);

        assertThat(confirmed.failure())
                .isInstanceOf(LaunchException.class)
                .hasMessageStartingWith("child failed before it ran, exit code 1: process 'fake'");
        assertThat(standIn.failures).containsExactly(new byte[] {1, 2});
    }

    @Test
    void confirm_childFailsAndDoesNotEnd_killsIt() throws IOException {
        LaunchSpec spec = standIn.spec();
        Child child = standIn.own();
        standIn.channel.failed(new byte[0]);

        assertThatThrownBy(() -> patient.confirm(spec, child))
                .isInstanceOf(LaunchException.class)
                .hasMessageStartingWith("child failed before it ran, killed by signal 9 (SIGKILL): ");
        assertThat(StandIn.isGone(child.pid())).isTrue();
    }

    @Test
    void confirm_deadlinePasses_killsTheChild() throws IOException {
        LaunchSpec spec = standIn.spec();
        Child child = standIn.own();
        long begin = System.nanoTime();

        assertThatThrownBy(() -> new Acceptance(Duration.ofMillis(60)).confirm(spec, child))
                .isInstanceOf(LaunchException.class)
                .hasMessageStartingWith(
                        "child did not accept its payload within PT0.06S, killed by signal 9 (SIGKILL): ");
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(60_000_000);
        assertThat(StandIn.isGone(child.pid())).isTrue();
    }

    @Test
    void confirm_readyWithoutRunning_isNoAcceptance() throws IOException {
        LaunchSpec spec = standIn.spec();
        Child child = standIn.own();
        standIn.channel.ready();

        assertThatThrownBy(() -> new Acceptance(Duration.ofMillis(60)).confirm(spec, child))
                .hasMessageStartingWith("child did not accept its payload");
    }

    @Test
    void confirm_interrupted_killsTheChildAndStaysInterrupted() throws Exception {
        LaunchSpec spec = standIn.spec();
        Child child = standIn.own();
        var confirmed = Background.run(() -> {
            try {
                return patient.confirm(spec, child);
            } finally {
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            }
        });

        confirmed.interrupt();

        assertThat(confirmed.failure())
                .isInstanceOf(LaunchException.class)
                .hasMessageStartingWith("interrupted while the child started, killed by signal 9 (SIGKILL): ");
        assertThat(StandIn.isGone(child.pid())).isTrue();
    }

    @Test
    void deliver_childDoesNotRead_failsAtTheDeadline() throws IOException {
        LaunchSpec spec = standIn.spec();
        Child child = standIn.own();

        assertThatThrownBy(() -> new Acceptance(Duration.ofMillis(60)).deliver(spec, child, LARGE, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("the child does not read its start");
    }

    @Test
    void deliver_childGone_fails() throws IOException {
        LaunchSpec spec = standIn.spec();
        Child child = standIn.own();
        standIn.socket.close();

        try (Descriptor nowhere = Descriptor.devNull()) {
            assertThatThrownBy(() -> patient.deliver(spec, child, LARGE, List.of(nowhere)))
                    .isInstanceOf(IOException.class);
        }
    }
}
