package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debuggers and agents of programs that have children. */
@ForkTest
@JdkTest
final class DebuggingTest {
    private static final Pattern ADDRESS =
            Pattern.compile("process '(.*)', pid \\d+, (listens|waits) for a debugger at 127\\.0\\.0\\.1:(\\d+)\n");
    private static final byte[] HANDSHAKE = "JDWP-Handshake".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    @Test
    void start_debug_childrenListenAtAddressesOfTheirOwn() throws IOException, InterruptedException {
        try (var program = ChildJvm.of(Program.class).arguments("two", "listen").start()) {
            program.awaitStdout("started\nstarted\n"::equals);
            List<Integer> ports = ports(program, "listens", 2);

            assertThat(ports).doesNotHaveDuplicates();
            for (int port : ports) {
                try (var debugger = attach(port)) {
                    greet(debugger);
                }
            }
            program.type("");
            assertThat(program.awaitExit()).isZero();
        }
    }

    @Test
    void start_propertySaysSuspend_childWaitsForItsDebugger() throws IOException, InterruptedException {
        try (var program = ChildJvm.of(Program.class)
                .flags("-Dmultijvm.debug=suspend", "-Dmultijvm.start.timeout=1")
                .arguments("one", "")
                .start()) {
            int port = ports(program, "waits", 1).get(0);
            try (var debugger = attach(port)) {
                greet(debugger);
                assertThat(program.stdout()).isEmpty();
                resume(debugger);

                program.awaitStdout("started\n"::equals);
                program.type("");
                assertThat(program.awaitExit()).isZero();
            }
        }
    }

    @Test
    void start_parentHasAnAgent_everyChildsWritesAFileOfItsOwn() throws IOException, InterruptedException {
        Path agent = agent();
        Path file = directory.resolve("out.txt");

        var ended = ChildJvm.of(Program.class)
                .flags("-javaagent:" + agent + "=destfile=" + file + ",other=1")
                .arguments("family", "")
                .run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "", ""));
        List<String> written = new ArrayList<>();
        for (Path each : outputs()) {
            String text = Files.readString(each);
            if (!text.equals("a JVM\n")) {
                written.add(text);
            }
        }
        assertThat(written)
                .containsExactlyInAnyOrder("parent\n", "child\n", "grandchild\n", "warm child\n", "terminated\n");
    }

    private List<Path> outputs() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("out(-\\d+-\\d+)?\\.txt"))
                    .toList();
        }
    }

    private static List<Integer> ports(ChildJvm program, String verb, int count) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            List<Integer> ports = new ArrayList<>();
                            Matcher found = ADDRESS.matcher(program.stderr());
                            while (found.find()) {
                                assertThat(found.group(2)).isEqualTo(verb);
                                ports.add(Integer.parseInt(found.group(3)));
                            }
                            return ports;
                        },
                        ports -> ports.size() == count);
    }

    /** The address is printed when the child is started, and its JVM listens some time later. */
    private static Socket attach(int port) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreException(ConnectException.class)
                .until(() -> new Socket(InetAddress.getLoopbackAddress(), port), socket -> true);
    }

    private static void greet(Socket debugger) throws IOException {
        debugger.getOutputStream().write(HANDSHAKE);
        assertThat(debugger.getInputStream().readNBytes(HANDSHAKE.length)).isEqualTo(HANDSHAKE);
    }

    /** VirtualMachine.Resume, once the VM has said that it has started. */
    private static void resume(Socket debugger) throws IOException {
        var in = new DataInputStream(debugger.getInputStream());
        int event = in.readInt();
        assertThat(in.readNBytes(event - Integer.BYTES)).hasSize(event - Integer.BYTES);
        var out = new DataOutputStream(debugger.getOutputStream());
        out.writeInt(11);
        out.writeInt(1);
        out.write(new byte[] {0, 1, 9});
        out.flush();
    }

    private Path agent() throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Agent.class.getName());
        Path jar = directory.resolve("agent.jar");
        String name = Agent.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file, manifest)) {
            out.putNextEntry(new JarEntry(name));
            out.write(Agent.class.getClassLoader().getResourceAsStream(name).readAllBytes());
        }
        return jar;
    }

    /** Writes at the JVM's end what the program has said of itself. */
    static final class Agent {
        public static void premain(String options) {
            Path file = Path.of(options.substring(options.indexOf('=') + 1, options.indexOf(',')));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> write(file)));
        }

        private static void write(Path file) {
            try {
                Files.writeString(file, System.getProperty("role", "a JVM") + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static final class Program {
        public static void main(String[] args) throws IOException, InterruptedException {
            JvmOptions options =
                    args[1].equals("listen") ? JvmOptions.defaults().debug(true).debug(false) : JvmOptions.defaults();
            switch (args[0]) {
                case "one" -> listening(options, 1);
                case "two" -> listening(options, 2);
                case "family" -> family();
                default -> throw new IllegalArgumentException(args[0]);
            }
        }

        private static void listening(JvmOptions options, int count) throws IOException, InterruptedException {
            ProcessEvent end = MultiJvm.event();
            List<JvmProcess> children = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                JvmProcess child = MultiJvm.process(() -> {
                            System.out.println("started");
                            end.await();
                        })
                        .options(options);
                child.start();
                children.add(child);
            }
            int typed = System.in.read();
            if (typed >= 0) {
                end.set();
            }
            for (JvmProcess child : children) {
                child.joinOrThrow();
            }
        }

        private static void family() throws InterruptedException {
            System.setProperty("role", "parent");
            JvmProcess child = MultiJvm.getContext(StartMethod.SPAWN).process(() -> {
                System.setProperty("role", "child");
                run(MultiJvm.getContext(StartMethod.SPAWN), "grandchild");
            });
            child.start();
            child.joinOrThrow();
            Context warm = MultiJvm.getContext(StartMethod.FORKSERVER);
            if (!warm.awaitWarm(1, Duration.ofSeconds(30))) {
                throw new IllegalStateException("no spare");
            }
            run(warm, "warm child");
            ProcessEvent ready = MultiJvm.event();
            ProcessEvent never = MultiJvm.event();
            JvmProcess terminated = warm.process(() -> {
                System.setProperty("role", "terminated");
                ready.set();
                never.await();
            });
            terminated.start();
            ready.await();
            terminated.terminate();
            terminated.join();
        }

        private static void run(Context context, String role) throws InterruptedException {
            JvmProcess process = context.process(() -> System.setProperty("role", role));
            process.start();
            process.joinOrThrow();
        }
    }
}
