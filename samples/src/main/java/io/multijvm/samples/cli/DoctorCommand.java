package io.multijvm.samples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code doctor}: what this machine offers and what is missing; fails when MultiJVM cannot work here. */
@Command(name = "doctor", description = "Say what this machine offers and what is missing.")
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var findings = Findings.ofThisMachine();
        findings.facts().forEach((name, value) -> out.printf("%-14s %s%n", name, value));
        findings.notes().forEach(note -> out.printf("%-14s %s%n", "note", note));
        findings.obstacles().forEach(obstacle -> out.printf("%-14s %s%n", "MISSING", obstacle));
        out.println(findings.obstacles().isEmpty() ? "MultiJVM can work here." : "MultiJVM cannot work here.");
        return findings.obstacles().isEmpty() ? 0 : 1;
    }
}
