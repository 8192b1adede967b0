package io.multijvm.samples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line: runs samples and programs, cleans up, and says what this machine offers. */
@Command(
        name = "multijvm",
        description = "Python's multiprocessing for the JVM.",
        subcommands = {
            SamplesCommand.class,
            SampleCommand.class,
            RunCommand.class,
            CleanCommand.class,
            DoctorCommand.class
        })
public final class Main implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean helpAsked;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** Returns rather than exits on success: what a sample started may still be running. */
    public static void main(String[] args) {
        int status = new CommandLine(new Main())
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::refuse)
                .execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    private static int refuse(ParameterException refused, String[] args) {
        var command = refused.getCommandLine();
        var err = command.getErr();
        err.println("multijvm: " + refused.getMessage());
        if (!(refused instanceof UnknownTargetException)) {
            err.println("try: scripts/" + command.getCommandSpec().qualifiedName() + " --help");
        }
        return CommandLine.ExitCode.USAGE;
    }
}
