package io.multijvm.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Connection;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.sync.ProcessLock;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queues on their way to other processes, and what goes to other processes in them. */
@ForkTest
final class QueuePassingTest {
    static Stream<Context> contexts() {
        return Stream.of(StartMethod.SPAWN, StartMethod.FORKSERVER).map(MultiJvm::getContext);
    }

    /** Has a queue in a field. */
    record Letter(String text, ProcessQueue<String> answerTo) implements Serializable {}

    @ParameterizedTest
    @MethodSource("contexts")
    void queue_sentInEveryWay_isTheSameThere(Context context) throws Exception {
        var captured = ProcessQueue.<Letter>create(0);
        var inAField = ProcessQueue.<String>create(1);
        var overAConnection = ProcessQueue.<String>create(0);
        var inAQueue = JoinableQueue.<String>create(2);
        var queues = ProcessQueue.<ProcessQueue<String>>create(0);
        try (var pipe = context.pipe()) {
            var theirs = pipe.second();
            var child = started(context.process(() -> {
                captured.take().answerTo().put("answer");
                ((ProcessQueue<?>) theirs.recv()).clear();
                assertThat(queues.take()).isInstanceOf(JoinableQueue.class);
                queues.take().put("in a queue");
            }));
            overAConnection.put("to be cleared");

            captured.put(new Letter("hello", inAField));
            pipe.first().send(overAConnection);
            queues.put(inAQueue);
            queues.put(inAQueue);

            assertThat(inAField.take()).isEqualTo("answer");
            assertThat(inAQueue.take()).isEqualTo("in a queue");
            inAQueue.taskDone();
            inAQueue.join();
            child.joinOrThrow();
            assertThat(overAConnection.isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void item_lock_isTheSameWhereItArrives(Context context) throws Exception {
        var queue = ProcessQueue.<Map<String, ProcessLock>>create(0);
        var lock = ProcessLock.create();
        lock.lock();
        queue.put(Map.of("lock", lock));
        var child = started(context.process(() -> {
            var held = queue.take().get("lock");
            assertThat(held.locked()).isTrue();
            held.unlock();
        }));

        child.joinOrThrow();
        assertThat(lock.locked()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void item_connection_worksWhereItArrives(Context context) throws Exception {
        var queue = ProcessQueue.<Connection>create(1);
        try (var pipe = context.pipe(false)) {
            queue.put(pipe.writer());
            pipe.writer().close();
            var child = started(context.process(() -> {
                try (var writer = queue.take()) {
                    writer.send("through a pipe that came through a queue");
                }
            }));

            assertThat(pipe.reader().recv()).isEqualTo("through a pipe that came through a queue");
            assertThatExceptionOfType(EOFException.class)
                    .as("no copy is left")
                    .isThrownBy(() -> pipe.reader().recv());
            child.joinOrThrow();
        }
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void queue_madeByAChildThatHasEnded_keepsWhatItPut(Context context) throws Exception {
        var queues = ProcessQueue.<ProcessQueue<String>>create(1);
        var child = started(context.process(() -> {
            var queue = ProcessQueue.<String>create(2);
            queue.put("a");
            queue.put("b");
            queues.put(queue);
        }));
        child.joinOrThrow();

        var queue = queues.take();

        assertThat(queue.full()).isTrue();
        assertThat(queue.take()).isEqualTo("a");
        queue.put("c");
        assertThat(queue).containsExactly("b", "c");
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void queue_passedOnToAGrandchild_staysTheSame(Context context) throws Exception {
        var queue = ProcessQueue.<String>create(0);
        queue.put("from the parent");
        var child = started(context.process(() -> {
            assertThat(queue.take()).isEqualTo("from the parent");
            joined(() -> queue.put("from the grandchild"));
            queue.put("from the child");
        }));
        child.joinOrThrow();

        assertThat(queue).containsExactly("from the grandchild", "from the child");
    }

    private static void joined(Target target) throws Exception {
        started(MultiJvm.process(target)).joinOrThrow();
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void put_processEndsAtOnce_isThere(Context context) throws Exception {
        var queue = ProcessQueue.<Integer>create(0);
        for (Target end :
                List.<Target>of(() -> System.exit(0), () -> Runtime.getRuntime().halt(0))) {
            var child = started(context.process(() -> {
                for (int i = 0; i < 1_000; i++) {
                    queue.put(i);
                }
                end.run();
            }));
            child.join();

            assertThat(queue.size()).isEqualTo(1_000);
            for (int i = 0; i < 1_000; i++) {
                assertThat(queue.poll()).isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms("_TestQueue.test_closed_queue_empty_exceptions")
    void close_inOneProcess_leavesItToTheOthers(Context context) throws Exception {
        var queue = ProcessQueue.<String>create(0);
        var child = started(context.process(() -> {
            queue.put("from the child");
            queue.close();
            queue.joinThread();
            assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> queue.put("late"));
        }));
        child.joinOrThrow();

        assertThat(queue.isClosed()).isFalse();
        assertThat(queue.take()).isEqualTo("from the child");
        queue.put("from the parent");
        var reader = context.process(() -> assertThat(queue.take()).isEqualTo("from the parent"));
        reader.start();
        queue.close();
        reader.joinOrThrow();
    }

    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms("TestStdinBadfiledescriptor.test_queue_in_process")
    void queue_ofAChildWithADaemonOfItsOwn_works(Context context) throws Exception {
        var child = started(context.process(() -> {
            var queue = ProcessQueue.<String>create(0);
            var daemon = MultiJvm.process(() -> {
                        assertThatExceptionOfType(QueueEmptyException.class).isThrownBy(queue::getNowait);
                        queue.put("was empty");
                    })
                    .daemon(true);
            daemon.start();
            daemon.join();
            assertThat(queue.get(Duration.ofSeconds(30))).isEqualTo("was empty");
        }));

        child.joinOrThrow();
    }

    @Test
    void take_itemOfAClassThatIsNotThere_saysSoAndGoesOnWithTheNext() throws Exception {
        var queue = ProcessQueue.<Object>create(0);
        var there = ProcessQueue.<String>create(0);
        queue.put(new Strangers().loadClass(Strangers.NAME).getConstructor().newInstance());
        queue.put("next");
        var child = started(MultiJvm.process(() -> {
            assertThatThrownBy(queue::take)
                    .isInstanceOf(UnreadableItemException.class)
                    .hasStackTraceContaining(Strangers.NAME);
            there.put((String) queue.take());
        }));

        assertThat(there.take()).isEqualTo("next");
        child.joinOrThrow();
        assertThat(queue.isEmpty()).isTrue();
    }

    /** What {@link Strangers} makes its class of. */
    public static final class TwinA implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** Knows a class that nobody else does: {@link TwinA} by another name. */
    private static final class Strangers extends ClassLoader {
        static final String NAME = TwinA.class.getName().replace("TwinA", "TwinB");

        Strangers() {
            super(QueuePassingTest.class.getClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.equals(NAME)) {
                throw new ClassNotFoundException(name);
            }
            String file = TwinA.class.getName().replace('.', '/') + ".class";
            try (InputStream in = Objects.requireNonNull(getParent().getResourceAsStream(file))) {
                byte[] twin = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                        .replace("TwinA", "TwinB")
                        .getBytes(StandardCharsets.ISO_8859_1);
                return defineClass(name, twin, 0, twin.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static JvmProcess started(JvmProcess process) {
        process.start();
        return process;
    }
}
