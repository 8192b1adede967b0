package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.testkit.Background;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ChildTest {
    private static final byte[] RUNNING = Frame.RUNNING.header(0, 0);
    private static final Start START = new Start(Path.of("/run"), new byte[4], 2, 0, false, true, "E", new byte[] {8});

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
    void running_frameInTwoPieces_waitsForTheSecond() throws IOException {
        Child child = standIn.own();
        standIn.say(Arrays.copyOf(RUNNING, 5));
        standIn.awaitHeard();
        assertThat(child.running()).isNotDone();

        standIn.say(Arrays.copyOfRange(RUNNING, 5, RUNNING.length));

        assertThat(child.running()).succeedsWithin(StandIn.PATIENCE);
    }

    @Test
    void running_childHasEndedBefore_fails() throws IOException {
        Child child = standIn.own();

        standIn.exit(3);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(3));
        assertThat(child.running())
                .failsWithin(StandIn.PATIENCE)
                .withThrowableThat()
                .withMessageContaining("ended before it ran");
    }

    @Test
    void running_cutOffByTheEnd_fails() throws IOException {
        Child child = standIn.own();

        standIn.say(Arrays.copyOf(RUNNING, RUNNING.length - 1));
        standIn.exit(0);

        assertThat(child.running())
                .failsWithin(StandIn.PATIENCE)
                .withThrowableThat()
                .withMessageContaining("ended before it ran");
    }

    @Test
    void running_childHasClosedItsEnd_isUndecidedUntilItEnds() throws IOException {
        Child child = standIn.own();
        standIn.socket.close();
        standIn.exit(4);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(4));
        assertThat(child.running()).isCompletedExceptionally();
    }

    @Test
    void failed_anyBody_isHandedOverBeforeRunningFails() throws IOException {
        Child child = standIn.own();
        byte[] failure = new byte[500_000];
        failure[499_999] = 1;

        standIn.channel.failed(failure);

        assertThat(child.running())
                .failsWithin(StandIn.PATIENCE)
                .withThrowableThat()
                .withMessageContaining("failed before it ran");
        assertThat(standIn.failures).containsExactly(failure);
        assertThat(child.exit()).isNotDone();
    }

    @Test
    void failed_afterRunning_isHandedOverAll() throws IOException {
        Child child = standIn.own();

        standIn.say(RUNNING);
        standIn.channel.failed(new byte[] {1});
        standIn.exit(1);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE);
        assertThat(child.running()).isCompleted();
        assertThat(standIn.failures).containsExactly(new byte[] {1});
    }

    @Test
    void take_frameThatOnlyAParentSends_isPassedOver() throws IOException {
        Child child = standIn.own();

        standIn.say(Frame.WARM.header(2, 0));
        standIn.say((byte) 1, (byte) 2);
        standIn.say(RUNNING);

        assertThat(child.running()).succeedsWithin(StandIn.PATIENCE);
    }

    @Test
    void exit_noFramesOnTheControlChannel_isToldAllTheSame() throws Exception {
        Child child = standIn.own();
        byte[] noFrame = Frame.ENDING.header(0, 0);
        noFrame[4]++;
        var busy = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        standIn.family.monitor().at(Deadline.after(Duration.ZERO), () -> {
            busy.countDown();
            awaitQuietly(released);
        });
        busy.await();

        standIn.exit(3);
        try (Descriptor process = ProcessControl.watch(child.pid())) {
            process.sleepUntilReadable();
        }
        standIn.say(noFrame); // comes after the end, as of a program that the child has left behind
        released.countDown();

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(3));
    }

    @Test
    void exit_hugeFrameAnnounced_isToldAllTheSame() throws IOException {
        Child child = standIn.own();

        standIn.say(Frame.FAILED.header(Integer.MAX_VALUE, 0));
        standIn.exit(3);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(3));
        assertThat(standIn.failures).isEmpty();
    }

    @Test
    void exit_floodOfFramesFromAProgramLeftBehind_isToldAllTheSame() throws IOException {
        Child child = standIn.own();
        var flood = Background.run(() -> {
            while (true) {
                standIn.say(RUNNING);
            }
        });

        standIn.exit(3);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(3));
        assertThatThrownBy(flood::get).isNotNull(); // its end of the channel is closed
    }

    @Test
    void exit_watchersThrow_othersAndExitAreTold() throws IOException {
        Child child = standIn.own();
        var told = new CopyOnWriteArrayList<String>();
        child.whenEnded(() -> throwError("before"));
        child.whenEnded(() -> told.add("before"));
        child.watchEnd(() -> throwError("after"));
        child.watchEnd(() -> told.add("after"));

        standIn.exit(0);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(0));
        Awaitility.await()
                .atMost(StandIn.PATIENCE)
                .untilAsserted(() -> assertThat(told).containsExactly("before", "after"));
    }

    private static void throwError(String when) {
        throw new AssertionError("expected, " + when);
    }

    @Test
    void exit_watcherLacksMemoryForAWhile_isRunUntilItSucceeds() throws IOException {
        Child child = standIn.own();
        var tries = new AtomicInteger();
        CompletableFuture<Void> succeeded = new CompletableFuture<>();
        child.watchEnd(() -> {
            if (tries.incrementAndGet() < 8) {
                throw new OutOfMemoryError("expected");
            }
            succeeded.complete(null);
        });

        standIn.exit(0);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE);
        assertThat(succeeded).succeedsWithin(StandIn.PATIENCE);
    }

    @Test
    void exit_monitorClosedBefore_isToldAllTheSame() throws IOException {
        Child child = standIn.own();

        standIn.family.close();
        standIn.exit(5);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(5));
    }

    @Test
    void exit_saidBeforeTheEnd_isTheKernelsAllTheSame() throws IOException {
        Child child = standIn.own();

        standIn.channel.ended(0);
        standIn.awaitHeard();
        assertThat(child.exit()).isNotDone();
        standIn.exit(5);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(5));
    }

    @Test
    void exit_codeOfASignalThatWasSaid_isThatSignal() throws IOException {
        Child child = standIn.own();

        standIn.channel.signalled(15);
        standIn.exit(143);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.killed(15));
    }

    @Test
    void exit_codeOfASignalThatNobodyHasSaid_isTheCode() throws IOException {
        Child child = standIn.own();

        standIn.channel.signalled(1);
        standIn.exit(143);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(143));
    }

    @Test
    void exit_processKilled_isTheSignal() throws IOException {
        Child child = standIn.own();

        child.signal(ProcessControl.SIGKILL);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.killed(9));
        assertThat(standIn.jvm.liveness().file()).doesNotExist();
    }

    @Test
    void exit_lastWordsOnStandardError_areThere() throws IOException {
        Child child = standIn.own();

        standIn.exit(2, "out of", "luck");

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE);
        assertThat(child.stderrTail()).isEqualTo("out of luck\n");
    }

    @Test
    void signal_termBeforeTheStartIsTaken_killsAndIsToldAsTerm() throws IOException {
        Child child = standIn.own();
        child.begin(START, List.of(), Deadline.never());

        child.signal(ProcessControl.SIGTERM);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.killed(15));
    }

    @Test
    void signal_termAfterTheStartIsTaken_isSent() throws IOException {
        replace(new StandIn("trap 'kill $!; exit 7' TERM; sleep 1000 & echo set >&2; wait"));
        Child child = standIn.own();
        child.begin(START, List.of(), Deadline.never());
        Objects.requireNonNull(standIn.channel.receive());
        Awaitility.await()
                .atMost(StandIn.PATIENCE)
                .until(() -> child.stderrTail().equals("set\n"));

        child.signal(ProcessControl.SIGTERM);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(7));
    }

    @Test
    void interrupt_beforeReady_waitsForIt() throws IOException {
        Child child = standIn.own();

        child.interrupt();
        standIn.say(RUNNING);
        assertThat(child.running()).succeedsWithin(StandIn.PATIENCE);
        assertThat(child.exit()).isNotDone();
        standIn.channel.ready();

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.killed(2));
    }

    @Test
    void begin_start_arrivesWholeAndIsTheLastThing() throws Exception {
        Child child = standIn.own();
        var large = new Start(Path.of("/run"), new byte[4], 2, 0, false, true, "E", new byte[2_000_000]);
        int count = 300;
        try (Descriptor nowhere = Descriptor.devNull()) {
            var sent = Background.run(() -> {
                child.begin(large, Collections.nCopies(count, nowhere), Deadline.never());
                return true;
            });

            ParentChannel.Received received = Objects.requireNonNull(standIn.channel.receive());

            assertThat(sent.get()).isTrue();
            assertThat(received.frame()).isEqualTo(Frame.START);
            assertThat(received.body()).isEqualTo(large.toBytes());
            assertThat(received.descriptors()).hasSize(count);
            assertThat(standIn.channel.receive()).isNull();
            received.descriptors().forEach(Descriptor::close);
        }
    }

    @Test
    void ending_lifeline_isClosed() throws IOException {
        standIn.own();
        assertThat(standIn.lifeline.readNow(new byte[1])).isEqualTo(-2);

        standIn.channel.ending();

        assertThat(standIn.lifeline.awaitReadable(Deadline.after(StandIn.PATIENCE)))
                .isTrue();
        assertThat(standIn.lifeline.readNow(new byte[1])).isEqualTo(-1);
    }

    @Test
    void whenEnded_beforeAndAfterTheEnd_runsOnce() throws IOException {
        Child child = standIn.own();
        var told = new CopyOnWriteArrayList<Boolean>();
        CompletableFuture<Boolean> watched = new CompletableFuture<>();
        Runnable never = () -> told.add(true);
        child.whenEnded(() -> told.add(child.exit().isDone()));
        child.watchEnd(() -> watched.complete(child.exit().isDone()));
        child.watchEnd(never);
        child.unwatchEnd(never);

        standIn.exit(0);

        assertThat(watched).succeedsWithin(StandIn.PATIENCE).isEqualTo(true);
        assertThat(told).containsExactly(false);
        child.whenEnded(() -> told.add(child.exit().isDone()));
        assertThat(told).containsExactly(false, true);
    }

    @Test
    void exit_somebodyElseHoldsStandardErrorOpen_isToldAllTheSame() throws IOException {
        replace(new StandIn("sleep 1000 & echo $! >&2; exit 6"));
        Child child = standIn.own();

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(6));
        int left = Integer.parseInt(child.stderrTail().strip());
        assertThat(ProcessControl.signal(left, ProcessControl.SIGKILL)).isTrue();
    }

    @Test
    void leased_serversWord_isTheStatus() throws IOException {
        Child child = standIn.leased();
        standIn.exit(0);
        standIn.reap();

        standIn.sayStatus(1, 11);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.killed(11));
    }

    @Test
    void leased_serversWordOfASignalsCode_isTheSignalIfItWasSent() throws IOException {
        Child child = standIn.leased();
        child.signal(ProcessControl.SIGTERM);

        standIn.sayStatus(0, 143);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.killed(15));
    }

    @Test
    void leased_serverGone_livesOnAndTheCodeItSaidCounts() throws IOException {
        Child child = standIn.leased();

        standIn.status.close();
        standIn.channel.ended(9);
        standIn.awaitHeard();
        assertThat(child.exit()).isNotDone();
        standIn.exit(9);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(9));
    }

    @Test
    void leased_serverGoneAndSignalSaid_isTheSignal() throws IOException {
        Child child = standIn.leased();

        standIn.channel.signalled(15);
        standIn.status.close();
        standIn.exit(0);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.killed(15));
    }

    @Test
    void leased_serverGoneAndNothingSaid_isLost() throws IOException {
        Child child = standIn.leased();

        standIn.status.close();
        standIn.exit(0);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(255));
    }

    @Test
    void leased_serverGoneAfterTheChild_isKnownAtOnce() throws IOException {
        Child child = standIn.leased();
        child.signal(ProcessControl.SIGKILL);
        standIn.reap();
        assertThat(child.exit()).isNotDone();

        standIn.status.close();

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.killed(9));
    }

    @Test
    void leased_statusCutOff_isAsIfTheServerWereGone() throws IOException {
        Child child = standIn.leased();

        standIn.status.writeFully(new byte[] {0, 0, 0, 0}, 0, 4);
        standIn.status.close();
        standIn.exit(0);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(255));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void replace(StandIn other) throws IOException {
        standIn.close();
        standIn = other;
    }
}
