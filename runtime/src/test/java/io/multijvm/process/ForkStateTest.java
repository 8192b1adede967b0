package io.multijvm.process;

import static io.multijvm.contract.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a forked process has of its parent's state, and what of its own state stays with it. */
@ForkTest
@JdkTest
final class ForkStateTest {
    private final Context context = MultiJvm.getContext(StartMethod.FORK);

    @AfterEach
    void forget() {
        context.close();
        State.reset();
    }

    /** What is forked. */
    private static final class State {
        static final List<String> NAMES = new ArrayList<>();
        static final Map<Object, String> BY_IDENTITY = new HashMap<>();
        static final ReentrantLock LOCK = new ReentrantLock();
        static int number = 1;
        static @Nullable Object any;
        static @Nullable Supplier<String> supplier;
        static @Nullable Thread thread;
        static @Nullable BufferedWriter writer;
        static @Nullable ProcessQueue<String> queue;

        static void reset() {
            NAMES.clear();
            BY_IDENTITY.clear();
            number = 1;
            any = null;
            supplier = null;
            thread = null;
            writer = null;
            queue = null;
        }
    }

    @Test
    void start_staticFields_areAsTheyWereAtTheStart() throws Exception {
        State.NAMES.add("before");
        State.number = 5;
        try (Pipe gate = context.pipe(false);
                Pipe answers = context.pipe(false)) {
            Connection open = gate.reader();
            Connection writer = answers.writer();
            JvmProcess process = context.process(() -> {
                open.recv();
                writer.send(State.NAMES + " " + State.number);
                State.NAMES.add("in the child");
            });
            process.start();
            State.NAMES.add("after");
            State.number = 6;
            gate.writer().send("go on");

            assertThat(answers.reader().recv()).isEqualTo("[before] 5");
            process.join();
            assertThat(process.exitCode()).isZero();
        }
        assertThat(State.NAMES).containsExactly("before", "after");
    }

    @Test
    void start_stateOfTwoForks_isEachOnesOwn() throws Exception {
        State.NAMES.add("first");
        assertThat(answer(context, () -> State.NAMES.size())).isEqualTo(1);
        State.NAMES.add("second");
        assertThat(answer(context, () -> State.NAMES.size())).isEqualTo(2);
    }

    /** Nothing that could be serialised. */
    private static final class Account {
        final Object key = new Object();
        int balance = 3;

        @Nullable
        Account partner;
    }

    @Test
    void start_capturedObjectThatIsNotSerialisable_isThereAsInTheState() throws Exception {
        var account = new Account();
        account.partner = account;
        State.any = account;
        State.BY_IDENTITY.put(account.key, "found");

        assertThat(answer(
                        context,
                        () -> account.balance
                                + " "
                                + (account.partner == account)
                                + (State.any == account)
                                + State.BY_IDENTITY.get(account.key)))
                .isEqualTo("3 truetruefound");
    }

    @Test
    void start_lambdasAndAnonymousObjectsInTheState_doTheSame() throws Exception {
        String text = "captured";
        State.supplier = () -> text + State.number;
        State.any = new Object() {
            @Override
            public String toString() {
                return text.toUpperCase(java.util.Locale.ROOT);
            }
        };
        State.number = 8;

        assertThat(answer(context, () -> {
                    Supplier<String> supplier = State.supplier;
                    return (supplier == null ? "" : supplier.get()) + State.any;
                }))
                .isEqualTo("captured8CAPTURED");
    }

    @Test
    void start_lockHeldByTheForkingThread_isHeldByTheMainThread() throws Exception {
        State.LOCK.lock();
        try {
            assertThat(answer(context, () -> {
                        boolean held = State.LOCK.isHeldByCurrentThread();
                        var waiting = new Thread(State.LOCK::lock);
                        waiting.start();
                        State.LOCK.unlock();
                        waiting.join();
                        return held + " " + State.LOCK.isHeldByCurrentThread();
                    }))
                    .isEqualTo("true false");
            assertThat(State.LOCK.isHeldByCurrentThread()).isTrue();
        } finally {
            State.LOCK.unlock();
        }
    }

    @Test
    void start_lockHeldByAnotherThread_isHeldByNobodyAlive() throws Exception {
        var held = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var other = Background.run(() -> {
            State.LOCK.lock();
            try {
                held.countDown();
                end.await();
            } finally {
                State.LOCK.unlock();
            }
            return true;
        });
        held.await();

        assertThat(answer(context, () -> State.LOCK.isLocked() + " " + State.LOCK.tryLock()))
                .isEqualTo("true false");
        end.countDown();
        assertThat(other.get()).isTrue();
    }

