package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Deadline;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.JdkTest;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@JdkTest
final class ProcessControlTest {
    private Program program;

    @BeforeEach
    void startProgram() throws IOException {
        program = Program.start("exec cat");
    }

    @AfterEach
    void endProgram() throws IOException {
        program.close();
    }

    @Test
    void awaitStopped_stopAndContinue_areConfirmed() throws IOException {
        assertThat(ProcessControl.isStopped(program.pid())).isFalse();

        assertThat(ProcessControl.signal(program.pid(), ProcessControl.SIGSTOP)).isTrue();
        assertThat(ProcessControl.awaitStopped(program.pid(), true, Deadline.never()))
                .isTrue();
        assertThat(ProcessControl.isStopped(program.pid())).isTrue();

        assertThat(ProcessControl.signal(program.pid(), ProcessControl.SIGCONT)).isTrue();
        assertThat(ProcessControl.awaitStopped(program.pid(), false, Deadline.never()))
                .isTrue();
        assertThat(ProcessControl.isStopped(program.pid())).isFalse();
    }

    @Test
    void awaitStopped_runsOn_waitsAtLeastTheTimeout() throws IOException {
        long start = System.nanoTime();

        assertThat(ProcessControl.awaitStopped(program.pid(), true, Deadline.after(Duration.ofMillis(20))))
                .isFalse();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void awaitStopped_endedButNotReaped_isFalseAtOnce() throws IOException {
        ProcessControl.signal(program.pid(), ProcessControl.SIGKILL);

        assertThat(ProcessControl.awaitStopped(program.pid(), true, Deadline.never()))
                .isFalse();
        assertThat(ProcessControl.isStopped(program.pid())).isFalse();
    }

    @Test
    void awaitStopped_processEndsWhileWaiting_isFalse() throws Exception {
        var waiting = Background.run(() -> ProcessControl.awaitStopped(program.pid(), true, Deadline.never()))
                .awaitWaiting();

        program.endInput();
        program.end();

        assertThat(waiting.get()).isFalse();
    }

    @Test
    void awaitStopped_processesReapedWhileLookedAt_areNeverAnError() throws Exception {
        assertReapingIsNoError(20);
    }

    @Test
    @StressTest
    void awaitStopped_manyProcessesReapedWhileLookedAt_areNeverAnError() throws Exception {
        assertReapingIsNoError(1_000);
    }

    private static void assertReapingIsNoError(int processes) throws Exception {
        for (int i = 0; i < processes; i++) {
            try (var shortLived = Program.start("exec cat")) {
                var waiting = Background.run(
                                () -> ProcessControl.awaitStopped(shortLived.pid(), true, Deadline.never()))
                        .awaitWaiting();
                shortLived.endInput();
                shortLived.end();

                assertThat(waiting.get()).isFalse();
            }
        }
    }

    @Test
    void awaitStopped_interrupted_throwsWithTheStatusSet() throws Exception {
        var waiting = Background.run(() -> {
                    assertThatThrownBy(() -> ProcessControl.awaitStopped(program.pid(), true, Deadline.never()))
                            .isInstanceOf(InterruptedIOException.class);
                    return Thread.currentThread().isInterrupted();
                })
                .awaitWaiting();

        assertThat(waiting.interrupt().get()).isTrue();
    }

    @Test
    void anyCall_processGone_saysSo() throws IOException {
        program.endInput();
        program.end();

        assertThat(ProcessControl.signal(program.pid(), ProcessControl.SIGTERM)).isFalse();
        assertThat(ProcessControl.isStopped(program.pid())).isFalse();
        assertThat(ProcessControl.awaitStopped(program.pid(), false, Deadline.never()))
                .isFalse();
        assertThatThrownBy(() -> ProcessControl.watch(program.pid()))
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.isMissing()).isTrue())
                .hasMessageContaining(Integer.toString(program.pid()));
    }

    @Test
    void signal_notAllowedNumber_isAnError() {
        assertThatThrownBy(() -> ProcessControl.signal(program.pid(), 1000))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining("EINVAL");
    }

    @Test
    void watch_runningProcess_becomesReadableAtItsEnd() throws Exception {
        try (Descriptor watch = ProcessControl.watch(program.pid())) {
            assertThat(watch.awaitReadable(Deadline.after(Duration.ZERO))).isFalse();
            var waiting =
                    Background.run(() -> watch.awaitReadable(Deadline.never())).awaitWaiting();

            program.endInput();

            assertThat(waiting.get()).isTrue();
            assertThat(program.end()).isEqualTo(ExitStatus.exited(0));
        }
    }

    @Test
    void randomBytes_twice_differ() {
        byte[] first = ProcessControl.randomBytes(32);

        assertThat(first).hasSize(32);
        assertThat(ProcessControl.randomBytes(32)).hasSize(32).isNotEqualTo(first);
        assertThat(ProcessControl.randomBytes(0)).isEmpty();
    }
}
