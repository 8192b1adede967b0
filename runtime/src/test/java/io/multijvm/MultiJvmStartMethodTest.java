package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.connection.Connection;
import io.multijvm.launcher.LaunchException;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is set once for a whole program, each in a JVM of its own. */
@ForkTest
final class MultiJvmStartMethodTest {
    @Test
    void setStartMethod_secondTime_isRefusedUnlessForced() throws InterruptedException {
        var ended = ChildJvm.of(SetTwice.class).run();

        assertThat(ended)
                .isEqualTo(new ChildJvm.Ended(
                        0,
                        String.join(
                                "\n",
                                "SPAWN",
                                "the start method has been set already, to spawn",
                                "FORKSERVER in the child FORKSERVER",
                                "FORK in the child FORK",
                                "SPAWN in the child SPAWN",
                                ""),
                        ""));
    }

    @Conforms("TestStartMethod.test_set_get")
    static final class SetTwice {
        public static void main(String[] args) throws Exception {
            MultiJvm.setStartMethod(StartMethod.SPAWN);
            System.out.println(MultiJvm.getStartMethod());
            try {
                MultiJvm.setStartMethod(StartMethod.FORKSERVER);
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
            for (StartMethod method : List.of(StartMethod.FORKSERVER, StartMethod.FORK, StartMethod.SPAWN)) {
                MultiJvm.setStartMethod(method, true);
                System.out.println(MultiJvm.getStartMethod() + " in the child " + ask());
            }
        }

        private static Object ask() throws IOException, InterruptedException {
            try (var pipe = MultiJvm.pipe(false)) {
                Connection writer = pipe.writer();
                JvmProcess child = MultiJvm.process(() -> writer.send(MultiJvm.getStartMethod()));
                child.start();
                Object method = pipe.reader().recv();
                child.joinOrThrow();
                return method;
            }
        }
    }

    @Test
    void setStartMethod_afterTheDefaultWasUsed_isRefused() throws InterruptedException {
        var ended = ChildJvm.of(SetLate.class).run();

        assertThat(ended)
                .isEqualTo(new ChildJvm.Ended(0, "the start method has been set already, to forkserver\n", ""));
    }

