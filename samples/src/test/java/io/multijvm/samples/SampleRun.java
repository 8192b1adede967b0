package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** A sample that ran in a JVM of its own: its exit code and the lines it printed. */
record SampleRun(int exitCode, List<String> out, List<String> err) {
    private static final Duration PATIENCE = Duration.ofSeconds(50); // some start twenty JVMs at once

    static SampleRun of(Class<?> sample, String... arguments) throws InterruptedException {
        try (var child = ChildJvm.of(sample).arguments(arguments).start()) {
            child.endInput();
            int exitCode = child.awaitExit(PATIENCE);
            return new SampleRun(
                    exitCode,
                    child.stdout().lines().toList(),
                    child.stderr().lines().toList());
        }
    }

    /** As {@link #of}; the sample must end with 0 and print neither errors nor warnings. */
    static SampleRun succeeding(Class<?> sample, String... arguments) throws InterruptedException {
        var run = of(sample, arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).as("exit code, output %s", run.out()).isZero();
        return run;
    }

    /** What the group of {@code pattern} is in each line that matches it. */
    List<String> texts(String pattern) {
        var compiled = Pattern.compile(pattern);
        return out.stream()
                .map(compiled::matcher)
                .map(matcher -> matcher.matches() ? matcher.group(1) : null)
                .filter(Objects::nonNull)
                .toList();
    }

    /** What the group of {@code pattern} is in the one line that matches it. */
    String text(String pattern) {
        assertThat(texts(pattern)).as("lines like %s in %s", pattern, out).hasSize(1);
        return texts(pattern).get(0);
    }

    /** The one line that matches {@code pattern}. */
    String line(String pattern) {
        return text("(" + pattern + ")");
    }

    List<Long> numbers(String pattern) {
        return texts(pattern).stream().map(Long::valueOf).toList();
    }

    long number(String pattern) {
        return Long.parseLong(text(pattern));
    }

    double decimal(String pattern) {
        return Double.parseDouble(text(pattern));
    }

    /** The lines between two others. */
    List<String> between(String before, String after) {
        assertThat(out).containsSubsequence(before, after);
        return out.subList(out.indexOf(before) + 1, out.indexOf(after));
    }

    /** The lines after another. */
    List<String> after(String before) {
        assertThat(out).contains(before);
        return out.subList(out.indexOf(before) + 1, out.size());
    }
}
