package io.multijvm.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting for what other processes do. */
@ForkTest
@SuppressWarnings("try") // resources closed early
final class ConnectionsProcessTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final long LONGEST_PAUSE = 100_000_000;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Conforms("TestWait.test_wait_slow")
    void wait_fourWriters_collectsAllMessagesAndEnds(boolean slow) throws Exception {
        var readers = new ArrayList<Connection>();
        var children = new ArrayList<JvmProcess>();
        for (int i = 0; i < 4; i++) {
            Pipe pipe = MultiJvm.pipe(false);
            Connection writer = pipe.writer();
            children.add(started(MultiJvm.process(() -> write(writer, slow))));
            writer.close();
            readers.add(pipe.reader());
        }
        var messages = new ArrayList<Object>();
        while (!readers.isEmpty()) {
            for (Connection ready : Connections.wait(readers, null)) {
                try {
                    messages.add(ready.recv());
                } catch (EOFException e) {
                    readers.remove(ready);
                    ready.close();
                }
            }
        }
        var expected = new ArrayList<Object>();
        for (JvmProcess child : children) {
            for (int i = 0; i < 10; i++) {
                expected.add(List.of(i, child.pid()));
            }
        }
        assertThat(messages).containsExactlyInAnyOrderElementsOf(expected);
        joinAll(children);
    }

    private static void write(Connection writer, boolean slow) throws IOException {
        try (writer) {
            for (int i = 0; i < 10; i++) {
                pause(slow);
                writer.send(List.of(i, ProcessHandle.current().pid()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Conforms({"TestWait.test_wait_socket", "TestWait.test_wait_socket_slow"})
    void wait_fourSockets_collectsAllLinesAndEnds(boolean slow) throws Exception {
        var children = new ArrayList<JvmProcess>();
        Map<SocketChannel, StringBuilder> lines = new HashMap<>();
        try (var server = ServerSocketChannel.open().bind(ANY_PORT)) {
            SocketAddress address = server.getLocalAddress();
            for (int i = 0; i < 4; i++) {
                children.add(started(MultiJvm.process(() -> writeLines(address, slow))));
                lines.put(server.accept(), new StringBuilder());
            }
        }
        var open = new ArrayList<>(lines.keySet());
        var buffer = ByteBuffer.allocate(32);
        while (!open.isEmpty()) {
            for (SocketChannel ready : Connections.wait(open, null)) {
                if (ready.read(buffer.clear()) < 0) {
                    open.remove(ready);
                    ready.close();
                } else {
                    lines.get(ready).append(StandardCharsets.US_ASCII.decode(buffer.flip()));
                }
            }
        }
        assertThat(lines.values())
                .allSatisfy(text -> assertThat(text.toString().lines())
                        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
        joinAll(children);
    }

    private static void writeLines(SocketAddress address, boolean slow) throws IOException {
        try (var socket = SocketChannel.open(address)) {
            for (int i = 0; i < 10; i++) {
                pause(slow);
                socket.write(ByteBuffer.wrap((i + "\n").getBytes(StandardCharsets.US_ASCII)));
            }
        }
    }

    private static void pause(boolean slow) {
        if (slow) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE));
        }
    }

    @Test
    @Conforms("TestWait.test_wait_integer")
    void wait_connectionsAndAProcess_givesAllThatAreReady() throws Exception {
        try (Pipe a = MultiJvm.pipe();
                Pipe b = MultiJvm.pipe();
                Pipe hold = MultiJvm.pipe()) {
            Connection held = hold.second();
            JvmProcess child = started(MultiJvm.process(() -> held.recv()));
            var mixed = List.of(a.first(), child, b.first());
            var waiting = Background.run(() -> Connections.wait(mixed, Duration.ofSeconds(30)))
                    .awaitWaiting();

            hold.first().send("end");

            assertThat(waiting.get()).containsExactly(child);
            assertThat(child.exitCode()).isZero();
            a.second().send(null);
            assertThat(Connections.wait(mixed, Duration.ofSeconds(20))).containsExactly(a.first(), child);
            b.second().send(null);
            assertThat(Connections.wait(mixed, Duration.ofSeconds(20))).isEqualTo(mixed);
        }
    }

    @Test
    void wait_processThatGoesOn_leavesNothingBehindAndSeesItKilled() throws Exception {
        JvmProcess child = started(MultiJvm.process(() -> new java.util.concurrent.CountDownLatch(1).await()));
        for (int i = 0; i < 200; i++) {
            assertThat(Connections.wait(List.of(child), Duration.ofNanos(1))).isEmpty();
        }
        var waiting =
                Background.run(() -> Connections.wait(List.of(child), null)).awaitWaiting();

        child.kill();

        assertThat(waiting.get()).containsExactly(child);
        assertThat(child.exitCode()).isEqualTo(-9);
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
