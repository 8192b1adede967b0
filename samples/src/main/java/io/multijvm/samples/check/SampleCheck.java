package io.multijvm.samples.check;

import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.launcher.ArchiveCache;
import io.multijvm.launcher.Profile;
import io.multijvm.samples.Catalog.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A sample that ran in a JVM of its own, like this one, and what is missing of what it must show.
 *
 * @param failure empty when nothing is missing
 */
public record SampleCheck(Sample sample, Duration took, Shown shown, String failure) {
    private static final Duration PATIENCE = Duration.ofMinutes(3); // some start thirty JVMs, on busy machines

    /** What a JVM says of options that it has from the environment. */
    private static final Pattern ABOUT_OPTIONS = Pattern.compile("(NOTE: )?Picked up \\w+: ");

    private static final String PROJECT_HOME = "multijvm.project.home";

    public boolean isOk() {
        return failure.isEmpty();
    }

    /** Runs {@code sample} to its end; one that does not come to it is killed, with its children, and has failed. */
    public static SampleCheck of(Sample sample) throws IOException, InterruptedException {
        var out = Files.createTempFile("sample", ".out");
        var err = Files.createTempFile("sample", ".err");
        try {
            long begin = System.nanoTime();
            var process = new ProcessBuilder(command(sample))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            boolean ended = waitFor(process);
            var took = Duration.ofNanos(System.nanoTime() - begin);
            var errors = Files.readAllLines(err).stream()
                    .filter(line -> !ABOUT_OPTIONS.matcher(line).lookingAt())
                    .toList();
            var shown = new Shown(ended ? process.exitValue() : -1, Files.readAllLines(out), errors);
            var failure = ended ? missing(sample, shown) : "still running after " + PATIENCE.toMinutes() + " minutes";
            return new SampleCheck(sample, took, shown, failure);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Returns whether it has ended by itself. */
    private static boolean waitFor(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        try {
            return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            var family = process.descendants().toList();
            if (process.isAlive()) {
                process.destroyForcibly();
                family.forEach(ProcessHandle::destroyForcibly);
                process.onExit().join();
            }
        }
    }

    private static List<String> command(Sample sample) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        var classPath = System.getProperty("java.class.path");
        var profile = new Profile(List.of(command.get(0), "-cp", classPath, "Sample"), System.getenv(), null);
        command.addAll(ArchiveCache.ofUser().jvmArguments(profile));
        command.add("-D" + ArchiveCache.PROPERTY + "=use"); // else there would be one for each sample
        for (var setting : List.of(PROJECT_HOME, RunDirectory.BASE_PROPERTY)) {
            var value = System.getProperty(setting);
            if (value != null) {
                command.add("-D" + setting + "=" + value);
            }
        }
        command.addAll(List.of("-cp", classPath, sample.main().getName()));
        return command;
    }

    private static String missing(Sample sample, Shown shown) {
        var expectation = Expectations.of(sample.id());
        if (expectation.isEmpty()) {
            return "nobody has said what it must show";
        }
        try {
            expectation.get().check(shown);
            return "";
        } catch (NotShownException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
