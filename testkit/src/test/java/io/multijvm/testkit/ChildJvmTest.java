package io.multijvm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@ForkTest
final class ChildJvmTest {
    private static final int SIGTERM_STATUS = 128 + 15;

    @Test
    void run_program_givesStatusAndOutput() throws InterruptedException {
        var ended = ChildJvm.of(Echo.class)
                .arguments("a", "-b")
                .flags("-Dexit=7")
                .environment("GREETING", "hello")
                .run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(7, "hello a -b\n", "null\n"));
    }

    @Test
    void signal_runningProgram_endsIt() throws InterruptedException {
        try (var child = ChildJvm.of(Echo.class).start()) {
            child.awaitStdout(text -> text.endsWith("\n"));
            child.signal("TERM");

            assertThat(child.awaitExit()).isEqualTo(SIGTERM_STATUS);
        }
    }

    @Test
    void awaitExit_programThatWaits_failsWithItsStacks() {
        try (var child = ChildJvm.of(Echo.class).start()) {
            child.awaitStdout(text -> text.endsWith("\n"));

            assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Echo.main");
        }
    }

    @Test
    void type_line_isRead() throws InterruptedException {
        try (var child = ChildJvm.of(Echo.class).start()) {
            child.type("line");

            assertThat(child.awaitExit()).isZero();
            assertThat(child.stderr()).isEqualTo("line\n");
        }
    }

    static final class Echo {
        @SuppressWarnings("SystemOut")
        public static void main(String[] args) throws IOException {
            System.out.println(System.getenv("GREETING") + " " + String.join(" ", args));
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            System.err.println(in.readLine());
            System.exit(Integer.getInteger("exit", 0));
        }
    }
}
