package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.Ends;
import io.multijvm.ipc.codec.Copies;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ForkTest
@JdkTest
final class JdkInternalsTest {
    private static final ChildJvm.Ended SILENT_SUCCESS = new ChildJvm.Ended(0, "ok\n", "");

    @TempDir
    private Path directory;

    @Test
    void everyDoor_plainJvm_opensAndPrintsNothing() throws InterruptedException {
        var ended = ChildJvm.of(EveryDoor.class)
                .arguments(directory.resolve("file").toString())
                .run();

        assertThat(ended).isEqualTo(SILENT_SUCCESS);
    }

    @SuppressWarnings("unused") // called by name
    private static void addFour(List<Object> called) {
        called.add(4);
    }

    static final class EveryDoor {
        @SuppressWarnings("SystemOut")
        public static void main(String[] args) throws Throwable {
            JdkInternals.open("sun.nio.ch");
            require(JdkInternals.runtimeArguments() != null);
            require(JdkInternals.number(JdkInternals.fileDescriptor(77)) == 77);
            reflection();
            files(Path.of(args[0]));
            sockets();
            descriptors();
            System.out.println("ok");
        }

        private static void reflection() throws Throwable {
            var called = new ArrayList<Object>();
            var add = ArrayList.class.getMethod("add", Object.class);
            Calls.call(add, called, new Object[] {1});
            Calls.warmUp();
            Calls.call(add, called, new Object[] {2});
            var addTypes = MethodType.methodType(boolean.class, Object.class);
            Calls.callByName(ArrayList.class, "add", addTypes, false, new Object[] {called, 3});
            var fourTypes = MethodType.methodType(void.class, List.class);
            Calls.callByName(JdkInternalsTest.class, "addFour", fourTypes, true, new Object[] {called});
            require(called.equals(List.of(1, 2, 3, 4)));
        }

        private static void files(Path file) throws Exception {
            Files.writeString(file, "0123");
            for (var mode : List.of(
                    List.of(StandardOpenOption.READ),
                    List.of(StandardOpenOption.WRITE),
                    List.of(StandardOpenOption.READ, StandardOpenOption.WRITE))) {
                try (var channel = FileChannel.open(file, mode.toArray(new StandardOpenOption[0]));
                        var copy = Copies.copy(channel)) {
                    require(copy.size() == 4);
                }
            }
        }

        private static void sockets() throws Exception {
            try (var server = java.nio.channels.ServerSocketChannel.open().bind(null);
                    var serverCopy = Copies.copy(server);
                    var client = SocketChannel.open(server.getLocalAddress());
                    var clientCopy = Copies.copy(client);
                    var accepted = serverCopy.accept()) {
                clientCopy.write(ByteBuffer.wrap(new byte[] {42}));
                var buffer = ByteBuffer.allocate(1);
                require(accepted.read(buffer) == 1 && buffer.get(0) == 42);
            }
        }

        private static void descriptors() throws IOException {
            try (var ends = Ends.of(Sockets::packetPair)) {
                byte[] bytes = {1};
                Sockets.send(ends.near(), new Sockets.Chunk(bytes, bytes, 0, 1), List.of());
                require(ends.far().awaitReadable(Deadline.never()));
            }
        }

        private static void require(boolean condition) {
            if (!condition) {
                throw new AssertionError();
            }
        }
    }
}