    @Test
    void start_threadsInTheState_areNotAlive() throws Exception {
        var end = new CountDownLatch(1);
        State.thread = new Thread(() -> awaitUninterruptibly(end), "worker");
        State.thread.start();
        try {
            assertThat(answer(context, () -> {
                        Thread thread = State.thread;
                        return thread == null ? "" : thread.getName() + thread.isAlive() + thread.getState();
                    }))
                    .isEqualTo("workerfalseTERMINATED");
        } finally {
            end.countDown();
            State.thread.join();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void start_openWriter_keepsUnflushedTextAndSharesTheOffset(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("x1.txt");
        State.writer = Files.newBufferedWriter(file);
        State.writer.write("武沛齐\n");

        assertThat(answer(context, () -> {
                    BufferedWriter writer = State.writer;
                    if (writer != null) {
                        writer.write("alex\n");
                        writer.flush();
                    }
                    return true;
                }))
                .isTrue();
        State.writer.close();

        assertThat(Files.readString(file)).isEqualTo("武沛齐\nalex\n武沛齐\n");
    }

    @Test
    @Conforms("TestCloseFds.test_closefd")
    void start_openChannelsAndSockets_areUsable(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("read"), "abc");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                var server = new ServerSocket(0);
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept();
                DatagramChannel datagrams = DatagramChannel.open().bind(new InetSocketAddress("localhost", 0));
                DatagramChannel sender = DatagramChannel.open()) {
            channel.position(1);
            sender.send(ByteBuffer.wrap(new byte[] {9}), datagrams.getLocalAddress());

            assertThat(answer(context, () -> {
                        accepted.getOutputStream().write(7);
                        ByteBuffer one = ByteBuffer.allocate(1);
                        channel.read(one);
                        ByteBuffer datagram = ByteBuffer.allocate(1);
                        datagrams.receive(datagram);
                        return (char) one.get(0) + " " + datagram.get(0) + " " + server.getLocalPort();
                    }))
                    .isEqualTo("b 9 " + server.getLocalPort());
            assertThat(client.getInputStream().read()).isEqualTo(7);
            assertThat(channel.position()).isEqualTo(2);
        }
    }

    @Test
    @Conforms("_TestQueue.test_fork")
    void start_queueInTheState_isTheSameQueue() throws Exception {
        try (ProcessQueue<String> queue = context.queue()) {
            State.queue = queue;
            queue.put("from the parent");
            JvmProcess process = context.process(() -> {
                ProcessQueue<String> same = State.queue;
                if (same != null) {
                    same.put("from the child");
                }
            });
            process.start();
            process.join();

            assertThat(List.of(queue.take(), queue.take())).containsExactly("from the parent", "from the child");
            assertThat(queue.poll()).isNull();
        }
    }

    @Test
    void start_captureThatCannotBeCopied_isRefusedWithTheWayToIt() throws Exception {
        Process program = new ProcessBuilder("true").start();
        program.waitFor();
        var held = new ArrayList<Object>(List.of(program));
        JvmProcess process = context.process(() -> held.clear());

        assertThatExceptionOfType(NotSendableException.class)
                .isThrownBy(process::start)
                .withMessageContaining("captured argument 1")
                .withMessageContaining("java.lang.ProcessImpl");
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void start_stateThatCannotBeCopied_isClassInitial() throws Exception {
        Process program = new ProcessBuilder("true").start();
        program.waitFor();
        State.any = program;
        State.number = 4;

        assertThat(answer(context, () -> State.any + " " + State.number)).isEqualTo("null 4");
    }

    @Test
    @Conforms("ThreadPoolExecutorTest.test_process_fork_from_a_threadpool")
    void start_fromAnyThread_takesThatThreadsState() throws Exception {
        State.NAMES.add("shared");
        var thread = Background.run(() -> {
            State.LOCK.lock();
            try {
                return answer(context, () -> State.NAMES + " " + State.LOCK.isHeldByCurrentThread());
            } finally {
                State.LOCK.unlock();
            }
        });

        assertThat(thread.get()).isEqualTo("[shared] true");
    }

    @Test
    void start_fromAChild_takesTheChildsState() throws Exception {
        State.NAMES.add("root");

        assertThat(answer(context, () -> {
                    State.NAMES.add("child");
                    Context own = MultiJvm.getContext(StartMethod.FORK);
                    return answer(own, () -> {
                        State.NAMES.add("grandchild");
                        return State.NAMES.toString();
                    });
                }))
                .isEqualTo("[root, child, grandchild]");
        assertThat(State.NAMES).containsExactly("root");
    }

    /** Another class of the same origin, in a package of its own by name only. */
    @Test
    void start_packagesChosen_onlyTheirStateIsForked() throws Exception {
        State.number = 9;

        assertThat(answer(context, JvmOptions.defaults().forkPackages("io.multijvm.connection"), () -> State.number))
                .isEqualTo(1);
        assertThat(answer(context, JvmOptions.defaults().forkPackages("io.multijvm"), () -> State.number))
                .isEqualTo(9);
    }

    @Test
    void start_largeState_isCopied() throws Exception {
        byte[] large = new byte[100_000_000];
        large[large.length - 1] = 7;
        State.any = large;

        assertThat(answer(context, JvmOptions.defaults().heap("600m"), () -> {
                    byte[] copied = (byte[]) State.any;
                    return copied == null ? 0 : copied.length + copied[copied.length - 1];
                }))
                .isEqualTo(100_000_007);
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(files.filter(ForkStateTest::isSnapshot)).isEmpty();
        }
    }

    private static boolean isSnapshot(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("multijvm-fork");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /** A process as a class, with fields that cannot be serialised. */
    private static final class Worker extends JvmProcess {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // that is the point
        private final Object plain = new Object();

        private final Connection writer;

        Worker(Context context, Connection writer) {
            super(context.processes());
            this.writer = writer;
        }

        @Override
        public void run() {
            try {
                writer.send((plain.getClass() == Object.class)
                        + name()
                        + MultiJvm.currentProcess().equals(this));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Test
    void start_subclass_runsWithItsFields() throws Exception {
        try (Pipe pipe = context.pipe(false)) {
            var worker = new Worker(context, pipe.writer());
            worker.name("worker");
            worker.start();
            assertThat(pipe.reader().recv()).isEqualTo("trueworkertrue");
            worker.join();
            assertThat(worker.exitCode()).isZero();
        }
    }
}
