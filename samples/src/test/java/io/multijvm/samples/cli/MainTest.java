package io.multijvm.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.samples.Catalog;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line, in a JVM of its own. */
@ForkTest
final class MainTest {
    private static final int USAGE = 2;
    private static final String RUN_USAGE = "scripts/multijvm run [-cp PATH] CLASS | FILE.jar | FILE.java [ARG...]";

    @TempDir
    Path directory;

    @Test
    void samples_all_areListedUnderTheirSection() throws InterruptedException {
        var ended = multijvm("samples");

        assertThat(ended.exitCode()).isZero();
        assertThat(Catalog.all())
                .allSatisfy(
                        sample -> assertThat(ended.stdout()).contains(sample.section(), sample.id(), sample.line()));
    }

    @Test
    void samplesCheck_ids_areRunAndPrintedAsATable() throws InterruptedException {
        var ended = multijvm("samples", "--check", "singleton", "net-framing");

        assertThat(ended.stdout().lines())
                .hasSize(3)
                .satisfies(lines -> assertThat(lines.get(0)).matches("singleton    ok +\\d+\\.\\d s"))
                .satisfies(lines -> assertThat(lines.get(1)).matches("net-framing  ok +\\d+\\.\\d s"))
                .satisfies(lines -> assertThat(lines.get(2))
                        .startsWith("2 samples on Java ")
                        .contains(" 0 failed"));
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void samplesCheck_unknownId_isRefused() throws InterruptedException {
        assertThat(multijvm("samples", "--check", "no-such"))
                .isEqualTo(refusal("no sample 'no-such'", "scripts/multijvm samples"));
        assertThat(multijvm("samples", "proc-hello"))
                .isEqualTo(refusal("an ID is only for --check", "scripts/multijvm samples --help"));
    }

    @Test
    void sample_unknown_isRefusedInOneLineAndAHint() throws InterruptedException {
        assertThat(multijvm("sample", "no-such")).isEqualTo(refusal("no sample 'no-such'", "scripts/multijvm samples"));
    }

    @Test
    void help_command_isShown() throws InterruptedException {
        assertThat(multijvm("run", "--help").stdout()).startsWith("Usage: multijvm run ");
        assertThat(multijvm("--help").stdout()).startsWith("Usage: multijvm ").contains("doctor");
    }

    @Test
    void sample_noId_isRefused() throws InterruptedException {
        assertThat(multijvm("sample"))
                .isEqualTo(refusal("Missing required parameter: 'ID'", "scripts/multijvm sample --help"));
    }

    @Test
    void sample_arguments_reachItVerbatim() throws InterruptedException {
        var ended = multijvm("sample", "wordcount", "--processes", "none");

        assertThat(ended.exitCode()).isEqualTo(USAGE);
        assertThat(ended.stderr()).startsWith("wordcount: ").contains("--processes", "none");
    }

    @Test
    void run_class_getsArgumentsAndGivesItsStatus() throws InterruptedException {
        assertThat(multijvm("run", Arguments.class.getName(), "-x", "--", "--help"))
                .isEqualTo(new ChildJvm.Ended(3, "-x -- --help\n", ""));
    }

    /** Together with ours it is longer than an argument of a program can be. */
    @Test
    void run_longClassPath_isTaken() throws InterruptedException {
        var path = "/no/such.jar:".repeat(11_000).substring(0, 131_050);

        assertThat(multijvm("run", "-cp", path, Arguments.class.getName(), "a"))
                .isEqualTo(new ChildJvm.Ended(3, "a\n", ""));
    }

    @Test
    void run_jar_hasOurClassPathAfterItsOwn() throws IOException, InterruptedException {
        assertThat(multijvm("run", jar(Arguments.class.getName()).toString(), "a"))
                .isEqualTo(new ChildJvm.Ended(3, "a\n", ""));
    }

    @Test
    void run_jarWithoutMainClass_isRefused() throws IOException, InterruptedException {
        var jar = jar(null);

        assertThat(multijvm("run", jar.toString()))
                .isEqualTo(refusal("no Main-Class in the manifest of " + jar, RUN_USAGE));
    }

    @Test
    void run_javaFile_seesOurClasses() throws IOException, InterruptedException {
        var file = directory.resolve("Script.java");
        Files.writeString(file, """
                import io.multijvm.samples.Catalog;

                class Script {
                    public static void main(String[] args) {
                        System.out.println(args[0] + Catalog.all().isEmpty());
                    }
                }
                """);

        assertThat(multijvm("run", file.toString(), "-no-sample:"))
                .isEqualTo(new ChildJvm.Ended(0, "-no-sample:false\n", ""));
    }

    @Test
    void run_unknownTargets_areRefused() throws InterruptedException {
        assertThat(multijvm("run", "no.such.Main"))
                .isEqualTo(refusal("no class 'no.such.Main' on the class path", RUN_USAGE));
        assertThat(multijvm("run", "none.jar")).isEqualTo(refusal("no file none.jar", RUN_USAGE));
        assertThat(multijvm("run", "None.java")).isEqualTo(refusal("no file None.java", RUN_USAGE));
    }

    @Test
    void run_toldToEnd_endsTheProgramToo() throws InterruptedException {
        try (var child = ChildJvm.of(Main.class)
                .arguments("run", Waiting.class.getName())
                .start()) {
            child.awaitStdout(text -> text.contains("waiting"));
            child.signal("TERM");
            child.awaitExit();

            assertThat(child.stdout()).endsWith("told to end\n");
        }
    }

    @Test
    void clean_staleRunDirectoryAndCache_areRemoved() throws IOException, InterruptedException {
        var base = Files.createDirectory(directory.resolve("run"));
        var stale = Files.createDirectory(base.resolve("multijvm-" + System.getProperty("user.name") + "-1-0"));
        Files.createDirectory(stale.resolve("live"));
        var cache = Files.createDirectories(directory.resolve("cache").resolve("multijvm"));
        var ended = ChildJvm.of(Main.class)
                .flags("-Dmultijvm.run.directory=" + base)
                .environment("XDG_CACHE_HOME", cache.getParent().toString())
                .arguments("clean")
                .run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "removed " + stale + "\nremoved " + cache + "\n", ""));
        assertThat(stale).doesNotExist();
        assertThat(cache).doesNotExist();
    }

    @Test
    void doctor_thisMachine_isUsable() throws InterruptedException {
        var ended = multijvm("doctor");

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout())
                .contains("Java ", "kernel", "C library", "cores", "memory", "open files", "run directory", "caches")
                .endsWith("MultiJVM can work here.\n");
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void doctor_noPlaceForRunDirectories_saysSo() throws InterruptedException {
        var ended = ChildJvm.of(Main.class)
                .flags("-Dmultijvm.run.directory=" + directory.resolve("none"))
                .arguments("doctor")
                .run();

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.stdout()).contains("MISSING").endsWith("MultiJVM cannot work here.\n");
    }

    private static ChildJvm.Ended multijvm(String... arguments) throws InterruptedException {
        return ChildJvm.of(Main.class).arguments(arguments).run();
    }

    private static ChildJvm.Ended refusal(String what, String hint) {
        return new ChildJvm.Ended(USAGE, "", "multijvm: " + what + "\ntry: " + hint + "\n");
    }

    private Path jar(String mainClass) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (mainClass != null) {
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        }
        var file = directory.resolve("program.jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            jar.putNextEntry(new ZipEntry("empty"));
        }
        return file;
    }

    static final class Arguments {
        public static void main(String[] args) {
            System.out.println(String.join(" ", args));
            System.exit(3);
        }
    }

    static final class Waiting {
        public static void main(String[] args) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("told to end")));
            System.out.println("waiting");
            Thread.currentThread().join();
        }
    }
}
