package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.connection.Connection;
import io.multijvm.connection.Connections;
import io.multijvm.connection.Listener;
import io.multijvm.connection.Pipe;
import io.multijvm.manager.ManagedValue;
import io.multijvm.manager.Manager;
import io.multijvm.manager.ManagerOptions;
import io.multijvm.manager.ManagerServer;
import io.multijvm.manager.SharedMemoryManager;
import io.multijvm.process.JvmProcess;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.queue.SimpleQueue;
import io.multijvm.shared.ShareableList;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.shared.SharedMemory;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects that are garbage give back their descriptors and mappings; those in use, or under way, keep them. */
@ForkTest
@JdkTest
final class GarbageTest {
    private static final int MANY = 300;
    private static final int FEW = 10;
    private static final int SLACK = 30; // of pools of the library's own, and of the JVM's
    private static final byte[] KEY = {1, 2, 3};

    @TempDir
    private static Path directory;

    private static Manager manager;

    @BeforeAll
    static void start() {
        manager = Manager.start(ManagerOptions.defaults());
    }

    @AfterAll
    static void end() {
        manager.shutdown();
    }

    /** Makes something, uses it, and forgets it. */
    private interface Maker {
        void make() throws Exception;
    }

    private static final Map<String, Maker> MAKERS = new TreeMap<>(Map.ofEntries(
            Map.entry("pipe", GarbageTest::makePipe),
            Map.entry(
                    "one-way pipe, half closed",
                    () -> MultiJvm.pipe(false).first().close()),
            Map.entry("simple queue", GarbageTest::makeSimpleQueue),
            Map.entry("queue", GarbageTest::makeQueue),
            Map.entry("durable queue", GarbageTest::makeDurableQueue),
            Map.entry("connection inside a queue", GarbageTest::makeQueueOfConnections),
            Map.entry("listener", Listener::open),
            Map.entry("listener over TCP", () -> Listener.open(loopback())),
            Map.entry("listener with a key", GarbageTest::makeListenerWithKey),
            Map.entry("connections", () -> connect(Listener.open())),
            Map.entry("connections over TCP", () -> connect(Listener.open(loopback()))),
            Map.entry("received connection", GarbageTest::receiveConnection),
            Map.entry("received streams and files", GarbageTest::receiveFiles),
            Map.entry("shared memory", () -> SharedMemory.create(4096).unlink()),
            Map.entry("shareable list", () -> ShareableList.of(1, 2).shm().unlink()),
            Map.entry("manager of shared memory", GarbageTest::makeSharedMemoryManager),
            Map.entry("array", () -> SharedIntArray.raw(10)),
            Map.entry("received array", GarbageTest::receiveArray),
            Map.entry("manager that is connected", GarbageTest::connectManager),
            Map.entry("managed objects", GarbageTest::makeObjects)));

    static Set<String> names() {
        return MAKERS.keySet();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static void makePipe() throws IOException {
        Pipe pipe = MultiJvm.pipe();
        pipe.first().send(1);
        assertThat(pipe.second().recv()).isEqualTo(1);
    }

    private static void makeSimpleQueue() throws InterruptedException {
        SimpleQueue<Integer> queue = MultiJvm.simpleQueue();
        queue.put(1);
        queue.put(2);
        assertThat(queue.get()).isEqualTo(1);
    }

    private static void makeQueue() throws InterruptedException {
        ProcessQueue<Integer> queue = MultiJvm.queue();
        queue.put(1);
    }

    private static void makeDurableQueue() throws IOException, InterruptedException {
        ProcessQueue<Integer> queue = MultiJvm.queue(directory.resolve("durable"));
        queue.put(1);
        assertThat(queue.take()).isEqualTo(1);
    }

    private static void makeQueueOfConnections() throws InterruptedException {
        ProcessQueue<Connection> queue = MultiJvm.queue();
        queue.put(MultiJvm.pipe().first());
        assertThat(queue.take().isClosed()).isFalse();
    }

    private static void makeListenerWithKey() throws IOException {
        Listener listener = Listener.open(null, KEY);
        assertThat(Connections.wait(List.of(listener), Duration.ZERO)).isEmpty(); // starts its thread
    }

    private static void connect(Listener listener) throws IOException {
        Connection client = Connection.connect(listener.address());
        listener.accept().send(1);
        assertThat(client.recv()).isEqualTo(1);
    }

    private static void receiveConnection() throws IOException {
        Pipe pipe = MultiJvm.pipe();
        pipe.first().send(MultiJvm.pipe().first());
        assertThat(pipe.second().recv(Connection.class).isClosed()).isFalse();
    }

    private static void receiveFiles() throws IOException {
        Path file = directory.resolve("file");
        Files.write(file, new byte[] {7});
        Pipe pipe = MultiJvm.pipe();
        try (var in = new FileInputStream(file.toFile());
                var out = new FileOutputStream(file.toFile(), true);
                var random = new RandomAccessFile(file.toFile(), "rw");
                var channel = FileChannel.open(file)) {
            pipe.first().send(new Object[] {in, out, random, channel});
            Object[] received = pipe.second().recv(Object[].class);
            assertThat(((FileInputStream) received[0]).read()).isEqualTo(7);
        }
    }

    private static void makeSharedMemoryManager() throws IOException {
        SharedMemoryManager blocks = SharedMemoryManager.start();
        blocks.sharedMemory(4096).unlink();
    }

    private static void receiveArray() throws IOException {
        Pipe pipe = MultiJvm.pipe();
        SharedIntArray array = SharedIntArray.raw(10);
        pipe.first().send(array);
        assertThat(pipe.second().recv(SharedIntArray.class).length()).isEqualTo(10);
        array.close();
    }

    private static void connectManager() throws IOException {
        Manager connected = Manager.connect(manager.address(), manager.authkey());
        connected.list().add(1);
    }

    private static void makeObjects() {
        manager.dict().put(1, manager.list());
    }

    @ParameterizedTest
    @MethodSource("names")
    void garbage_ofMany_givesBackDescriptorsAndMappings(String name) throws Exception {
        Maker maker = MAKERS.get(name);
        make(maker, FEW);
        Eventually.holds(GarbageTest::collect);
        int descriptors = descriptors();
        int mappings = mappings();

        make(maker, MANY);

        Eventually.holds(() -> collect() && descriptors() <= descriptors + SLACK && mappings() <= mappings + SLACK);
    }

    private static void make(Maker maker, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            maker.make();
        }
    }

