package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.StartMethod;
import io.multijvm.contract.Answers;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.Tally;
import io.multijvm.contract.Waits;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Barriers whose parties end, or stop. */
@ForkTest
@EveryBackend
final class BarrierDeathTest extends ProcessParties {
    BarrierDeathTest() {
        super(StartMethod.FORKSERVER);
    }

    private static Background<Integer> waiting(ProcessBarrier barrier) {
        return Background.run(() -> barrier.await()).awaitWaiting();
    }

    private static void assertBroken(Background<?> waiting, ProcessBarrier barrier) throws Exception {
        assertThat(waiting.failure()).isInstanceOf(BrokenBarrierException.class);
        assertThat(barrier.isBroken()).isTrue();
        assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(barrier::await);
    }

    private static void assertUsable(ProcessBarrier barrier) throws Exception {
        var other = waiting(barrier);
        Waits.until(() -> barrier.numberWaiting() == 1);
        assertThat(barrier.await()).isZero();
        assertThat(other.get()).isEqualTo(1);
    }

    @Test
    void waitingPartyKilled_breaksIt() throws Exception {
        var barrier = ProcessBarrier.create(3);
        var killed = started(barrier::await);
        Waits.until(() -> barrier.numberWaiting() == 1);
        var waiting = waiting(barrier);
        Waits.until(() -> barrier.numberWaiting() == 2);

        killed.kill();

        assertBroken(waiting, barrier);
    }

    @Test
    void partyThatHasNotComeKilled_breaksItUntilReset() throws Exception {
        var barrier = ProcessBarrier.create(2);
        JvmProcess killed = after(() -> assertThat(barrier.parties()).isEqualTo(2));
        var waiting = waiting(barrier);

        killed.kill();

        assertBroken(waiting, barrier);
        barrier.reset();
        assertUsable(barrier);
    }

    static Stream<Target> endings() {
        return Stream.<Target>of(() -> Runtime.getRuntime().halt(3), () -> System.exit(3));
    }

    @ParameterizedTest
    @MethodSource("endings")
    @DefaultBackend
    void partyEndsInsteadOfReturning_breaksIt(Target ending, @TempDir Path directory) throws Exception {
        var barrier = ProcessBarrier.create(2);
        var end = Tally.in(directory, "end");
        var party = started(() -> {
            assertThat(barrier.parties()).isEqualTo(2);
            end.await(1);
            ending.run();
        });
        var waiting = waiting(barrier);

        end.add();

        party.join();
        assertBroken(waiting, barrier);
    }

    @Test
    void partyReturnsNormally_isNotMissed() throws Exception {
        var barrier = ProcessBarrier.create(2);
        for (int i = 0; i < 2; i++) {
            var returned = started(() -> assertThat(barrier.isBroken()).isFalse());
            returned.joinOrThrow();
        }
        var waiting = waiting(barrier);

        // Long enough to look for the dead, several times.
        assertThat(ProcessEvent.create().await(Duration.ofMillis(500))).isFalse();
        assertThat(barrier.isBroken()).isFalse();
        assertThat(barrier.numberWaiting()).isEqualTo(1);

        assertThat(barrier.await()).isZero();
        assertThat(waiting.get()).isEqualTo(1);
    }

    @Test
    void partyPaused_isWaitedFor() throws Exception {
        var barrier = ProcessBarrier.create(2);
        var paused = started(barrier::await);
        Waits.until(() -> barrier.numberWaiting() == 1);

        paused.pause();
        var late = ProcessEvent.create();
        assertThat(late.await(Duration.ofMillis(300))).isFalse();
        assertThat(barrier.isBroken()).isFalse();
        assertThat(barrier.await()).isZero();
        paused.resume();

        paused.joinOrThrow();
    }

    @Test
    void partyKilledInTheAction_breaksIt(@TempDir Path directory) throws Exception {
        var acting = Tally.in(directory, "acting");
        var barrier = ProcessBarrier.create(2, () -> {
            acting.add();
            Answers.waitForEver();
        });
        var waiting = waiting(barrier);
        Waits.until(() -> barrier.numberWaiting() == 1);
        var killed = started(barrier::await);
        acting.await(1);
        assertThat(waiting.isDone()).isFalse();

        killed.kill();

        assertBroken(waiting, barrier);
    }

    @Test
    void partyKilledAfterAPassedCycle_breaksTheNext() throws Exception {
        var barrier = ProcessBarrier.create(2);
        try (var pipe = context.pipe(false)) {
            var writer = pipe.writer();
            var killed = started(() -> {
                barrier.await();
                writer.send("passed");
                Answers.waitForEver();
            });
            barrier.await();
            assertThat(pipe.reader().recv()).isEqualTo("passed");
            var waiting = waiting(barrier);

            killed.kill();

            assertBroken(waiting, barrier);
        }
    }
}
