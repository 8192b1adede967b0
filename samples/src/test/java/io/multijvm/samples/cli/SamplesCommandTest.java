package io.multijvm.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.samples.Catalog;
import io.multijvm.samples.Catalog.Sample;
import io.multijvm.testkit.ForkTest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code samples --check} says of samples that do not show what they must. */
@ForkTest
final class SamplesCommandTest {
    @Test
    void check_wrongOutput_saysWhatIsMissingAndWhatWasShown() throws Exception {
        var said = new StringWriter();

        assertThat(SamplesCommand.check(
                        List.of(
                                new Sample("proc-kwargs", "", "", Other.class),
                                Catalog.find("singleton").orElseThrow()),
                        new PrintWriter(said)))
                .isFalse();
        assertThat(said.toString().lines())
                .anyMatch(line -> line.matches("proc-kwargs  FAILED +\\d+\\.\\d s"))
                .anyMatch(line -> line.startsWith("    it is not so that ") && line.contains("finished"))
                .contains("    | something else")
                .anyMatch(line -> line.matches("singleton    ok +\\d+\\.\\d s"))
                .last()
                .asString()
                .startsWith("2 samples on Java ")
                .contains(" 1 failed");
    }

    @Test
    void check_errorsAndExitCode_areFailures() throws Exception {
        var said = new StringWriter();

        assertThat(SamplesCommand.check(
                        List.of(
                                new Sample("proc-kwargs", "", "", Failing.class),
                                new Sample("of-nobody", "", "", Other.class)),
                        new PrintWriter(said)))
                .isFalse();
        assertThat(said.toString().lines())
                .contains("    it is not so that the exit code is 0, but 3", "    ! an error")
                .contains("    nobody has said what it must show");
    }

    static final class Other {
        public static void main(String[] args) {
            System.out.println("something else");
        }
    }

    static final class Failing {
        public static void main(String[] args) {
            System.err.println("an error");
            System.exit(3);
        }
    }
}
