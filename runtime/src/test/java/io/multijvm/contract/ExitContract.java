package io.multijvm.contract;

import static io.multijvm.contract.Answers.underWay;
import static io.multijvm.contract.Answers.waitForEver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multijvm.Context;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.launcher.Output;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessFailedException;
import io.multijvm.process.RemoteException;
import io.multijvm.process.Target;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import io.multijvm.testkit.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** How processes end, and what their parent learns of it. */
public interface ExitContract {
    Context context();

    @Test
    @EveryStartMethod
    @Conforms("_TestSubclassingProcess.test_sys_exit")
    default void exitCode_systemExit_isItsStatusModulo256() throws InterruptedException {
        var statuses = Map.of(0, 0, 1, 1, 8, 8, 143, 143, 137, 137, 256, 0, -1, 255, 300, 44);
        var processes = new LinkedHashMap<JvmProcess, Integer>();
        statuses.forEach((status, exitCode) -> {
            int said = status;
            JvmProcess process = context().process(() -> System.exit(said));
            process.start();
            processes.put(process, exitCode);
        });

        for (var each : processes.entrySet()) {
            each.getKey().join();
            assertThat(each.getKey().exitCode()).isEqualTo(each.getValue());
            assertThat(each.getKey().failure()).isEmpty();
        }
    }

    @Test
    @EveryStartMethod
    default void exitCode_haltOrExitOfAnotherThread_isItsStatus() throws InterruptedException {
        JvmProcess halting = context().process(() -> Runtime.getRuntime().halt(9));
        JvmProcess exiting = context().process(() -> {
            new Thread(() -> System.exit(10)).start();
            waitForEver();
        });

        halting.start();
        exiting.start();
        halting.join();
        exiting.join();

        assertThat(halting.exitCode()).isEqualTo(9);
        assertThat(exiting.exitCode()).isEqualTo(10);
    }

    @Test
    @EveryStartMethod
    default void exitCode_signalFromElsewhere_isItsNumberNegated() throws IOException, InterruptedException {
        var signals = Map.of("HUP", -1, "KILL", -9, "TERM", -15);
        var processes = new LinkedHashMap<JvmProcess, Integer>();
        for (var signal : signals.entrySet()) {
            JvmProcess process = Answers.waiting(context());
            Signals.send(signal.getKey(), process.pid());
            processes.put(process, signal.getValue());
        }

        for (var each : processes.entrySet()) {
            each.getKey().join();
            assertThat(each.getKey().exitCode()).isEqualTo(each.getValue());
        }
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestSubclassingProcess.test_stderr_flush")
    default void uncaughtException_inTheTarget_isPrintedWithItsStack() throws InterruptedException {
        var lines = new ConcurrentLinkedQueue<String>();
        JvmProcess process = context()
                .process("failing", ExitContract::divideByZero)
                .options(JvmOptions.defaults().stderr(Output.toLines(lines::add)));
        process.start();
        process.join();

        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(lines)
                .containsSubsequence("[failing] Process failing:", "[failing] java.lang.ArithmeticException: / by zero")
                .anyMatch(line -> line.startsWith(
                        "[failing] \tat " + ExitContract.class.getName() + ".divideByZero(ExitContract.java:"));
    }

    private static void divideByZero() {
        int zero = 0;
        System.out.println(1 / zero);
    }

    @Test
    default void joinOrThrow_uncaughtException_isTheCauseWithItsRemoteStack() {
        JvmProcess process = quiet("failing", ExitContract::divideByZero);
        process.start();

        var failure = catchThrowableOfType(ProcessFailedException.class, process::joinOrThrow);

        assertThat(failure).hasMessageStartingWith("process 'failing', pid " + process.pid() + ": exit code 1");
        assertThat(failure.getMessage()).contains("java.lang.ArithmeticException: / by zero");
        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure.getCause()).isInstanceOf(ArithmeticException.class).hasMessage("/ by zero");
        assertThat(failure.getCause().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("divideByZero"));
        assertThat(process.failure()).get().isInstanceOf(ArithmeticException.class);
    }

    @Test
    default void joinOrThrow_checkedExceptionWithCause_keepsBoth() {
        JvmProcess process = quiet("failing", () -> {
            throw new IOException("outer", new IllegalArgumentException("inner"));
        });
        process.start();

        assertThatExceptionOfType(ProcessFailedException.class)
                .isThrownBy(process::joinOrThrow)
                .havingCause()
                .isInstanceOf(IOException.class)
                .withMessage("outer")
                .havingCause()
                .isInstanceOf(IllegalArgumentException.class)
                .withMessage("inner");
    }

    @Test
    default void joinOrThrow_error_isTheCause() {
        JvmProcess process = quiet("failing", () -> {
            throw new AssertionError("an error");
        });
        process.start();

        assertThatExceptionOfType(ProcessFailedException.class)
                .isThrownBy(process::joinOrThrow)
                .havingCause()
                .isInstanceOf(AssertionError.class)
                .withMessage("an error");
    }

