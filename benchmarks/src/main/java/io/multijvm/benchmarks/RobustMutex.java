package io.multijvm.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** C's robust mutex shared between processes: the limit of what our lock could cost. Nanoseconds for each lock and unlock. */
final class RobustMutex {
    private static final String COMPILER = "gcc";

    private final String program;

    private RobustMutex(String program) {
        this.program = program;
    }

    /** Empty where there is no compiler. */
    static Optional<RobustMutex> compile(Scratch scratch) throws IOException, InterruptedException {
        if (!hasCompiler()) {
            return Optional.empty();
        }
        Path program = scratch.file("robust_mutex");
        Path source = scratch.source("robust_mutex.c");
        Printed.by(List.of(COMPILER, "-O2", "-pthread", "-o", program.toString(), source.toString()));
        return Optional.of(new RobustMutex(program.toString()));
    }

    double alone(int operations) throws IOException, InterruptedException {
        return Double.parseDouble(Printed.by(List.of(program, "alone", Integer.toString(operations))));
    }

    double two(Duration window) throws IOException, InterruptedException {
        return Double.parseDouble(Printed.by(List.of(program, "two", Long.toString(window.toMillis()))));
    }

    private static boolean hasCompiler() throws InterruptedException {
        try {
            return new ProcessBuilder(COMPILER, "--version")
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