    static final class SetLate {
        public static void main(String[] args) {
            MultiJvm.process(() -> {}).start();
            try {
                MultiJvm.setStartMethod(StartMethod.SPAWN);
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    @Conforms("_TestProcess.test_set_executable")
    void setExecutable_pathOrText_isUsedForLaterStarts(@TempDir Path directory) throws Exception {
        Path java = Files.createSymbolicLink(
                directory.resolve("a java"), Path.of(System.getProperty("java.home"), "bin", "java"));

        var ended = ChildJvm.of(OtherJava.class).arguments(java.toString()).run();

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout().lines()).hasSize(2).allMatch(line -> line.equals("by " + java + ": 0"));
        assertThat(ended.exitCode()).isZero();
    }

    static final class OtherJava {
        public static void main(String[] args) throws InterruptedException {
            MultiJvm.setExecutable(Path.of(args[0]));
            run();
            MultiJvm.getContext(StartMethod.SPAWN).setExecutable(args[0]);
            run();
        }

        private static void run() throws InterruptedException {
            JvmProcess process = MultiJvm.process(() -> {
                String commandLine = Files.readString(Path.of("/proc/self/cmdline"));
                System.out.print("by " + commandLine.substring(0, commandLine.indexOf('\0')));
            });
            process.start();
            process.join();
            System.out.println(": " + process.exitCode());
        }
    }

    @Test
    void setExecutable_missingFile_isAnErrorAtTheStart() throws InterruptedException {
        for (String method : List.of("SPAWN", "FORKSERVER")) {
            var ended = ChildJvm.of(NoJava.class).arguments(method).run();

            assertThat(ended.stdout())
                    .contains("cannot start a JVM", "/no/such/java", "process 'worker'", "0 children");
            assertThat(ended.stderr()).isEmpty();
            assertThat(ended.exitCode()).isZero();
        }
    }

    static final class NoJava {
        public static void main(String[] args) {
            MultiJvm.setStartMethod(StartMethod.valueOf(args[0]));
            MultiJvm.getContext().setExecutable("/no/such/java");
            for (int i = 0; i < 3; i++) {
                try {
                    MultiJvm.process("worker", () -> {}).start();
                } catch (LaunchException e) {
                    System.out.println(e.getMessage());
                }
            }
            System.out.println(MultiJvm.activeChildren().size() + " children");
        }
    }

    @Test
    @Conforms("TestFlags.test_flags")
    void start_unusualFlags_areThoseOfChildAndGrandchild() throws InterruptedException {
        for (String method : List.of("SPAWN", "FORKSERVER")) {
            var ended = ChildJvm.of(Flags.class)
                    .flags(
                            "-Dcolour=deep red",
                            "-ea",
                            "-Xmx96m",
                            "-Xss768k",
                            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
                    .arguments(method)
                    .run();

            assertThat(ended.stderr()).isEmpty();
            var lines = ended.stdout().lines().toList();
            assertThat(lines).hasSize(3).allMatch(line -> line.equals(lines.get(0)));
            assertThat(lines.get(0))
                    .contains("-Dcolour=deep red", "-ea", "-Xmx96m", "-Xss768k", "sun.nio.ch", "deep red true 96");
        }
    }

    static final class Flags {
        public static void main(String[] args) throws Exception {
            MultiJvm.setStartMethod(StartMethod.valueOf(args[0]));
            print();
            JvmProcess child = MultiJvm.process(() -> {
                print();
                JvmProcess grandchild = MultiJvm.process(Flags::print);
                grandchild.start();
                grandchild.joinOrThrow();
            });
            child.start();
            child.joinOrThrow();
        }

        private static void print() {
            var flags = new ArrayList<>(
                    java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
            flags.removeIf(flag -> flag.startsWith("-XX:") || flag.startsWith("-Djna.")); // ours
            Collections.sort(flags);
            System.out.println(flags + " " + System.getProperty("colour") + " "
                    + Flags.class.desiredAssertionStatus() + " "
                    + (Runtime.getRuntime().maxMemory() >> 20));
        }
    }

    @Test
    @Conforms({"MiscTestCase.test_preload_main_sys_argv", "MiscTestCase.test_preload_main_large_sys_argv"})
    void start_fiveThousandArguments_arriveWhole() throws InterruptedException {
        var arguments = new String[5000];
        java.util.Arrays.setAll(arguments, i -> "argument " + i);

        var ended = ChildJvm.of(Arguments.class).arguments(arguments).run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "5000 argument 4999\n", ""));
    }

    static final class Arguments {
        public static void main(String[] args) throws InterruptedException {
            JvmProcess child = MultiJvm.process(() -> System.out.println(args.length + " " + args[args.length - 1]));
            child.start();
            child.joinOrThrow();
        }
    }

    @Test
    @Conforms({"BasicTest.test_multiprocessing", "BasicTest.test_multiprocessing_recursion"})
    void start_anotherJavaOnThePath_isNotUsed(@TempDir Path directory) throws IOException, InterruptedException {
        Path decoy = Files.writeString(directory.resolve("java"), "#!/bin/sh\nexit 99\n");
        assertThat(decoy.toFile().setExecutable(true)).isTrue();

        var ended = ChildJvm.of(Homes.class)
                .environment("PATH", directory.toString())
                .run();

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout().lines()).hasSize(3).containsOnly(System.getProperty("java.home"));
        assertThat(ended.exitCode()).isZero();
    }

    static final class Homes {
        public static void main(String[] args) throws InterruptedException {
            print();
            JvmProcess child = MultiJvm.process(() -> {
                print();
                JvmProcess grandchild = MultiJvm.process(Homes::print);
                grandchild.start();
                grandchild.joinOrThrow();
            });
            child.start();
            child.joinOrThrow();
        }

        private static void print() {
            System.out.println(System.getProperty("java.home"));
        }
    }

    @Test
    @Conforms("MultiProcessingCmdLineMixin.test_ipython_workaround")
    void start_mainClassThatIsTheTargets_doesNotRunMainAgain() throws InterruptedException {
        for (String method : List.of("SPAWN", "FORKSERVER")) {
            var ended = ChildJvm.of(Unguarded.class).arguments(method).run();

            assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "main\ntarget\ntarget\n", ""));
        }
    }

    static final class Unguarded {
        public static void main(String[] args) throws InterruptedException {
            MultiJvm.setStartMethod(StartMethod.valueOf(args[0]));
            System.out.println("main");
            for (int i = 0; i < 2; i++) {
                JvmProcess child = MultiJvm.process(() -> System.out.println("target"));
                child.start();
                child.joinOrThrow();
            }
        }
    }

    @Test
    @Conforms("TestStartMethod.test_preload_resources")
    void setPreload_beforeTheFirstStart_printsNothingOfItsOwn() throws InterruptedException {
        assertThat(ChildJvm.of(Preloading.class).run()).isEqualTo(new ChildJvm.Ended(0, "ok\n", ""));
    }

    static final class Preloading {
        public static void main(String[] args) throws InterruptedException {
            MultiJvm.setPreload(List.of(Homes.class.getName(), "no.such.Thing"));
            MultiJvm.getContext().awaitWarm(1, java.time.Duration.ofSeconds(30));
            JvmProcess child = MultiJvm.process(() -> System.out.println("ok"));
            child.start();
            child.joinOrThrow();
        }
    }
}
