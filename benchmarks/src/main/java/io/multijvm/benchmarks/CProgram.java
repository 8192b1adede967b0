package io.multijvm.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A program in C that takes one measurement each time it is run, and prints it: the limit of what ours could cost. */
final class CProgram {
    private static final String COMPILER = "gcc";

    private final String program;

    private CProgram(String program) {
        this.program = program;
    }

    /** The resource {@code NAME.c}, compiled; empty where there is no compiler. */
    static Optional<CProgram> compile(String name, Scratch scratch) throws IOException, InterruptedException {
        if (!hasCompiler()) {
            return Optional.empty();
        }
        Path program = scratch.file(name);
        Path source = scratch.source(name + ".c");
        Printed.by(List.of(COMPILER, "-O2", "-pthread", "-o", program.toString(), source.toString()));
        return Optional.of(new CProgram(program.toString()));
    }

    double run(Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return Double.parseDouble(Printed.by(command));
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
