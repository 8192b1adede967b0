package io.multijvm.samples.cli;

import io.multijvm.samples.Catalog;
import io.multijvm.samples.Catalog.Sample;
import io.multijvm.samples.check.SampleCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code samples}: what {@code sample} can run; {@code samples --check}: whether each shows what it must. */
@Command(name = "samples", description = "List the samples, or check them.")
final class SamplesCommand implements Callable<Integer> {
    @Option(
            names = "--check",
            description = "Run them all, each in a JVM of its own, and say which show what they must.")
    private boolean check;

    @Parameters(paramLabel = "ID", description = "Check these alone.")
    private List<String> ids = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!check && !ids.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "an ID is only for --check");
        }
        var out = spec.commandLine().getOut();
        if (check) {
            return check(chosen(), out) ? 0 : 1;
        }
        list(Catalog.all(), out);
        return 0;
    }

    private List<Sample> chosen() {
        return ids.isEmpty()
                ? Catalog.all()
                : ids.stream()
                        .map(id -> Catalog.find(id)
                                .orElseThrow(() -> new UnknownTargetException(
                                        spec.commandLine(), "no sample '" + id + "'", "scripts/multijvm samples")))
                        .toList();
    }

    private static void list(List<Sample> samples, PrintWriter out) {
        int width = width(samples);
        var sections = samples.stream()
                .collect(Collectors.groupingBy(Sample::section, LinkedHashMap::new, Collectors.toList()));
        sections.forEach((section, ofSection) -> {
            out.println(section);
            ofSection.forEach(sample -> out.printf("  %-" + width + "s  %s%n", sample.id(), sample.line()));
        });
    }

    private static int width(List<Sample> samples) {
        return samples.stream().mapToInt(sample -> sample.id().length()).max().orElse(1);
    }

    /** Returns whether all are well. A line is printed as soon as it is known, and what went wrong below it. */
    static boolean check(List<Sample> samples, PrintWriter out) throws IOException, InterruptedException {
        var row = "%-" + width(samples) + "s  %-6s %6.1f s%n";
        int failed = 0;
        double seconds = 0;
        for (var sample : samples) {
            var checked = SampleCheck.of(sample);
            double took = checked.took().toMillis() / 1000.0;
            out.printf(Locale.ROOT, row, sample.id(), checked.isOk() ? "ok" : "FAILED", took);
            if (!checked.isOk()) {
                failed++;
                out.println("    " + checked.failure());
                checked.shown().out().forEach(line -> out.println("    | " + line));
                checked.shown().err().forEach(line -> out.println("    ! " + line));
            }
            seconds += took;
        }
        out.printf(
                Locale.ROOT,
                "%d samples on Java %s, %d failed, %.1f s%n",
                samples.size(),
                Runtime.version(),
                failed,
                seconds);
        return failed == 0;
    }
}
