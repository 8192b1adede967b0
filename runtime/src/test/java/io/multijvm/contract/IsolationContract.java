package io.multijvm.contract;

import static io.multijvm.contract.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process has of its parent and what it has not. */
public interface IsolationContract {
    Context context();

    @Test
    @EveryStartMethod
    default void start_staticState_isThatOfAFreshJvm() throws IOException, InterruptedException {
        Counter.value = 7;

        assertThat(answer(context(), () -> ++Counter.value)).isEqualTo(1);
        assertThat(answer(context(), () -> ++Counter.value)).isEqualTo(1);
        assertThat(Counter.value).isEqualTo(7);
    }

    /** State of a class. */
    final class Counter {
        static int value;

        private Counter() {}
    }

    @Test
    @EveryStartMethod
    @Conforms("TestCloseFds.test_closefd")
    default void start_filesOfTheParent_areNotOpenInTheChild(@TempDir Path directory)
            throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("secret"), "x");
        try (var open = new FileInputStream(file.toFile());
                var socket = new ServerSocket(0)) {
            assertThat(open.available()).isPositive();
            List<String> here = descriptors();
            assertThat(here).contains(file.toRealPath().toString());
            List<String> there = answer(context(), IsolationContract::descriptors);

            assertThat(there).isNotEmpty().doesNotContain(file.toRealPath().toString());
            // Its own socket to us and its standard output and error are all that it shares with anybody.
            assertThat(there.stream().filter(link -> link.startsWith("socket:")).filter(here::contains))
                    .isEmpty();
            assertThat(socket.isBound()).isTrue();
        }
    }

    /** What the descriptors of this process refer to. */
    private static List<String> descriptors() throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            var targets = new ArrayList<String>();
            for (Path link : links.toList()) {
                if (Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    targets.add(Files.readSymbolicLink(link).toString());
                }
            }
            return targets;
        }
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_child_fd_inflation")
    default void start_fiveAtATime_doNotPassOnEachOthersDescriptors() throws IOException, InterruptedException {
        var counts = new ArrayList<Long>();
        var processes = new ArrayList<JvmProcess>();
        try (Pipe answers = context().pipe(false);
                Pipe gate = context().pipe(false)) {
            Connection writer = answers.writer();
            Connection open = gate.reader();
            for (int i = 0; i < 5; i++) {
                processes.add(context().process(() -> {
                    // The JDK's channels keep one socket for themselves; a warm child has used one, a fresh one has
                    // not.
                    FileChannel.open(Path.of("/proc/self/stat")).close();
                    writer.send(descriptors().stream()
                            .filter(link -> link.startsWith("socket:") || link.startsWith("pipe:"))
                            .count());
                    open.poll(null);
                }));
            }
            processes.forEach(JvmProcess::start);
            for (int i = 0; i < 5; i++) {
                counts.add(answers.reader().recv(Long.class));
            }
            gate.writer().close();
            for (JvmProcess process : processes) {
                process.join();
            }
        }

        assertThat(counts).hasSize(5).allMatch(count -> count.equals(counts.get(0)));
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_wait_for_threads")
    default void end_nonDaemonThread_isWaitedForAndADaemonIsNot() throws IOException, InterruptedException {
        try (Pipe gate = context().pipe(false);
                Pipe answers = context().pipe(false)) {
            Connection open = gate.reader();
            Connection writer = answers.writer();
            JvmProcess process = context().process(() -> {
                var daemon = new Thread(IsolationContract::waitForEver, "daemon");
                daemon.setDaemon(true);
                daemon.start();
                new Thread(() -> pass(open, writer), "user").start();
                writer.send("target has returned");
            });
            process.start();

            assertThat(answers.reader().recv()).isEqualTo("target has returned");
            assertThat(process.join(java.time.Duration.ofMillis(100))).isFalse();
            gate.writer().send("go on");
            assertThat(answers.reader().recv()).isEqualTo("go on");
            process.join();
            assertThat(process.exitCode()).isZero();
        }
    }

    private static void waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pass(Connection from, Connection to) {
        try {
            to.send(from.recv());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_error_on_stdio_flush_1")
    default void start_standardStreamsOfTheParentClosed_runsTheTarget() throws IOException, InterruptedException {
        PrintStream out = System.out;
        PrintStream err = System.err;
        try {
            for (PrintStream closed : List.of(closed(), closed())) {
                System.setOut(closed);
                System.setErr(closed);
                assertThat(answer(context(), () -> "ran")).isEqualTo("ran");
            }
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static PrintStream closed() {
        var stream = new PrintStream(java.io.OutputStream.nullOutputStream());
        stream.close();
        return stream;
    }

    @Test
    @Conforms("_TestProcess.test_error_on_stdio_flush_2")
    default void end_standardStreamsClosedByTheTarget_isExitCodeZero() throws InterruptedException {
        JvmProcess out = context().process(() -> System.out.close());
        JvmProcess err = context().process(() -> System.err.close());
        JvmProcess none = context().process(() -> {
            System.setOut(null);
            System.setErr(null);
        });
        for (JvmProcess process : List.of(out, err, none)) {
            process.start();
            process.join();
            assertThat(process.exitCode()).isZero();
        }
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestAtExit.test_atexit")
    default void end_shutdownHookOfTheTarget_hasRun() throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess process = context().process(() -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> send(writer, "hook has run")));
                writer.send("target has run");
            });
            process.start();
            writer.close();

            assertThat(pipe.reader().recv()).isEqualTo("target has run");
            assertThat(pipe.reader().recv()).isEqualTo("hook has run");
            process.join();
            assertThat(process.exitCode()).isZero();
        }
    }

    private static void send(Connection writer, String text) {
        try {
            writer.send(text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @EveryStartMethod
    default void in_ofTheChild_isEmpty() throws IOException, InterruptedException {
        assertThat(answer(context(), () -> System.in.read())).isEqualTo(-1);
    }

    @Test
    @EveryStartMethod
    default void programOfTheChild_standardInput_isNotTheControlChannel() throws IOException, InterruptedException {
        assertThat(answer(context(), () -> {
                    Process cat = new ProcessBuilder("cat")
                            .redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .start();
                    String read = new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    return cat.waitFor() + read;
                }))
                .isEqualTo("0");
    }

    @Test
    @EveryStartMethod
    default void start_bigArgument_arrives() throws IOException, InterruptedException {
        byte[] big = new byte[20_000_000];
        big[big.length - 1] = 7;

        assertThat(answer(context(), () -> big.length + big[big.length - 1])).isEqualTo(20_000_007);
    }

    @Test
    @EveryStartMethod
    default void start_optionsOfTheContext_applyUnlessTheProcessHasItsOwn() throws IOException, InterruptedException {
        context().options(JvmOptions.defaults().jvmArguments("-Dcolour=red"));
        try {
            assertThat(ask("colour", null)).isEqualTo("red");
            assertThat(ask("colour", JvmOptions.defaults().jvmArguments("-Dcolour=blue")))
                    .isEqualTo("blue");
            assertThat(ask("colour", JvmOptions.defaults())).isEqualTo("none");
        } finally {
            context().options(JvmOptions.defaults());
        }
    }

    private String ask(String property, JvmOptions options) throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess process = context().process(() -> writer.send(System.getProperty(property, "none")));
            if (options != null) {
                process.options(options);
            }
            process.start();
            String answer = pipe.reader().recv(String.class);
            process.join();
            assertThat(MultiJvm.activeChildren()).doesNotContain(process);
            return answer;
        }
    }
}
