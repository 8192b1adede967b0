package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.connection.Connection;
import io.multijvm.contract.Answers;
import io.multijvm.launcher.WarmPolicy;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contexts side by side. What concerns the default context alone is in {@link MultiJvmStartMethodTest}. */
@ForkTest
final class ContextTest {
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final Context spawn = MultiJvm.getContext(StartMethod.SPAWN);
    private final Context server = MultiJvm.getContext(StartMethod.FORKSERVER);
    private final Context fork = MultiJvm.getContext(StartMethod.FORK);

    @AfterEach
    void endWhatIsLeft() {
        spawn.close();
        server.close();
        fork.close();
    }

    @Test
    @Conforms("TestStartMethod.test_get_all_start_methods")
    void getAllStartMethods_here_beginWithTheDefault() {
        assertThat(MultiJvm.getAllStartMethods())
                .startsWith(StartMethod.FORKSERVER)
                .containsExactlyInAnyOrder(StartMethod.values());
        assertThat(spawn.getAllStartMethods()).isEqualTo(MultiJvm.getAllStartMethods());
    }

    @Test
    void of_methodThatIsNotOnOffer_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcessContext.of("vfork"))
                .withMessageContaining("one of [forkserver, spawn, fork]");
    }

    @Test
    @Conforms("TestStartMethod.test_mixed_startmethod")
    void start_connectionsOfAnotherContext_work() throws IOException, InterruptedException {
        try (var pipe = spawn.pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess spawned = spawn.process(() -> writer.send("from spawn"));
            JvmProcess served = server.process(() -> writer.send("from forkserver"));
            JvmProcess forked = fork.process(() -> writer.send("from fork"));
            spawned.start();
            served.start();
            forked.start();

            assertThat(List.of(
                            pipe.reader().recv(),
                            pipe.reader().recv(),
                            pipe.reader().recv()))
                    .containsExactlyInAnyOrder("from spawn", "from forkserver", "from fork");
            spawned.joinOrThrow();
            served.joinOrThrow();
            forked.joinOrThrow();
        }
    }

    @Test
    void start_contextsSideBySide_haveTheirOwnMethods() throws IOException, InterruptedException {
        assertThat(Answers.<StartMethod>answer(spawn, MultiJvm::getStartMethod)).isEqualTo(StartMethod.SPAWN);
        assertThat(Answers.<StartMethod>answer(server, MultiJvm::getStartMethod))
                .isEqualTo(StartMethod.FORKSERVER);
        assertThat(Answers.<StartMethod>answer(fork, MultiJvm::getStartMethod)).isEqualTo(StartMethod.FORK);
        assertThat(Answers.<StartMethod>answer(
                        spawn,
                        () -> Answers.answer(MultiJvm.getContext(StartMethod.FORKSERVER), MultiJvm::getStartMethod)))
                .isEqualTo(StartMethod.FORKSERVER);
    }

    @Test
    void close_runningProcesses_endsThemAndThoseOfNoOtherContext() throws IOException, InterruptedException {
        JvmProcess first = Answers.waiting(spawn);
        JvmProcess second = Answers.waiting(spawn);
        JvmProcess other = Answers.waiting(server);

        spawn.close();

        assertThat(first.exitCode()).isEqualTo(-15);
        assertThat(second.exitCode()).isEqualTo(-15);
        assertThat(other.isAlive()).isTrue();
        spawn.close();
        assertThat(Answers.<Integer>answer(spawn, () -> 1)).isEqualTo(1);
    }

    @Test
    void awaitWarm_spawn_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> spawn.awaitWarm(1, PATIENCE))
                .withMessageContaining("has no spares");
    }

    @Test
    void awaitWarm_moreThanThePolicyKeeps_isFalseWhenTimeIsUp() throws InterruptedException {
        assertThat(server.awaitWarm(10_000, Duration.ofMillis(300))).isFalse();
    }

    @Test
    @Conforms("TestForkserverPreload.test_preload_invalid_on_error_value")
    void onError_aWordThatIsNone_isNoValue() {
        assertThat(Context.OnError.values())
                .containsExactly(Context.OnError.IGNORE, Context.OnError.WARN, Context.OnError.FAIL);
        assertThatIllegalArgumentException().isThrownBy(() -> Context.OnError.valueOf("INVALID"));
    }

    @Test
    @Conforms("TestStartMethod.test_context_check_module_types")
    @SuppressWarnings("NullAway")
    void setPreload_nullElement_isRefused() {
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> MultiJvm.setPreload(Arrays.asList("java.util.List", null)));
    }

    @Test
    @Conforms({
        "TestForkserverPreload.test_preload_on_error_ignore_explicit",
        "TestHandlePreload.test_handle_preload_module_on_error_ignore"
    })
    void setPreload_missingClassIgnored_startsWork() throws IOException, InterruptedException {
        server.setPreload(List.of("no.such.Thing"), Context.OnError.IGNORE);
        try {
            assertThat(server.awaitWarm(1, PATIENCE)).isTrue();
            assertThat(Answers.<Integer>answer(server, () -> 99)).isEqualTo(99);
        } finally {
            server.setWarmPolicy(WarmPolicy.defaults());
        }
    }

    @Test
    @Conforms("TestHandlePreload.test_handle_preload_module_on_error_warn")
    void setPreload_missingClassWarnedOf_startsWork() throws IOException, InterruptedException {
        server.setPreload(List.of("no.such.Thing"), Context.OnError.WARN);
        try {
            assertThat(server.awaitWarm(1, PATIENCE)).isTrue();
            assertThat(Answers.<Integer>answer(server, () -> 99)).isEqualTo(99);
        } finally {
            server.setWarmPolicy(WarmPolicy.defaults());
        }
    }

    /* Python's fork server dies of it at the first start; here it is said where the class is named. */
    @Test
    @Conforms({
        "TestForkserverPreload.test_preload_on_error_fail_breaks_context",
        "TestHandlePreload.test_handle_preload_module_on_error_fail"
    })
    void setPreload_missingClassRefused_saysWhich() throws IOException, InterruptedException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.setPreload(List.of("no.such.Thing"), Context.OnError.FAIL))
                .withMessageContaining("no.such.Thing");
        assertThat(Answers.<Integer>answer(server, () -> 99)).isEqualTo(99);
    }

    @Test
    @Conforms({
        "TestForkserverPreload.test_preload_valid_modules_with_on_error_fail",
        "TestHandlePreload.test_handle_preload_combined"
    })
    void setPreload_classes_areLoadedAndNotInitialised() throws IOException, InterruptedException {
        server.setPreload(List.of(Preloaded.class.getName(), "java.util.concurrent.Phaser"), Context.OnError.FAIL);
        try {
            assertThat(server.awaitWarm(1, PATIENCE)).isTrue();
            JvmProcess process = Answers.waiting(server);
            assertThat(histogram(process)).contains(Preloaded.class.getName(), "java.util.concurrent.Phaser");
            process.kill();
            assertThat(Answers.<Boolean>answer(server, () -> Initialised.it)).isFalse();
        } finally {
            server.setWarmPolicy(WarmPolicy.defaults());
        }
    }

    private static String histogram(JvmProcess process) throws IOException {
        var jcmd = java.nio.file.Path.of(System.getProperty("java.home"), "bin", "jcmd")
                .toString();
        Process asking = new ProcessBuilder(jcmd, Long.toString(process.pid()), "VM.class_hierarchy")
                .redirectErrorStream(true)
                .start();
        return new String(asking.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Whether {@link Preloaded} was initialised. */
    static final class Initialised {
        static boolean it;

        private Initialised() {}
    }

    /** Leaves a trace when it is initialised. */
    static final class Preloaded {
        static {
            Initialised.it = true;
        }

        private Preloaded() {}
    }

    @Test
    @Conforms("TestNoForkBomb.test_noforkbomb")
    void start_byTheInitialiserOfTheTargetsClass_isRefused() {
        JvmProcess process = spawn.process(Bomb::run)
                .options(io.multijvm.process.JvmOptions.defaults().stderr(io.multijvm.launcher.Output.discard()));

        assertThatExceptionOfType(io.multijvm.launcher.LaunchException.class)
                .isThrownBy(process::start)
                .withMessageContaining("this process is still being started and cannot start another");
        assertThat(MultiJvm.activeChildren()).isEmpty();
    }

    /** Starts processes when it is initialised. */
    static final class Bomb {
        static {
            MultiJvm.process(Bomb::run).start();
        }

        private Bomb() {}

        static void run() {}
    }

    @Test
    void freezeSupport_here_doesNothing() {
        MultiJvm.freezeSupport();

        assertThat(MultiJvm.parentProcess()).isEmpty();
    }

    @Test
    @Conforms("MiscTestCase.test_spawn_sys_executable_none_allows_import")
    void start_javaIsNotWhereTheJdkSays_libraryWorksAndStartsTheJavaThatRuns(@TempDir Path directory)
            throws InterruptedException {
        var ended = ChildJvm.of(Homeless.class).arguments(directory.toString()).run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "true\nran\n", ""));
    }

    static final class Homeless {
        public static void main(String[] args) throws IOException, InterruptedException {
            for (String part : List.of("conf", "lib")) { // and no bin
                Files.createSymbolicLink(Path.of(args[0], part), Path.of(System.getProperty("java.home"), part));
            }
            System.setProperty("java.home", args[0]);
            Context context = MultiJvm.getContext(StartMethod.SPAWN);
            System.out.println(context.lock().tryLock());
            JvmProcess child = context.process(() -> System.out.println("ran"));
            child.start();
            child.joinOrThrow();
        }
    }
}
