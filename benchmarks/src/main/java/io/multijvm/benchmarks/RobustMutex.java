package io.multijvm.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** C's robust mutex shared between processes: the limit of what our lock could cost. Nanoseconds for each lock and unlock. */
record RobustMutex(CProgram program) {

    /** Empty where there is no compiler. */
    static Optional<RobustMutex> compile(Scratch scratch) throws IOException, InterruptedException {
        return CProgram.compile("robust_mutex", scratch).map(RobustMutex::new);
    }

    double alone(int operations) throws IOException, InterruptedException {
        return program.run("alone", operations);
    }

    double two(Duration window) throws IOException, InterruptedException {
        return program.run("two", window.toMillis());
    }
}
