package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExitStatusTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "255, 255", "256, 0", "258, 2", "-1, 255", "137, 137", "143, 143"})
    void exited_code_isTakenModulo256(int code, int expected) {
        assertThat(ExitStatus.exited(code).exitCode()).isEqualTo(expected);
        assertThat(ExitStatus.exited(code)).hasToString("exit code " + expected);
    }

    @Test
    void killed_signal_isNegativeAndNamed() {
        assertThat(ExitStatus.killed(9).exitCode()).isEqualTo(-9);
        assertThat(ExitStatus.killed(15)).hasToString("killed by signal 15 (SIGTERM)");
        assertThat(ExitStatus.killed(40)).hasToString("killed by signal 40");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 137, 143, 255})
    void reap_exitedProcess_givesItsCode(int code) throws IOException {
        try (var program = Program.start("exit " + code)) {
            assertThat(program.end()).isEqualTo(ExitStatus.exited(code));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 9, 11, 15})
    void reap_signalledProcess_givesTheSignal(int signal) throws IOException {
        try (var program = Program.start("kill -" + signal + " $$")) {
            assertThat(program.end()).isEqualTo(ExitStatus.killed(signal));
        }
    }

    @Test
    void reap_running_doesNotWait() throws IOException {
        try (var program = Program.start("read line")) {
            assertThatThrownBy(() -> ExitStatus.reap(program.pid()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has not ended");
        }
    }

    @Test
    void reap_twice_isNoLongerAChild() throws IOException {
        try (var program = Program.start("exit 3")) {
            program.end();

            assertThatThrownBy(() -> ExitStatus.reap(program.pid()))
                    .isInstanceOf(PosixException.class)
                    .hasMessageContaining("ECHILD");
        }
    }
}
