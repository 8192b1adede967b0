package io.multijvm.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.socket.AuthenticationException;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that processes make by address. */
@ForkTest
@SuppressWarnings("try") // resources closed early
final class ListenerProcessTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    static Stream<Arguments> everyKindAndContext() {
        return MultiJvm.getAllStartMethods().stream()
                .filter(method -> method != StartMethod.FORK)
                .map(MultiJvm::getContext)
                .flatMap(context -> Stream.of(Arguments.of(context, null), Arguments.of(context, ANY_PORT)));
    }

    @ParameterizedTest
    @MethodSource("everyKindAndContext")
    @Conforms("_TestListenerClient.test_listener_client")
    void accept_childConnects_itsMessageArrives(Context context, @Nullable SocketAddress at) throws Exception {
        byte[] key = MultiJvm.currentProcess().authKey();
        for (byte[] wanted : new byte[][] {null, key}) {
            try (var listener = Listener.open(at, wanted)) {
                SocketAddress address = listener.address();
                JvmProcess child = started(context.process(() -> {
                    try (Connection connection = Connection.connect(address, wanted)) {
                        connection.send("hello");
                    }
                }));
                try (Connection connection = listener.accept()) {
                    assertThat(connection.recv()).isEqualTo("hello");
                    assertThatThrownBy(connection::recv).isInstanceOf(EOFException.class);
                }
                joinAll(List.of(child));
            }
        }
    }

    @Test
    void accept_childWithAnotherKey_isRefusedOnBothSides() throws Exception {
        try (var listener = Listener.open(null, new byte[] {1})) {
            SocketAddress address = listener.address();
            JvmProcess child = started(MultiJvm.process(() -> {
                try {
                    Connection.connect(address, new byte[] {2}).close();
                    System.exit(1);
                } catch (AuthenticationException e) {
                    System.exit(7);
                }
            }));

            assertThatThrownBy(listener::accept).isInstanceOf(AuthenticationException.class);

            child.join();
            assertThat(child.exitCode()).isEqualTo(7);
        }
    }

    @Test
    void recv_tcpConnectionSharedByProcesses_eachMessageGoesWholeToOne() throws Exception {
        int messages = 400;
        try (var listener = Listener.open(ANY_PORT);
                Connection out = Connection.connect(listener.address());
                Connection shared = listener.accept();
                Pipe results = MultiJvm.pipe(false)) {
            Connection writer = results.writer();
            var children = new ArrayList<JvmProcess>();
            for (int i = 0; i < 3; i++) {
                children.add(started(MultiJvm.process(() -> forward(shared, writer))));
            }
            shared.close();
            writer.close();
            var sending = Background.run(() -> {
                for (int i = 0; i < messages; i++) {
                    out.send(new Object[] {i, new byte[size(i)]});
                }
                out.close();
                return null;
            });
            var seen = new HashSet<Object>();
            for (int i = 0; i < messages; i++) {
                assertThat(results.reader().recv()).isInstanceOf(Integer.class).satisfies(seen::add);
            }
            assertThat(seen).hasSize(messages);
            sending.get();
            joinAll(children);
        }
    }

    @Test
    void send_tcpConnectionSharedByProcesses_mixesNothing() throws Exception {
        int each = 100;
        try (var listener = Listener.open(ANY_PORT);
                Connection shared = Connection.connect(listener.address());
                Connection in = listener.accept()) {
            var children = new ArrayList<JvmProcess>();
            for (int i = 0; i < 3; i++) {
                int number = i;
                children.add(started(MultiJvm.process(() -> {
                    for (int j = 0; j < each; j++) {
                        byte[] message = new byte[size(j)];
                        Arrays.fill(message, (byte) number);
                        shared.sendBytes(message);
                    }
                })));
            }
            shared.close();
            for (int i = 0; i < 3 * each; i++) {
                byte[] message = in.recvBytes();
                assertThat(message).containsOnly(message[0]);
            }
            assertThatThrownBy(in::recvBytes).isInstanceOf(EOFException.class);
            joinAll(children);
        }
    }

    private static void forward(Connection from, Connection to) throws IOException {
        try (from;
                to) {
            while (true) {
                var message = (Object[]) from.recv();
                int number = (int) message[0];
                to.send(((byte[]) message[1]).length == size(number) ? number : "mixed up: " + number);
            }
        } catch (EOFException e) {
            // all is said
        }
    }

    private static int size(int number) {
        return number % 10 == 0 ? 500_000 : 10 + number;
    }

    @Test
    void recv_tcpSenderKilledInTheMiddle_isNeverAHalfMessage() throws Exception {
        try (var listener = Listener.open(ANY_PORT)) {
            SocketAddress address = listener.address();
            JvmProcess child = started(MultiJvm.process(() -> {
                byte[] message = new byte[20_000_000];
                Arrays.fill(message, (byte) 5);
                try (Connection connection = Connection.connect(address)) {
                    while (true) {
                        connection.sendBytes(message);
                    }
                }
            }));
            try (Connection in = listener.accept()) {
                assertThat(in.recvBytes()).hasSize(20_000_000);
                child.kill();
                assertThatThrownBy(() -> {
                            while (true) {
                                assertThat(in.recvBytes()).hasSize(20_000_000);
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
            child.join();
        }
    }

    @Test
    void send_oneOfTwoProcessesKilledInTheMiddle_breaksTheConnectionForAll() throws Exception {
        try (var listener = Listener.open(ANY_PORT);
                Connection shared = Connection.connect(listener.address());
                Connection in = listener.accept()) {
            JvmProcess child = started(MultiJvm.process(() -> {
                while (true) {
                    shared.sendBytes(new byte[20_000_000]);
                }
            }));
            assertThat(in.recvBytes()).hasSize(20_000_000);
            // Its next message has begun, and cannot end, as nobody reads.
            assertThat(in.channel().descriptor().awaitReadable(Deadline.never()))
                    .isTrue();
            child.kill();

            assertThatThrownBy(() -> shared.send("after it"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("middle of a message");

            assertThatThrownBy(() -> {
                        while (true) {
                            assertThat(in.recvBytes()).hasSize(20_000_000);
                        }
                    })
                    .isInstanceOf(IOException.class);
            child.join();
        }
    }

    @Test
    void accept_descriptorsRunOut_waitsUntilThereAreSomeAgain() throws Exception {
        for (byte[] key : new byte[][] {null, {1}}) {
            try (Pipe control = MultiJvm.pipe()) {
                Connection theirs = control.second();
                JvmProcess child = started(MultiJvm.process(() -> acceptWithoutDescriptors(theirs, key)));
                theirs.close();
                var address = (SocketAddress) control.first().recv();
                try (Connection connection = Connection.connect(address, key)) {
                    assertThat(connection.recv()).isEqualTo("welcome");
                }
                assertThat(control.first().recv()).isEqualTo("no descriptor left");
                var connecting = Background.run(() -> Connection.connect(address, key));
                assertThat(control.first().poll(Duration.ofMillis(200))).isFalse();

                control.first().send("go on");

                try (Connection connection = connecting.get()) {
                    assertThat(connection.recv()).isEqualTo("welcome");
                }
                joinAll(List.of(child));
            }
        }
    }

    private static void acceptWithoutDescriptors(Connection control, byte @Nullable [] key) throws Exception {
        try (var listener = Listener.open(ANY_PORT, key)) {
            assertThat(Connections.wait(List.of(listener), Duration.ZERO)).isEmpty(); // handshakes begin
            control.send(listener.address());
            welcome(listener.accept()); // loads the classes: a class path of directories takes a descriptor for each
            long pid = ProcessHandle.current().pid();
            assertThat(new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--nofile=200:")
                            .start()
                            .waitFor())
                    .isZero();
            var taken = new ArrayList<FileChannel>();
            var accepting = Background.run(listener::accept);
            try {
                while (true) {
                    taken.add(FileChannel.open(Path.of("/dev/null")));
                }
            } catch (FileSystemException e) {
                control.send("no descriptor left");
            }
            while (!control.poll()) { // to wait for it would take a descriptor
                Thread.onSpinWait();
            }
            for (FileChannel each : taken) {
                each.close();
            }
            welcome(accepting.get());
        }
    }

    private static void welcome(Connection connection) throws IOException {
        try (connection) {
            connection.send("welcome");
        }
    }

    private static JvmProcess started(JvmProcess process) {
        process.start();
        return process;
    }

    private static void joinAll(List<JvmProcess> processes) throws InterruptedException {
        for (JvmProcess process : processes) {
            process.join();
            assertThat(process.exitCode()).isZero();
        }
    }
}
