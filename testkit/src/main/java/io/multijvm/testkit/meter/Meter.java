package io.multijvm.testkit.meter;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Writes what each test and each test class costs: wall time, processor time of the test JVM and of everything it
 * started, JVMs started, spares among them.
 *
 * <p>Registered through {@code META-INF/services} and silent unless {@link #FILE_PROPERTY} names a file. Each line is
 * {@code test} or {@code class}, the top-level class, the test, and the figures, separated by tabs. A class's figures
 * include those of its tests and of its nested classes. {@code scripts/test} sums them up.
 */
public final class Meter implements TestExecutionListener {
    /** The file to append to. */
    public static final String FILE_PROPERTY = "multijvm.test.meter";

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Path FILE = Path.of(System.getProperty(FILE_PROPERTY, "/dev/null"));
    private static final boolean IS_ON = System.getProperty(FILE_PROPERTY) != null;

    private final Map<String, Reading> begun = new HashMap<>();

    /** The sampler of this JVM, a process that is started with the first test. */
    private static final class Sampler {
        static final Sampler INSTANCE = start();

        private final Writer questions;
        private final BufferedReader answers;

        private Sampler(Process process) {
            questions = process.outputWriter(StandardCharsets.US_ASCII);
            answers = process.inputReader(StandardCharsets.US_ASCII);
        }

        private static Sampler start() {
            try {
                return new Sampler(ProcessSampler.command().start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized ProcessSampler.Counts counts() {
            try {
                questions.append('\n').flush();
                var answer = answers.readLine();
                return answer == null ? ProcessSampler.Counts.NONE : ProcessSampler.Counts.parse(answer);
            } catch (IOException e) {
                return ProcessSampler.Counts.NONE; // a test has killed it: figures, not tests, are wrong then
            }
        }
    }

    /** The meter at one moment. */
    private record Reading(long wallNanos, long ownNanos, ProcessSampler.Counts started) {
        static Reading now() {
            return new Reading(System.nanoTime(), SYSTEM.getProcessCpuTime(), Sampler.INSTANCE.counts());
        }

        /** The columns of a line: milliseconds, then counts. */
        String since(Reading begin) {
            var since = started.minus(begin.started);
            return String.join(
                    "\t",
                    millis(wallNanos - begin.wallNanos),
                    millis(ownNanos - begin.ownNanos),
                    millis(since.processorNanos()),
                    Integer.toString(since.jvms()),
                    Integer.toString(since.spares()));
        }

        private static String millis(long nanos) {
            return Long.toString(nanos / 1_000_000);
        }
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (IS_ON && (test.isTest() || isTopLevelClass(test))) {
            begun.put(test.getUniqueId(), Reading.now());
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        var begin = begun.remove(test.getUniqueId());
        if (begin != null) {
            var kind = test.isTest() ? "test" : "class";
            write(String.join(
                    "\t",
                    kind,
                    className(test),
                    test.getLegacyReportingName(),
                    Reading.now().since(begin)));
        }
    }

    private static boolean isTopLevelClass(TestIdentifier test) {
        return test.getSource()
                .filter(ClassSource.class::isInstance)
                .map(source -> !((ClassSource) source).getClassName().contains("$"))
                .orElse(false);
    }

    private static String className(TestIdentifier test) {
        var source = test.getSource().orElse(null);
        var name = source instanceof MethodSource method
                ? method.getClassName()
                : source instanceof ClassSource type ? type.getClassName() : test.getDisplayName();
        return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
    }

    private static void write(String line) {
        try {
            Files.createDirectories(FILE.getParent());
            Files.write(FILE, List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
