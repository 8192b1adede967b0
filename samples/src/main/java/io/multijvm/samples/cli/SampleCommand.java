package io.multijvm.samples.cli;

import io.multijvm.samples.Catalog;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sample ID [ARG…]}: a sample, in this JVM. */
@Command(name = "sample", description = "Run a sample in this JVM.")
final class SampleCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "ID", description = "What `samples` lists.")
    private String id = "";

    @Parameters(index = "1..*", paramLabel = "ARG", description = "The sample's own arguments.")
    private List<String> arguments = new ArrayList<>();

    private CommandSpec spec = CommandSpec.create();

    /** What follows the id is the sample's, also what looks like an option of ours. */
    @Spec
    void setSpec(CommandSpec spec) {
        this.spec = spec;
        spec.parser().stopAtPositional(true);
    }

    @Override
    public Integer call() throws ReflectiveOperationException {
        var sample = Catalog.find(id)
                .orElseThrow(() -> new UnknownTargetException(
                        spec.commandLine(), "no sample '" + id + "'", "scripts/multijvm samples"));
        try {
            sample.main().getMethod("main", String[].class).invoke(null, (Object) arguments.toArray(String[]::new));
            return 0;
        } catch (InvocationTargetException e) {
            e.getTargetException().printStackTrace();
            return 1;
        }
    }
}
