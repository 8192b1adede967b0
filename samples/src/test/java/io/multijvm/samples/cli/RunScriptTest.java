package io.multijvm.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.samples.check.Shown;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code run} of a single source file. */
@ForkTest
final class RunScriptTest {
    private static final String EXAMPLE = Path.of("scripts", "CountPrimes.java").toString();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void example_startMethod_isCountedByTheWorkersThatWereAskedFor(StartMethod method) throws Exception {
        var shown = run(
                "--processes",
                "3",
                "--heap",
                "64m",
                "--start-method",
                method.name().toLowerCase(Locale.ROOT),
                EXAMPLE,
                "20000");

        assertThat(shown.err()).isEmpty();
        assertThat(shown.out()).hasSize(9).last().isEqualTo("primes below 20000: 2262");
        assertThat(shown.numbers("\\d+ to \\d+: \\d+, by process (\\d+)").stream()
                        .distinct())
                .hasSizeBetween(1, 3);
    }

    @Test
    void options_all_reachTheProgramAndItsChildren() throws Exception {
        var file = script("Options", """
                import io.multijvm.MultiJvm;

                class Options {
                    public static void main(String[] args) throws Exception {
                        System.out.println("method " + MultiJvm.getStartMethod());
                        tell("program");
                        var child = MultiJvm.process(() -> tell("child"));
                        child.start();
                        child.join();
                    }

                    private static void tell(String who) {
                        System.out.println(who + ": processors " + MultiJvm.cpuCount() + ", heap of at most 96m: "
                                + (Runtime.getRuntime().maxMemory() <= 96 << 20));
                    }
                }
                """);

        assertThat(run("--processes=5", "--heap=96m", "--start-method=SPAWN", file))
                .isEqualTo(new Shown(
                        0,
                        List.of(
                                "method SPAWN",
                                "program: processors 5, heap of at most 96m: true",
                                "child: processors 5, heap of at most 96m: true"),
                        List.of()));
    }

    @Test
    void class_startMethod_isItsDefault() throws Exception {
        assertThat(run("--start-method", "spawn", Method.class.getName(), "an argument"))
                .isEqualTo(new Shown(0, List.of("SPAWN, an argument"), List.of()));
    }

    @Test
    void fileThatDoesNotCompile_saysWhereAndNoMore() throws Exception {
        var file = script("Wrong", """
                class Wrong {
                    public static void main(String[] args) {
                        int number = "text";
                    }
                }
                """);

        var shown = run(file);

        assertThat(shown.exitCode()).isEqualTo(1);
        assertThat(shown.out()).isEmpty();
        assertThat(shown.err())
                .startsWith(
                        file + ":3: error: incompatible types: String cannot be converted to int",
                        "        int number = \"text\";")
                .endsWith("1 error", "multijvm: " + file + " does not compile");
    }

    @Test
    void fileWithoutMain_isRefused() throws Exception {
        var file = script("Empty", "class Empty {}");

        assertThat(run(file))
                .isEqualTo(new Shown(1, List.of(), List.of("multijvm: no class in " + file + " has a main method")));
    }

    @Test
    void severalClasses_theOneNamedLikeTheFile_isRun() throws Exception {
        var file = script("Second", """
                class First {
                    public static void main(String[] args) {
                        System.out.println("first");
                    }
                }

                class Second {
                    static void main() {
                        System.out.println("second");
                    }
                }
                """);

        assertThat(run(file)).isEqualTo(new Shown(0, List.of("second"), List.of()));
    }

    @Test
    void taskThatFails_isShownByTheFramesOfTheFile() throws Exception {
        var file = script("Fails", """
                import io.multijvm.MultiJvm;
                import java.util.List;

                class Fails {
                    public static void main(String[] args) throws Exception {
                        try (var pool = MultiJvm.pool(1)) {
                            pool.map(Fails::half, List.of(2, 3));
                        }
                    }

                    private static int half(int number) {
                        if (number % 2 == 1) {
                            throw new IllegalArgumentException(number + " is odd");
                        }
                        return number / 2;
                    }
                }
                """);

        assertThat(run(file))
                .isEqualTo(new Shown(
                        1,
                        List.of(),
                        List.of(
                                "Exception in thread \"main\" java.util.concurrent.ExecutionException: "
                                        + "java.lang.IllegalArgumentException: 3 is odd",
                                "\tat Fails.main(Fails.java:7)",
                                "Caused by: java.lang.IllegalArgumentException: 3 is odd",
                                "\tat Fails.half(Fails.java:13)")));
        assertThat(run("--full-stacks", file).err())
                .contains("\tat Fails.half(Fails.java:13)")
                .anyMatch(line -> line.contains("io.multijvm.pool.Pool.map"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--processes=0", "--processes=many", "--heap=big", "--start-method=clone"})
    void badOption_isRefused(String option) throws Exception {
        var shown = run(option, EXAMPLE, "10");

        assertThat(shown.exitCode()).isEqualTo(2);
        assertThat(shown.err()).hasSize(2).last().isEqualTo("try: scripts/multijvm run --help");
        assertThat(shown.err().get(0)).contains(option.substring(0, option.indexOf('=')));
    }

    private String script(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name + ".java"), text).toString();
    }

    private static Shown run(String... arguments) throws InterruptedException {
        var command = new String[arguments.length + 1];
        command[0] = "run";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        var ended = ChildJvm.of(Main.class).arguments(command).run();
        return new Shown(
                ended.exitCode(),
                ended.stdout().lines().toList(),
                ended.stderr().lines().toList());
    }

    static final class Method {
        public static void main(String[] args) {
            System.out.println(MultiJvm.getStartMethod() + ", " + args[0]);
        }
    }
}