    /** Has the garbage collected of now, and returns true once it is. */
    private static boolean collect() {
        var witness = new WeakReference<>(new Object());
        while (witness.get() != null) {
            System.gc();
        }
        return true;
    }

    private static int descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return (int) all.count();
        }
    }

    private static int mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return (int) lines.filter(line -> line.contains("multijvm") || line.contains(directory.toString()))
                    .count();
        }
    }

    @Test
    void proxies_ofMany_giveBackTheirObjects() throws Exception {
        ManagedValue<Integer> inServer = manager.value(0);
        int before = manager.numberOfObjects();
        make(GarbageTest::makeObjects, MANY);

        Eventually.holds(() -> {
            int ignored = inServer.getAndUpdate(GarbageTest::collectThere);
            return collect() && manager.numberOfObjects() <= before + SLACK;
        });
    }

    private static int collectThere(int value) {
        System.gc();
        return value;
    }

    /** Of a server that nothing here refers to any more, no connection is left. */
    @Test
    void servers_ofMany_giveBackTheirConnections() throws Exception {
        Pipe pipe = MultiJvm.pipe();
        Connection child = pipe.second();
        JvmProcess process = MultiJvm.process(() -> serveMany(child));
        process.start();
        child.close();
        @SuppressWarnings("unchecked")
        List<Manager> managers = pipe.first().recv(List.class);
        Eventually.holds(GarbageTest::collect);
        int descriptors = descriptors();
        assertThat(connectToAll(managers)).isEqualTo(SLACK * 2);
        managers.clear();

        Eventually.holds(() -> collect() && descriptors() <= descriptors + FEW);
        pipe.first().send("done");
        process.joinOrThrow();
    }

    private static void serveMany(Connection parent) throws Exception {
        var servers = new ArrayList<ManagerServer>();
        var managers = new ArrayList<Manager>();
        for (int i = 0; i < SLACK * 2; i++) {
            ManagerServer server = ManagerServer.open(ManagerOptions.defaults());
            servers.add(server);
            managers.add(server.manager());
        }
        parent.send(managers);
        assertThat(parent.recv()).isEqualTo("done");
        servers.forEach(ManagerServer::close);
    }

    private static int connectToAll(List<Manager> managers) {
        int count = 0;
        for (Manager each : managers) {
            count += each.list(List.of(1)).size();
        }
        return count;
    }

    @Test
    void garbage_underWay_staysOpen() throws Exception {
        Pipe pipe = MultiJvm.pipe();
        ProcessQueue<Connection> queue = MultiJvm.queue();
        Connection kept = sendHalf(pipe, queue);
        collectAll();

        Connection received = pipe.second().recv(Connection.class);
        received.send("by pipe");
        assertThat(kept.recv()).isEqualTo("by pipe");
        queue.take().send("by queue");
        assertThat(kept.recv()).isEqualTo("by queue");
    }

    /** Sends one end of a pipe away, both ways; returns the other. */
    private static Connection sendHalf(Pipe way, ProcessQueue<Connection> queue) throws Exception {
        Pipe passed = MultiJvm.pipe();
        way.first().send(passed.first());
        queue.put(passed.first());
        return passed.second();
    }

    /** Returns once what was garbage at the beginning has been closed. */
    private static void collectAll() throws Exception {
        Connection witness = otherEndIsGarbage();
        Eventually.holds(() -> collect() && witness.poll(Duration.ZERO)); // there is end-of-file
    }

    private static Connection otherEndIsGarbage() {
        return MultiJvm.pipe().first();
    }

    @Test
    void connection_waitingIsAllThatRefersToIt_staysOpen() throws Exception {
        Pipe pipe = MultiJvm.pipe();
        Connection other = pipe.second();
        Thread reader = receiving(pipe.first());
        pipe = null;
        collectAll();

        other.send(7);
        reader.join();
    }

    private static Thread receiving(@Nullable Connection connection) {
        var thread = new Thread(() -> {
            try {
                assertThat(connection.recv()).isEqualTo(7);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void buffer_ofSharedMemoryThatIsGarbage_keepsItsContent() throws Exception {
        SharedMemoryManager blocks = SharedMemoryManager.start();
        var buffer = blocks.sharedMemory(4096).buffer();
        buffer.put(0, (byte) 7);
        collectAll();

        assertThat(buffer.get(0)).isEqualTo((byte) 7);
        blocks.shutdown();
    }
}
