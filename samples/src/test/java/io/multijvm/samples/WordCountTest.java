package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.samples.check.Shown;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ForkTest
final class WordCountTest {
    private static final Pattern FIRST_WORKER = Pattern.compile("worker-1 \\(pid (\\d+)\\) begins");

    @TempDir
    Path directory;

    @Test
    void main_threeWorkers_countWhatOneJvmCounts() throws Exception {
        for (int i = 1; i <= 10; i++) {
            Files.writeString(directory.resolve("text-" + i), "Apple ".repeat(i) + "apple, pear; " + "ñandú\n");
        }

        var run = succeeding("--processes", "3", directory.toString());

        assertThat(run.numbers("  worker-[123] \\(pid (\\d+)\\) had .*"))
                .hasSizeBetween(1, 3)
                .doesNotHaveDuplicates();
        assertThat(run.numbers("  worker-[123] \\(pid \\d+\\) had (\\d+) files, .*").stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(10);
        assertThat(run.between("the 10 most frequent words", run.line("3 JVMs: .*")))
                .startsWith("          65  apple", "          10  pear")
                .hasSize(3);
        assertThat(run.out()).contains("results are equal: yes");
    }

    @Test
    void main_noPath_countsTheProject() throws Exception {
        var run = succeeding();

        assertThat(run.out()).contains("results are equal: yes");
        assertThat(run.number("([\\d,]+) text files, .*")).isGreaterThan(20);
    }

    @Test
    void main_moreWorkersThanFiles_stillAgree() throws Exception {
        Files.writeString(directory.resolve("only"), "one word");

        var run = succeeding("--processes=2", directory.toString());

        assertThat(run.numbers("  worker-\\d \\(pid \\d+\\) had (\\d+) files, .*"))
                .containsExactly(1L);
        assertThat(run.out()).contains("results are equal: yes");
    }

    @Test
    void main_missingPath_isAnErrorWithStatus2() throws Exception {
        var run = run(directory.resolve("missing").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).containsExactly("wordcount: no such file or directory: " + directory.resolve("missing"));
    }

    @Test
    void main_badOption_isAnErrorWithStatus2() throws Exception {
        var run = run("--processes", "none", directory.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).containsExactly("wordcount: --processes needs a number, not 'none'");
    }

    @Test
    void main_workerKilled_anotherCountsItsFiles() throws Exception {
        makeLongWork(directory, 4);

        try (var parent = ChildJvm.of(WordCount.class)
                .arguments("--processes", "2", directory.toString())
                .start()) {
            var worker = FIRST_WORKER.matcher(
                    parent.awaitStdout(out -> FIRST_WORKER.matcher(out).find()));
            assertThat(worker.find()).isTrue();
            Signals.send("KILL", Long.parseLong(worker.group(1)));

            assertThat(parent.awaitExit()).isZero();
            assertThat(parent.stderr()).isEmpty();
            assertThat(parent.stdout().lines())
                    .contains(
                            "  worker-1 (pid " + worker.group(1) + ") has died, exit code -9",
                            "results are equal: yes");
        }
    }

    private static Shown succeeding(String... arguments) throws InterruptedException {
        var shown = run(arguments);
        assertThat(shown.err()).isEmpty();
        assertThat(shown.exitCode()).as("exit code, output %s", shown.out()).isZero();
        return shown;
    }

    private static Shown run(String... arguments) throws InterruptedException {
        var ended = ChildJvm.of(WordCount.class).arguments(arguments).run();
        return new Shown(
                ended.exitCode(),
                ended.stdout().lines().toList(),
                ended.stderr().lines().toList());
    }

    /** Several seconds of counting in a few megabytes of disk: one file under many names. */
    static void makeLongWork(Path directory, int files) throws IOException {
        var file = Files.writeString(directory.resolve("text"), "some words to count ".repeat(400_000));
        for (int i = 0; i < files; i++) {
            Files.createLink(directory.resolve("text-" + i), file);
        }
    }
}