    @Test
    default void joinOrThrow_unsendableException_isAStandInWithItsText() {
        JvmProcess process = quiet("failing", () -> {
            throw new Unsendable();
        });
        process.start();

        var failure = catchThrowableOfType(ProcessFailedException.class, process::joinOrThrow);

        assertThat(failure.getCause())
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining(Unsendable.class.getName() + ": cannot travel");
        var standIn = (RemoteException) failure.getCause();
        assertThat(standIn.type()).isEqualTo(Unsendable.class.getName());
        assertThat(standIn.remoteStack()).contains("at " + ExitContract.class.getName(), "cannot travel");
    }

    /** Has a field that is not serialisable. */
    final class Unsendable extends IllegalStateException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings({"serial", "unused"}) // that is the point
        private final Object field = new Object();

        Unsendable() {
            super("cannot travel");
        }
    }

    @Test
    default void joinOrThrow_exceptionThatCannotBeRebuilt_isAStandInWithItsText() {
        JvmProcess process = quiet("failing", () -> {
            throw new Unreadable();
        });
        process.start();

        assertThatExceptionOfType(ProcessFailedException.class)
                .isThrownBy(process::joinOrThrow)
                .havingCause()
                .isInstanceOf(RemoteException.class)
                .withMessageContaining(Unreadable.class.getName() + ": cannot be read")
                .satisfies(cause -> assertThat(cause.getSuppressed()).hasSize(1));
    }

    /** Is written, but cannot be read. */
    final class Unreadable extends IllegalStateException {
        private static final long serialVersionUID = 1;

        Unreadable() {
            super("cannot be read");
        }

        @java.io.Serial
        private void readObject(java.io.ObjectInputStream in) throws IOException {
            throw new java.io.InvalidObjectException("refused");
        }
    }

    @Test
    @EveryStartMethod
    default void joinOrThrow_exitWithAWordOnStderr_saysBoth() {
        JvmProcess process = quiet("failing", () -> {
            System.err.println("no more paper");
            System.exit(3);
        });
        process.start();

        assertThatExceptionOfType(ProcessFailedException.class)
                .isThrownBy(process::joinOrThrow)
                .withMessage("process 'failing', pid " + process.pid() + ": exit code 3, stderr \"no more paper\"")
                .withNoCause()
                .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(3));
    }

    @Test
    default void joinOrThrow_killed_namesTheSignal() throws IOException {
        JvmProcess process = Answers.waiting(context());
        process.kill();

        assertThatExceptionOfType(ProcessFailedException.class)
                .isThrownBy(process::joinOrThrow)
                .withMessageContaining("killed by signal 9 (SIGKILL)")
                .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(-9));
    }

    @Test
    default void joinOrThrow_exitCodeZero_returns() throws InterruptedException {
        JvmProcess process = context().process(() -> {});
        process.start();

        process.joinOrThrow();

        assertThat(process.exitCode()).isZero();
        assertThat(process.failure()).isEmpty();
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_many_processes")
    default void start_fiveAtOnce_allEndWithZero() throws InterruptedException {
        var processes = new ArrayList<JvmProcess>();
        for (int i = 0; i < 5; i++) {
            processes.add(context().process(() -> {}));
        }
        processes.forEach(JvmProcess::start);

        for (JvmProcess process : processes) {
            process.join();
        }
        assertThat(processes).extracting(JvmProcess::exitCode).containsOnly(0);
    }

    @Test
    @EveryStartMethod
    default void exitCode_jvmOutOfMemory_isOne() throws InterruptedException {
        JvmProcess process = quiet("hungry", () -> {
            var kept = new ArrayList<byte[]>();
            while (kept.size() < Integer.MAX_VALUE) {
                kept.add(new byte[1_000_000]);
            }
        });
        process.options(JvmOptions.defaults().heap("32m").stderr(Output.discard()));
        process.start();
        process.join();

        assertThat(process.exitCode()).isEqualTo(1);
    }

    @Test
    default void exitCode_killedWhileAHookHangs_isTheSignal() throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess process = underWay(context(), () -> {
                Runtime.getRuntime().addShutdownHook(new Thread(ExitContract::hang));
                writer.send("hook is set");
                return waitForEver();
            });
            writer.close();
            assertThat(pipe.reader().recv()).isEqualTo("hook is set");
            process.terminate();
            assertThat(process.join(Duration.ofMillis(200))).isFalse();

            process.kill();

            assertThat(process.exitCode()).isEqualTo(-9);
            assertThat(process.failure()).isEmpty();
        }
    }

    private static void hang() {
        try {
            waitForEver();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JvmProcess quiet(String name, Target target) {
        return context().process(name, target).options(JvmOptions.defaults().stderr(Output.discard()));
    }
}
