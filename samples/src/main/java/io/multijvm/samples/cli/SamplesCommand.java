package io.multijvm.samples.cli;

import io.multijvm.samples.Catalog;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code samples}: what {@code sample} can run. */
@Command(name = "samples", description = "List the samples.")
final class SamplesCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        int width = Catalog.all().stream()
                .mapToInt(sample -> sample.id().length())
                .max()
                .orElse(1);
        var sections = Catalog.all().stream()
                .collect(Collectors.groupingBy(Catalog.Sample::section, LinkedHashMap::new, Collectors.toList()));
        sections.forEach((section, samples) -> {
            out.println(section);
            samples.forEach(sample -> out.printf("  %-" + width + "s  %s%n", sample.id(), sample.line()));
        });
    }
}
