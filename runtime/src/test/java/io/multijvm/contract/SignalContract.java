package io.multijvm.contract;

import static io.multijvm.contract.Answers.underWay;
import static io.multijvm.contract.Answers.waitForEver;
import static io.multijvm.contract.Answers.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import io.multijvm.testkit.Rounds;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Processes that are ended, stopped and looked into. */
public interface SignalContract {
    Context context();

    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_terminate")
    default void terminate_waitingProcess_isMinus15() throws IOException, InterruptedException {
        JvmProcess process = waiting(context());
        assertThat(process.join(Duration.ZERO)).isFalse();
        assertThat(process.join(Duration.ofSeconds(-1))).isFalse();
        assertThat(process.isAlive()).isTrue();

        process.terminate();
        process.join();

        assertThat(process.exitCode()).isEqualTo(-15);
        assertThat(process.isAlive()).isFalse();
        assertThat(MultiJvm.activeChildren()).doesNotContain(process);
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_kill")
    default void kill_waitingProcess_isGoneWithMinus9() throws IOException, InterruptedException {
        JvmProcess process = waiting(context());
        ProcessHandle handle = process.toHandle();

        process.kill();

        assertThat(handle.isAlive()).isFalse();
        assertThat(process.isAlive()).isFalse();
        assertThat(process.exitCode()).isEqualTo(-9);
        assertThat(process.join(Duration.ZERO)).isTrue();
        assertThat(MultiJvm.activeChildren()).doesNotContain(process);
    }

    @Test
    default void signals_endedProcess_haveNoEffect() throws InterruptedException {
        JvmProcess process = context().process(() -> {});
        process.start();
        process.join();

        process.terminate();
        process.interrupt();
        process.kill();
        process.pause();
        process.resume();

        assertThat(process.exitCode()).isZero();
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_interrupt")
    default void interrupt_waitingProcess_isOne() throws IOException, InterruptedException {
        context().options(JvmOptions.defaults().stderr(io.multijvm.launcher.Output.discard()));
        JvmProcess process = waiting(context());
        context().options(JvmOptions.defaults());

        process.interrupt();
        process.join();

        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(process.failure()).get().isInstanceOf(InterruptedException.class);
    }

    @Test
    default void interrupt_caughtByTheTarget_isZero() throws IOException, InterruptedException {
        JvmProcess process = underWay(context(), () -> {
            try {
                return waitForEver();
            } catch (InterruptedException e) {
                return "caught";
            }
        });

        process.interrupt();
        process.join();

        assertThat(process.exitCode()).isZero();
    }

    @Test
    @Conforms("_TestProcess.test_interrupt_no_handler")
    default void interrupt_defaultDispositionRestored_isMinus2() throws IOException, InterruptedException {
        JvmProcess process = underWay(context(), () -> {
            restoreDefault("INT");
            return waitForEver();
        });

        // Its word that it is under way comes before what it does then.
        while (!process.join(Duration.ofMillis(20))) {
            process.interrupt();
        }

        assertThat(process.exitCode()).isEqualTo(-2);
    }

    /** Through reflection, as javac warns of {@code sun.misc} whatever it is told. */
    private static void restoreDefault(String signal) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Object before = signalType
                .getMethod("handle", signalType, handlerType)
                .invoke(
                        null,
                        signalType.getConstructor(String.class).newInstance(signal),
                        handlerType.getField("SIG_DFL").get(null));
        assertThat(Proxy.isProxyClass(before.getClass())).isTrue();
    }

    @Test
    @EveryStartMethod
    default void terminate_rightAfterStart_isMinus15EveryTime() throws InterruptedException {
        for (int i = 0; i < Rounds.of(5, 50); i++) {
            JvmProcess process = context().process(Answers::waitForEver);
            process.start();
            process.terminate();
            process.join();
            assertThat(process.exitCode()).isEqualTo(-15);
        }
    }

    @Test
    @EveryStartMethod
    default void interrupt_rightAfterStart_isOneEveryTime() throws InterruptedException {
        JvmOptions quiet = JvmOptions.defaults().stderr(io.multijvm.launcher.Output.discard());
        for (int i = 0; i < Rounds.of(5, 50); i++) {
            JvmProcess process = context().process(Answers::waitForEver).options(quiet);
            process.start();
            process.interrupt();
            process.join();
            assertThat(process.exitCode()).isEqualTo(1);
        }
    }

    @Test
    default void kill_rightAfterStart_isMinus9EveryTime() {
        for (int i = 0; i < Rounds.of(3, 20); i++) {
            JvmProcess process = context().process(Answers::waitForEver);
            process.start();
            process.kill();
            assertThat(process.exitCode()).isEqualTo(-9);
        }
    }

    @Test
    @EveryStartMethod
    default void pause_busyProcess_isStoppedUntilResumed() throws IOException {
        JvmProcess process = underWay(context(), SignalContract::spinForEver);

        process.pause();
        assertThat(state(process)).isEqualTo('T');
        assertThat(process.isAlive()).isTrue();
        process.pause();
        assertThat(state(process)).isEqualTo('T');

        process.resume();
        assertThat(state(process)).isNotEqualTo('T');
        process.resume();

        process.kill();
        assertThat(process.exitCode()).isEqualTo(-9);
    }

    @Test
    default void kill_pausedProcess_isGone() throws IOException {
        JvmProcess process = waiting(context());
        ProcessHandle handle = process.toHandle();
        process.pause();

        process.kill();

        assertThat(handle.isAlive()).isFalse();
        assertThat(process.exitCode()).isEqualTo(-9);
    }

    @Test
    default void terminate_pausedProcess_endsWhenResumed() throws IOException, InterruptedException {
        JvmProcess process = waiting(context());
        process.pause();

        process.terminate();
        assertThat(process.join(Duration.ofMillis(100))).isFalse();
        process.resume();
        process.join();

        assertThat(process.exitCode()).isEqualTo(-15);
    }

    @Test
    default void close_pausedProcess_isContinuedToEnd() throws IOException {
        Context context = MultiJvm.getContext(context().getStartMethod());
        JvmProcess process = waiting(context);
        process.pause();

        context.close();

        assertThat(process.exitCode()).isEqualTo(-15);
    }

    @Test
    default void pause_processThatEnds_returns() {
        for (int i = 0; i < Rounds.of(4, 10); i++) {
            JvmProcess process = context().process(() -> {});
            process.start();
            process.pause();
            process.kill();
            assertThat(process.exitCode()).isIn(0, -9);
        }
    }

    /** The state of a process in the kernel's table. */
    private static char state(JvmProcess process) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    @Test
    default void threadDump_busyProcess_namesTheMethod() throws IOException {
        JvmProcess process = underWay(context(), SignalContract::spinForEver);

        assertThat(process.threadDump())
                .contains("Full thread dump", "\"main\"", SignalContract.class.getName() + ".spinForEver");
        assertThat(process.isAlive()).isTrue();
        process.kill();
        assertThat(Path.of("/tmp", ".java_pid" + process.pid())).doesNotExist();
    }

    @Test
    @EveryStartMethod
    default void threadDump_processJustStarted_doesNotKillIt() {
        for (int i = 0; i < Rounds.of(2, 5); i++) {
            JvmProcess process = context().process(() -> Objects.requireNonNull(spinForEver()));
            process.start();

            assertThat(process.threadDump()).contains("Full thread dump");
            assertThat(process.isAlive()).isTrue();
            process.kill();
        }
    }

    @Test
    default void threadDump_pausedOrEndedProcess_isRefused() throws IOException {
        JvmProcess process = waiting(context());

        process.pause();
        assertThatIllegalStateException().isThrownBy(process::threadDump).withMessageContaining("is paused");
        process.resume();
        assertThat(process.threadDump()).contains("waitForEver");
        process.kill();
        assertThatIllegalStateException().isThrownBy(process::threadDump).withMessageContaining("has ended");
    }

    private static Object spinForEver() {
        var never = new CountDownLatch(1);
        while (never.getCount() > 0) {
            Thread.onSpinWait();
        }
        return never;
    }
}
