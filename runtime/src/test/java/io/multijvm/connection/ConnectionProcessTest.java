package io.multijvm.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections between real processes. */
@ForkTest
final class ConnectionProcessTest {
    private static final byte[] SENTINEL = {};
    private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

    static Stream<Context> contexts() {
        return MultiJvm.getAllStartMethods().stream().map(MultiJvm::getContext);
    }

    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms("_TestConnection.test_connection")
    void connection_echoingChild_givesBackEverything(Context context) throws Exception {
        Pipe pipe = context.pipe();
        Connection theirs = pipe.second();
        JvmProcess child = started(context.process(() -> echo(theirs)));
        theirs.close();
        try (Connection ours = pipe.first()) {
            var sequence = List.of(1, 2.25, "three", Arrays.asList(4, null));
            ours.send(sequence);
            assertThat(ours.recv()).isEqualTo(sequence);
            ours.send("bytes from now on");
            assertThat(ours.recv()).isEqualTo("bytes from now on");

            ours.sendBytes(HELLO);
            assertThat(ours.recvBytes()).isEqualTo(HELLO);
            byte[] buffer = new byte[40];
            ours.sendBytes(HELLO);
            assertThat(ours.recvBytesInto(buffer, 0)).isEqualTo(HELLO.length);
            assertThat(buffer).startsWith(HELLO).endsWith(new byte[35]);
            ours.sendBytes(HELLO);
            assertThat(ours.recvBytesInto(buffer, 24)).isEqualTo(HELLO.length);
            assertThat(Arrays.copyOfRange(buffer, 24, 29)).isEqualTo(HELLO);

            byte[] longer = new byte[80];
            Arrays.fill(longer, (byte) 7);
            ours.sendBytes(longer);
            assertThatThrownBy(() -> ours.recvBytesInto(buffer, 0))
                    .isInstanceOfSatisfying(
                            BufferTooShortException.class,
                            e -> assertThat(e.message()).isEqualTo(longer));

            assertThat(ours.poll()).isFalse();
            assertThat(ours.poll(Duration.ofSeconds(-1))).isFalse();
            long start = System.nanoTime();
            assertThat(ours.poll(Duration.ofMillis(50))).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
            ours.sendBytes(HELLO);
            assertThat(ours.poll(null)).isTrue();
            assertThat(ours.recvBytes()).isEqualTo(HELLO);

            byte[] large = new byte[16 * 1024 * 1024];
            new Random(2).nextBytes(large);
            ours.sendBytes(large);
            assertThat(ours.recvBytes()).isEqualTo(large);

            ours.sendBytes(SENTINEL);
            child.join();
            assertThatThrownBy(ours::recv).isInstanceOf(EOFException.class);
            assertThatThrownBy(ours::recvBytes).isInstanceOf(EOFException.class);
        }
        assertThat(child.exitCode()).isZero();
    }

