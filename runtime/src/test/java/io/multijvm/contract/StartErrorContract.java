package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.launcher.LaunchException;
import io.multijvm.launcher.Output;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.testkit.EveryStartMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that cannot work: a clear error at once, and nothing left. */
public interface StartErrorContract {
    Context context();

    @Test
    default void start_unsendableCapture_namesTheWayToTheField() throws InterruptedException {
        var order = new Order(List.of(Map.of("key", new Item(new Object()))));
        JvmProcess process = context().process(() -> System.out.println(order));

        assertThatExceptionOfType(NotSendableException.class)
                .isThrownBy(process::start)
                .withMessageContaining("java.lang.Object")
                .withMessageContaining("items")
                .withMessageContaining("content");

        assertThat(process.isAlive()).isFalse();
        assertThat(MultiJvm.activeChildren()).doesNotContain(process);
    }

    /** Serialisable but for what is in it. */
    record Order(List<Map<String, Item>> items) implements Serializable {}

    /** Holds what cannot be sent. */
    record Item(@SuppressWarnings("serial") Object content) implements Serializable {}

    @Test
    default void start_unsendableFieldOfASubclass_namesIt() {
        var process = new Unsendable(context());

        assertThatExceptionOfType(NotSendableException.class)
                .isThrownBy(process::start)
                .withMessageContaining("handle")
                .withMessageContaining("java.lang.Object");
    }

    /** Has a field that cannot be sent. */
    final class Unsendable extends JvmProcess {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // that is the point
        private final Object handle = new Object();

        Unsendable(Context context) {
            super(context.processes());
        }

        @Override
        public void run() {
            System.out.println(handle);
        }
    }

    /** Gives nobody the classes that it has. */
    final class Secretive extends URLClassLoader {
        Secretive(URL[] urls) {
            super(urls);
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            return null;
        }
    }

    @Test
    @EveryStartMethod
    default void start_classTheChildDoesNotHave_saysWhich(@TempDir Path directory) throws Exception {
        Path source = Files.writeString(
                directory.resolve("Elsewhere.java"),
                "public class Elsewhere implements io.multijvm.process.Target { public void run() {} }");
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", System.getProperty("java.class.path"), source.toString());
        assertThat(compiled).isZero();
        try (var loader = new Secretive(new URL[] {directory.toUri().toURL()})) {
            var target = (Target) loader.loadClass("Elsewhere").getConstructor().newInstance();
            JvmProcess process = context().process("stranger", target).options(quiet());

            LaunchException failure = refused(process);

            assertThat(failure).hasMessageContaining("process 'stranger'").hasMessageContaining("exit code 1");
            assertThat(failure.getMessage()).contains("java.lang.ClassNotFoundException: Elsewhere");
        }
    }

    @Test
    @EveryStartMethod
    default void start_wrongJvmOption_saysWhatTheJvmSays() throws InterruptedException {
        JvmProcess process = context().process("worker", () -> {}).options(quiet().jvmArguments("-XX:NoSuchOption=1"));

        LaunchException failure = refused(process);

        assertThat(failure.command()).contains("-XX:NoSuchOption=1");
        assertThat(failure)
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("process 'worker'")
                .hasMessageContaining("command [")
                .hasMessageContaining("Unrecognized VM option 'NoSuchOption=1'");
    }

    @Test
    default void start_moreMemoryThanThereIs_saysWhatTheJvmSays() throws IOException {
        String kilobytes = Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", "");
        String size = 8 * Long.parseLong(kilobytes) + "k";
        JvmOptions options = quiet().jvmArguments("-Xms" + size, "-Xmx" + size, "-XX:ErrorFile=/dev/null");
        JvmProcess process = context().process("worker", () -> {}).options(options);

        assertThat(refused(process))
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("-Xms" + size)
                .hasMessageContaining("stderr \"");
    }

    @Test
    default void start_directoryMissing_isRefused(@TempDir Path directory) throws InterruptedException {
        Path missing = directory.resolve("missing");
        JvmProcess process = context().process("worker", () -> {}).options(quiet().directory(missing));

        assertThat(refused(process)).hasMessageContaining(missing.toString());
    }

    @Test
    @EveryStartMethod
    default void start_initialiserOfTheTargetsClassThrows_saysWhat() throws InterruptedException {
        JvmProcess process = context().process("worker", Broken::run).options(quiet());

        assertThat(refused(process))
                .hasMessageContaining("ExceptionInInitializerError")
                .hasMessageContaining("broken for good");
    }

    /** Cannot be initialised. */
    final class Broken {
        static final int VALUE = fail();

        private Broken() {}

        static void run() {}

        private static int fail() {
            throw new IllegalStateException("broken for good");
        }
    }

    @Test
    default void start_afterOneThatFailed_works() throws InterruptedException {
        JvmProcess process = context().process(() -> {}).options(quiet().jvmArguments("-XX:NoSuchOption=1"));
        refused(process);

        process.options(JvmOptions.defaults());
        process.start();
        process.join();

        assertThat(process.exitCode()).isZero();
    }

    @Test
    @EveryStartMethod
    default void start_wrongOption_leavesNoFileBehind() throws IOException, InterruptedException {
        Path live = io.multijvm.launcher.Family.current().directory().file("live");
        JvmProcess process = context().process(() -> {}).options(quiet().jvmArguments("-XX:NoSuchOption=2"));
        refused(process);
        var mine = "p-" + ProcessHandle.current().pid() + "-";

        try (var files = Files.list(live)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(mine)))
                    .hasSizeLessThanOrEqualTo(1); // the fork server's
        }
    }

    private static LaunchException refused(JvmProcess process) {
        var failure = catchThrowableOfType(LaunchException.class, process::start);
        assertThat(failure).isNotNull();
        assertThat(process.isAlive()).isFalse();
        assertThat(process.exitCode()).isNull();
        assertThat(MultiJvm.activeChildren()).doesNotContain(process);
        return failure;
    }

    private static JvmOptions quiet() {
        return JvmOptions.defaults().stderr(Output.discard());
    }
}
