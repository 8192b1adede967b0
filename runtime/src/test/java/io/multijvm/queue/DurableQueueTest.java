package io.multijvm.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.MultiJvm;
import io.multijvm.contract.Copies;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues that have a name, and outlive the programs that use them. */
@ForkTest
final class DurableQueueTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Puts the numbers from one to below another into a queue, says so, and waits to be killed if so wanted. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            var queue = queue(args);
            for (int i = Integer.parseInt(args[2]); i < Integer.parseInt(args[3]); i++) {
                queue.put("item " + i);
                System.out.println("put " + i);
            }
            end(args[4]);
        }
    }

    /** Gets a number of items, says which, and does not acknowledge them; waits to be killed if so wanted. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            var queue = queue(args);
            for (int i = Integer.parseInt(args[2]); i < Integer.parseInt(args[3]); i++) {
                if (queue instanceof JoinableQueue<String> joinable) {
                    var delivery = joinable.getDelivery(PATIENCE);
                    System.out.println("got " + delivery.item() + (delivery.isRedelivered() ? " again" : ""));
                } else {
                    System.out.println("got " + queue.get(PATIENCE));
                }
            }
            end(args[4]);
        }
    }

    private static ProcessQueue<String> queue(String[] args) throws IOException {
        Path directory = Path.of(args[1]);
        return args[0].equals("joinable") ? JoinableQueue.open(directory, 0) : ProcessQueue.open(directory, 0);
    }

    private static void end(String way) {
        System.out.println("ready");
        while (way.equals("wait")) {
            LockSupport.park();
        }
    }

    private static ChildJvm started(Class<?> main, String kind, Path directory, int from, int to, String end) {
        return ChildJvm.of(main)
                .arguments(kind, directory.toString(), String.valueOf(from), String.valueOf(to), end)
                .start();
    }

    private static List<String> run(Class<?> main, String kind, Path directory, int from, int to)
            throws InterruptedException {
        try (var child = started(main, kind, directory, from, to, "end")) {
            assertThat(child.awaitExit()).as("stderr %s", child.stderr()).isZero();
            assertThat(child.stderr()).isEmpty();
            return child.stdout().lines().toList();
        }
    }

    private static void runAndKill(Class<?> main, String kind, Path directory, int from, int to)
            throws InterruptedException {
        try (var child = started(main, kind, directory, from, to, "wait")) {
            child.awaitStdout(text -> text.endsWith("ready\n"));
            child.signal("KILL");
            child.awaitExit();
        }
    }

    private static List<String> lines(String format, int from, int to) {
        return IntStream.range(from, to).mapToObj(format::formatted).toList();
    }

    @Test
    void open_afterAllProcessesHaveEnded_hasWhatWasPut(@TempDir Path directory) throws Exception {
        Path name = directory.resolve("queue");
        run(Writer.class, "plain", name, 0, 100);
        runAndKill(Writer.class, "plain", name, 100, 200);

        var got = run(Reader.class, "plain", name, 0, 50);
        assertThat(got).startsWith("got item 0").hasSize(51);
        runAndKill(Reader.class, "plain", name, 50, 60);

        try (var queue = ProcessQueue.<String>open(name, 0)) {
            assertThat(queue.size()).isEqualTo(140);
            for (int i = 60; i < 200; i++) {
                assertThat(queue.poll()).isEqualTo("item " + i);
            }
            assertThat(queue.poll()).isNull();
            queue.put("and on");
            assertThat(queue).containsExactly("and on");
        }
    }

    @Test
    void writerKilledInTheMiddle_whatItSaidItHasPutIsThere(@TempDir Path directory) throws Exception {
        Path name = directory.resolve("queue");
        List<String> said;
        try (var child = started(Writer.class, "plain", name, 0, Integer.MAX_VALUE, "end")) {
            child.awaitStdout(text -> text.contains("put 1000\n"));
            child.signal("KILL");
            child.awaitExit();
            String out = child.stdout();
            said = out.substring(0, out.lastIndexOf('\n')).lines().toList();
        }

        try (var queue = ProcessQueue.<String>open(name, 0)) {
            assertThat(queue.size()).isBetween(said.size(), said.size() + 2);
            assertThat(queue).containsExactlyElementsOf(lines("item %d", 0, queue.size()));
        }
    }

    @Test
    void twoProgramsAtOnce_shareTheQueue(@TempDir Path directory) throws Exception {
        Path name = directory.resolve("queue");
        try (var reader = started(Reader.class, "plain", name, 0, 300, "end");
                var writer = started(Writer.class, "plain", name, 0, 300, "end")) {
            assertThat(writer.awaitExit()).as("stderr %s", writer.stderr()).isZero();
            assertThat(reader.awaitExit()).as("stderr %s", reader.stderr()).isZero();

            var expected = new ArrayList<>(lines("got item %d", 0, 300));
            expected.add("ready");
            assertThat(reader.stdout().lines()).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void joinable_consumerHasCrashed_itsItemsComeAgainFirst(@TempDir Path directory) throws Exception {
        Path name = directory.resolve("queue");
        run(Writer.class, "joinable", name, 0, 5);
        runAndKill(Reader.class, "joinable", name, 0, 2);

        assertThat(run(Reader.class, "joinable", name, 0, 3))
                .containsExactly("got item 0 again", "got item 1 again", "got item 2", "ready");

        try (var queue = JoinableQueue.<String>open(name, 0)) {
            assertThat(queue.unfinished()).isEqualTo(5);
            for (int i = 0; i < 5; i++) {
                var delivery = queue.getDelivery(PATIENCE);
                assertThat(delivery.item()).isEqualTo("item " + i);
                assertThat(delivery.isRedelivered()).isEqualTo(i < 3);
                delivery.done();
            }
            queue.join();
        }
        try (var queue = JoinableQueue.<String>open(name, 0)) {
            assertThat(queue.unfinished()).isZero();
            assertThat(queue.isEmpty()).isTrue();
        }
    }

    @Test
    void open_byTwoAtOnce_whoComesSecondFindsIt(@TempDir Path directory) throws Exception {
        var other = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 100; i++) {
                Path name = directory.resolve("queue" + i);
                var together = new CyclicBarrier(2);
                Callable<ProcessQueue<String>> open = () -> {
                    together.await();
                    return ProcessQueue.open(name, 0);
                };
                var second = other.submit(open);
                try (var one = open.call();
                        var two = second.get()) {
                    one.put("a");
                    assertThat(two.take()).isEqualTo("a");
                }
            }
        } finally {
            other.shutdown();
        }
    }

    @Test
    void open_twiceInAProcess_isTheSameQueue(@TempDir Path directory) throws Exception {
        Path name = directory.resolve("queue");
        var one = ProcessQueue.<String>open(name, 2);
        var other = ProcessQueue.<String>open(name, 2);

        one.put("a");

        assertThat(other.equals(one)).isTrue();
        assertThat(other.maxsize()).isEqualTo(2);
        assertThat(other.take()).isEqualTo("a");
        assertThat(Copies.sent(one).equals(other)).isTrue();
        assertThat(ProcessQueue.open(directory.resolve("another"), 2).equals(one))
                .isFalse();
    }

    @Test
    void open_otherThanItWasMade_isRefused(@TempDir Path directory) throws Exception {
        Path plain = directory.resolve("plain");
        Path joinable = directory.resolve("joinable");
        try (var made = ProcessQueue.<String>open(plain, 2)) {
            made.put("a");
        }
        JoinableQueue.open(joinable, 0).close();

        for (ThrowingCallable open : List.<ThrowingCallable>of(
                () -> ProcessQueue.open(plain, 3),
                () -> ProcessQueue.open(plain, 0),
                () -> JoinableQueue.open(plain, 2),
                () -> JoinableQueue.open(plain),
                () -> JoinableQueue.open(joinable, 1),
                () -> ProcessQueue.open(joinable, 0))) {
            assertThatIllegalArgumentException().isThrownBy(open);
        }

        try (var queue = ProcessQueue.<String>open(plain)) {
            assertThat(queue.maxsize()).isEqualTo(2);
            assertThat(queue.take()).isEqualTo("a");
        }
        try (var queue = JoinableQueue.<String>open(joinable)) {
            assertThat(queue.maxsize()).isZero();
        }
    }

    @Test
    void open_directoryAboveIsMissing_isRefused(@TempDir Path directory) {
        Path name = directory.resolve("missing").resolve("queue");

        assertThatThrownBy(() -> ProcessQueue.open(name, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void sentToAChild_isTheSameQueue(@TempDir Path directory) throws Exception {
        var queue = ProcessQueue.<String>open(directory.resolve("queue"), 0);
        var child = MultiJvm.process(() -> queue.put("from the child"));
        child.start();
        child.joinOrThrow();

        assertThat(queue.take()).isEqualTo("from the child");
    }

    @Test
    void open_whatIsNoQueue_saysSo(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("letter.txt"), "text");

        for (Path path : List.of(file, other)) {
            assertThatThrownBy(() -> ProcessQueue.open(path, 0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(path.toString());
            assertThatThrownBy(() -> JoinableQueue.open(path, 0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(path.toString());
        }
        assertThat(file).hasContent("text");
        assertThat(other).isDirectoryContaining("glob:**letter.txt");
        try (var entries = Files.list(other)) {
            assertThat(entries).as("nothing is left there").hasSize(1);
        }
    }
}