    private static void echo(Connection connection) throws IOException {
        connection.send(connection.recv());
        connection.send(connection.recv());
        byte[] message = connection.recvBytes();
        while (message.length > 0) {
            connection.sendBytes(message);
            message = connection.recvBytes();
        }
        connection.close();
    }

    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms("_TestConnection.test_spawn_close")
    void close_ownCopyRightAfterStart_leavesTheChildsOpen(Context context) throws Exception {
        try (Pipe pipe = context.pipe()) {
            Connection theirs = pipe.second();
            JvmProcess child = started(context.process(() -> theirs.sendBytes(theirs.recvBytes())));
            theirs.close();

            pipe.first().sendBytes(HELLO);

            assertThat(pipe.first().recvBytes()).isEqualTo(HELLO);
            child.join();
            assertThatThrownBy(() -> pipe.first().recv()).isInstanceOf(EOFException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms("_TestPicklingConnections.test_access")
    void send_oneWayEndsToARunningChild_workThere(Context context) throws Exception {
        try (Pipe control = context.pipe()) {
            Connection theirs = control.second();
            JvmProcess child = started(context.process(() -> serve(theirs)));
            theirs.close();

            try (Pipe toUs = context.pipe(false)) {
                control.first().send(toUs.writer());
                toUs.writer().close();
                assertThat(toUs.reader().recv()).isEqualTo("foobar");
                assertThatThrownBy(() -> toUs.reader().recv()).isInstanceOf(EOFException.class);
            }
            try (Pipe toThem = context.pipe(false)) {
                control.first().send(toThem.reader());
                toThem.reader().close();
                toThem.writer().send("abc");
                assertThat(control.first().recv()).isEqualTo("abcabc");
            }
            control.first().send(null);
            child.join();
            assertThat(child.exitCode()).isZero();
        }
    }

    /** Takes ends: says something into one for writing, and reports twice what comes out of one for reading. */
    private static void serve(Connection control) throws IOException {
        Object received = control.recv();
        while (received != null) {
            try (var end = (Connection) received) {
                if (end.isWritable()) {
                    end.send("foobar");
                } else {
                    control.send("" + end.recv() + "abc");
                }
            }
            received = control.recv();
        }
    }

    @Test
    void send_aConnectionThroughAChildToAnother_joinsTheTwo() throws Exception {
        try (Pipe toFirst = MultiJvm.pipe();
                Pipe toSecond = MultiJvm.pipe();
                Pipe between = MultiJvm.pipe()) {
            Connection first = toFirst.second();
            Connection second = toSecond.second();
            JvmProcess one = started(MultiJvm.process(() -> {
                try (var partner = first.recv(Connection.class)) {
                    partner.send("from " + ProcessHandle.current().pid());
                }
            }));
            JvmProcess other = started(MultiJvm.process(() -> {
                try (var partner = second.recv(Connection.class)) {
                    second.send(partner.recv());
                }
            }));
            toFirst.first().send(between.first());
            toSecond.first().send(between.second());
            between.first().close();
            between.second().close();

            assertThat(toSecond.first().recv()).isEqualTo("from " + one.pid());
            joinAll(List.of(one, other));
        }
    }

    @Test
    void recv_severalProcessesShareOneEnd_eachMessageGoesToExactlyOne() throws Exception {
        int messages = 600;
        try (Pipe work = MultiJvm.pipe(false);
                Pipe results = MultiJvm.pipe(false)) {
            Connection reader = work.reader();
            Connection writer = results.writer();
            var children = new ArrayList<JvmProcess>();
            for (int i = 0; i < 3; i++) {
                children.add(started(MultiJvm.process(() -> forward(reader, writer))));
            }
            reader.close();
            writer.close();
            var sending = Background.run(() -> {
                for (int i = 0; i < messages; i++) {
                    // Every tenth is larger than a packet.
                    work.writer().send(new Object[] {i, new byte[i % 10 == 0 ? 100_000 : i]});
                }
                work.writer().close();
                return null;
            });

            var seen = new HashSet<Object>();
            for (int i = 0; i < messages; i++) {
                assertThat(seen.add(results.reader().recv())).isTrue();
            }
            assertThatThrownBy(() -> results.reader().recv()).isInstanceOf(EOFException.class);
            sending.get();
            joinAll(children);
        }
    }

    /** By two threads at once. */
    private static void forward(Connection from, Connection to) throws Exception {
        var other = Background.run(() -> {
            forwardAll(from, to);
            return null;
        });
        forwardAll(from, to);
        other.get();
        to.close();
    }

    private static void forwardAll(Connection from, Connection to) throws IOException {
        try {
            while (true) {
                var message = (Object[]) from.recv();
                int number = (int) message[0];
                int size = number % 10 == 0 ? 100_000 : number;
                to.send(((byte[]) message[1]).length == size ? number : "mixed up: " + number);
            }
        } catch (EOFException e) {
            return; // nothing is left
        }
    }

    @Test
    void recv_oneOfTwoHoldersKilled_isEndOfFileOnlyWhenTheOtherEnds() throws Exception {
        try (Pipe pipe = MultiJvm.pipe()) {
            Connection theirs = pipe.second();
            JvmProcess killed = started(MultiJvm.process(() -> sayAndWait(theirs)));
            JvmProcess other = started(MultiJvm.process(() -> sayAndWait(theirs)));
            theirs.close();
            var ready = new ArrayList<Object>();
            ready.add(pipe.first().recv());
            ready.add(pipe.first().recv());
            assertThat(ready).containsExactlyInAnyOrder(killed.pid(), other.pid());

            killed.kill();
            killed.join();
            assertThat(pipe.first().poll()).isFalse();
            var receiving = Background.run(() -> pipe.first().recv()).awaitWaiting();
            other.kill();

            assertThat(receiving.failure()).isInstanceOf(EOFException.class);
            other.join();
        }
    }

    private static void sayAndWait(Connection connection) throws IOException, InterruptedException {
        connection.send(ProcessHandle.current().pid());
        new java.util.concurrent.CountDownLatch(1).await();
    }

    @Test
    void sendBytes_receiverKilledWhileWeWait_isAnError() throws Exception {
        try (Pipe pipe = MultiJvm.pipe()) {
            Connection theirs = pipe.second();
            JvmProcess child = started(MultiJvm.process(() -> sayAndWait(theirs)));
            theirs.close();
            pipe.first().recv();
            var sending = Background.run(() -> {
                        while (true) {
                            pipe.first().sendBytes(new byte[100_000]);
                        }
                    })
                    .awaitWaiting();

            child.kill();

            assertThat(sending.failure()).isInstanceOf(IOException.class).hasMessageContaining("every copy");
            child.join();
        }
    }

    @Test
    void recvBytes_senderKilledInTheMiddle_givesWholeMessagesOnly() throws Exception {
        try (Pipe pipe = MultiJvm.pipe(false)) {
            Connection writer = pipe.writer();
            byte[] message = new byte[300_000];
            Arrays.fill(message, (byte) 5);
            JvmProcess child = started(MultiJvm.process(() -> {
                while (true) {
                    writer.sendBytes(message);
                }
            }));
            writer.close();
            for (int i = 0; i < 50; i++) {
                assertThat(pipe.reader().recvBytes()).isEqualTo(message);
            }

            child.kill();

            assertThatThrownBy(() -> {
                        while (true) {
                            assertThat(pipe.reader().recvBytes())
                                    .hasSize(300_000)
                                    .containsOnly(5);
                        }
                    })
                    .isInstanceOf(EOFException.class);
            child.join();
        }
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void process_capturesOpenFilesAndSockets_usesTheSameOnes(Context context, @TempDir Path directory)
            throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "parent\n");
        try (var log = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.READ);
                var server = ServerSocketChannel.open().bind(null);
                var client = SocketChannel.open(server.getLocalAddress());
                var accepted = server.accept()) {
            log.position(log.size());
            JvmProcess child = started(context.process(() -> {
                log.write(ByteBuffer.wrap("child\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                accepted.write(ByteBuffer.wrap(HELLO));
                try (var next = server.accept()) {
                    next.write(ByteBuffer.wrap(HELLO));
                }
            }));
            try (var second = SocketChannel.open(server.getLocalAddress())) {
                assertThat(read(client)).isEqualTo(HELLO);
                assertThat(read(second)).isEqualTo(HELLO);
            }
            joinAll(List.of(child));
            log.write(ByteBuffer.wrap("parent again\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }

        assertThat(file).hasContent("parent\nchild\nparent again\n");
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void send_openFilesAndSocketsToARunningChild_workThereAndHere(Context context, @TempDir Path directory)
            throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "parent\n");
        try (Pipe control = context.pipe();
                var log = FileChannel.open(file, StandardOpenOption.APPEND);
                var server = ServerSocketChannel.open().bind(null);
                var client = SocketChannel.open(server.getLocalAddress())) {
            Connection theirs = control.second();
            JvmProcess child = started(context.process(() -> greetThrough(theirs)));
            theirs.close();

            try (var accepted = server.accept()) {
                control.first().send(new Object[] {log, accepted, server});
            }
            try (var second = SocketChannel.open(server.getLocalAddress())) {
                assertThat(read(client)).isEqualTo(HELLO);
                assertThat(read(second)).isEqualTo(HELLO);
            }

            assertThat(control.first().recv()).isEqualTo("done");
            joinAll(List.of(child));
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1); // that copy was the last one
        }
        assertThat(file).hasContent("parent\nhello");
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void process_capturesPlainSocketsAndStreams_parentsCloseDoesNotDisturbIt(Context context, @TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("file");
        var log = new FileOutputStream(file.toFile());
        var server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
        int port = server.getLocalPort();
        try (Pipe control = context.pipe();
                var client = new Socket(server.getInetAddress(), port)) {
            Socket accepted = server.accept();
            Connection theirs = control.second();
            JvmProcess child = started(context.process(() -> {
                theirs.recv();
                log.write(HELLO);
                accepted.getOutputStream().write(HELLO);
                try (Socket next = server.accept()) {
                    next.getOutputStream().write(HELLO);
                }
            }));
            log.close();
            accepted.close();
            server.close();
            control.first().send("all is closed here");

            assertThat(client.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
            try (var second = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(second.getInputStream().readAllBytes()).isEqualTo(HELLO);
            }
            joinAll(List.of(child));
            assertThat(client.getInputStream().read()).isEqualTo(-1); // the child's end is the connection's
        }
        assertThat(file).hasContent("hello");
    }

    private static void greetThrough(Connection control) throws IOException {
        var received = (Object[]) control.recv();
        try (var log = (FileChannel) received[0];
                var accepted = (SocketChannel) received[1];
                var server = (ServerSocketChannel) received[2];
                var next = server.accept()) {
            log.write(ByteBuffer.wrap(HELLO));
            accepted.write(ByteBuffer.wrap(HELLO));
            next.write(ByteBuffer.wrap(HELLO));
        }
        control.send("done");
    }

    private static byte[] read(SocketChannel socket) throws IOException {
        var buffer = ByteBuffer.allocate(HELLO.length);
        while (buffer.hasRemaining() && socket.read(buffer) >= 0) {}
        return buffer.array();
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
