package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multijvm.connection.Connection;
import io.multijvm.connection.Listener;
import io.multijvm.connection.Pipe;
import io.multijvm.manager.ManagedList;
import io.multijvm.manager.ManagedReentrantLock;
import io.multijvm.manager.ManagedValue;
import io.multijvm.manager.Manager;
import io.multijvm.manager.ManagerOptions;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.queue.SimpleQueue;
import io.multijvm.queue.UnreadableItemException;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that are larger than the heap of the JVM they come to: each says so, and what comes next is received. */
@ForkTest
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
final class HeapExhaustedTest {
    private static final JvmOptions SMALL = JvmOptions.defaults().heap("48m");
    private static final int LARGE = 100 << 20;
    private static final int RESULT = 20 << 20; // fits in once, and not encoded as well
    private static final int MANY = 4 << 20; // so many objects of few bytes each

    /** A message of bytes, one of objects that are larger than their bytes, and one that is small. */
    private static List<Object> messages() {
        return List.of(new byte[LARGE], new ArrayList<>(Collections.nCopies(MANY, "")), "small");
    }

    private static void start(Target target) throws InterruptedException {
        JvmProcess process = MultiJvm.process(target).options(SMALL);
        process.start();
        process.joinOrThrow();
    }

    private static void receive(Connection connection) throws IOException {
        assertShortage(catchThrowable(connection::recv), LARGE);
        assertShortage(catchThrowable(connection::recv), MANY);
        assertThat(connection.recv()).isEqualTo("small");
    }

    private static void assertShortage(Throwable thrown, int least) {
        assertThat(thrown).isInstanceOf(IOException.class).hasMessageContaining("heap");
        String size = thrown.getMessage().replaceFirst("\\D*", "").replaceFirst("\\D.*", "");
        assertThat(Long.parseLong(size)).isGreaterThanOrEqualTo(least);
        assertThat(thrown)
                .hasMessageContaining(String.valueOf(Runtime.getRuntime().maxMemory()));
    }

    @Test
    void pipe_messageLargerThanTheHeap_nextIsReceived() throws Exception {
        try (Pipe pipe = MultiJvm.pipe()) {
            Connection theirs = pipe.second();
            var sender = Background.run(() -> send(pipe.first()));
            start(() -> receive(theirs));
            sender.get();
        }
    }

    @Test
    void tcp_messageLargerThanTheHeap_nextIsReceived() throws Exception {
        try (Listener listener = Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            int port = ((InetSocketAddress) listener.address()).getPort();
            var sender = Background.run(() -> send(listener.accept()));
            start(() -> receive(Connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))));
            sender.get();
        }
    }

    private static boolean send(Connection connection) throws IOException {
        for (Object each : messages()) {
            connection.send(each);
        }
        return true;
    }

    @Test
    void queues_itemLargerThanTheHeap_nextIsTaken() throws Exception {
        ProcessQueue<Object> queue = MultiJvm.queue();
        SimpleQueue<Object> simple = MultiJvm.simpleQueue();
        for (Object each : messages()) {
            queue.put(each);
        }
        var putter = Background.run(() -> {
            for (Object each : messages()) {
                simple.put(each);
            }
            return true;
        });
        start(() -> {
            for (int least : List.of(LARGE, MANY)) {
                for (Throwable thrown : List.of(catchThrowable(queue::take), catchThrowable(simple::get))) {
                    assertThat(thrown).isInstanceOf(UnreadableItemException.class);
                    assertShortage(thrown.getCause(), least);
                }
            }
            assertThat(queue.take()).isEqualTo("small");
            assertThat(simple.get()).isEqualTo("small");
        });
        putter.get();
    }

    @Test
    void manager_callLargerThanTheServersHeap_failsAlone() throws Exception {
        try (Manager manager = Manager.start(ManagerOptions.defaults().jvm(SMALL))) {
            ManagedList<Object> list = manager.list();
            ManagedReentrantLock held = manager.rlock();
            held.lock();
            for (int i = 0; i < 3; i++) {
                for (Object each : messages()) {
                    Throwable thrown = catchThrowable(() -> list.add(each));
                    if (each.equals("small")) {
                        assertThat(thrown).isNull();
                    } else {
                        assertThat(thrown).hasMessageContaining("heap").hasMessageContaining(" bytes");
                    }
                }
            }
            assertThat(list).containsExactly("small", "small", "small");
            assertThat(held.isHeldByCurrentThread()).isTrue();
        }
    }

    @Test
    void manager_resultLargerThanTheServersHeap_failsAlone() throws Exception {
        try (Manager manager = Manager.start(ManagerOptions.defaults().jvm(SMALL))) {
            ManagedValue<byte[]> value = manager.value(new byte[0]);
            ManagedReentrantLock held = manager.rlock();
            held.lock();
            assertThat(catchThrowable(() -> value.updateAndGet(before -> new byte[RESULT])))
                    .hasMessageContaining("heap")
                    .hasMessageContaining(" bytes");
            value.set(new byte[1]);
            assertThat(value.get()).hasSize(1);
            assertThat(held.isHeldByCurrentThread()).isTrue();
        }
    }

    @Test
    void manager_answerLargerThanTheClientsHeap_failsAlone() throws Exception {
        try (Manager manager = Manager.start(ManagerOptions.defaults())) {
            ManagedList<Object> list = manager.list(messages());
            ManagedReentrantLock held = manager.rlock();
            start(() -> {
                held.lock();
                for (int i = 0; i < 3; i++) {
                    for (int index : List.of(0, 1)) {
                        assertThat(catchThrowable(() -> list.get(index)))
                                .hasMessageContaining("heap")
                                .hasMessageContaining(" bytes");
                    }
                    assertThat(list.get(2)).isEqualTo("small");
                }
                assertThat(held.isHeldByCurrentThread()).isTrue();
                held.unlock();
            });
        }
    }
}
