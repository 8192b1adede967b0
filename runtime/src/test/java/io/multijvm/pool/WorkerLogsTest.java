package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.MultiJvm;
import io.multijvm.contract.Waits;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What workers log and print reaches loggers of this process. */
@ForkTest
@SuppressWarnings("FutureReturnValueIgnored") // some tasks only have to be there
final class WorkerLogsTest {
    private static final String LOGGER = "io.multijvm.test.workers";
    private static final PoolOptions OPTIONS =
            PoolOptions.defaults().workers(1).name("scribe").logsTo(LOGGER);

    private final Logger logger = Logger.getLogger(LOGGER);
    private final Arrived arrived = new Arrived();

    private static final class Arrived extends Handler {
        final List<LogRecord> records = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            records.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        List<String> messages() {
            return records.stream().map(LogRecord::getMessage).toList();
        }
    }

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(arrived);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(arrived);
        logger.setLevel(null);
    }

    @Test
    void logsTo_recordOfATask_comesWithWorkerPidAndTask() throws Exception {
        long pid;
        try (Pool pool = MultiJvm.pool(OPTIONS)) {
            pid = pool.apply(() -> ProcessHandle.current().pid());
            pool.apply(() -> System.getLogger("shop").log(System.Logger.Level.WARNING, "only {0} left", 3));
            pool.shutdown();
            pool.join();
        }

        assertThat(arrived.messages()).containsExactly("[scribe-1, pid " + pid + ", task 2] shop: only 3 left");
        assertThat(arrived.records.get(0).getLevel()).isEqualTo(Level.WARNING);
    }

    @Test
    void logsTo_thrown_comesWithItsStack() throws Exception {
        try (Pool pool = MultiJvm.pool(OPTIONS)) {
            pool.apply(() -> System.getLogger("shop")
                    .log(System.Logger.Level.ERROR, "no change", new IllegalStateException("till is empty")));
            pool.shutdown();
            pool.join();
        }

        assertThat(arrived.messages())
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .contains("shop: no change")
                        .contains("java.lang.IllegalStateException: till is empty")
                        .contains("at " + WorkerLogsTest.class.getName()));
        assertThat(arrived.records.get(0).getLevel()).isEqualTo(Level.SEVERE);
    }

    @Test
    void logsTo_initializer_isOfNoTask() throws Exception {
        try (Pool pool = MultiJvm.pool(
                OPTIONS.initializer(() -> System.getLogger("shop").log(System.Logger.Level.INFO, "open")))) {
            pool.apply(() -> 1);
            pool.shutdown();
            pool.join();
        }

        assertThat(arrived.messages())
                .singleElement()
                .satisfies(message -> assertThat(message).matches("\\[scribe-1, pid \\d+\\] shop: open"));
    }

    @Test
    @Conforms("_TestLogging.test_enable_logging")
    void ownLogger_level_isObeyed() throws Exception {
        Logger own = Logger.getLogger("io.multijvm");
        own.setUseParentHandlers(false);
        own.addHandler(arrived);
        try {
            for (Level level : List.of(Level.INFO, Level.OFF)) {
                own.setLevel(level);
                throwInACallback();
            }
        } finally {
            own.removeHandler(arrived);
            own.setUseParentHandlers(true);
            own.setLevel(null);
        }

        assertThat(arrived.records).singleElement().satisfies(entry -> {
            assertThat(entry.getLoggerName()).isEqualTo("io.multijvm");
            assertThat(entry.getLevel()).isEqualTo(Level.SEVERE);
            assertThat(entry.getThrown()).hasMessage("in a callback");
        });
    }

    private static void throwInACallback() throws InterruptedException {
        try (Pool pool = MultiJvm.pool(PoolOptions.defaults().workers(1))) {
            pool.applyAsync(() -> 1, value -> {
                throw new IllegalStateException("in a callback");
            });
            pool.shutdown();
            pool.join();
        }
    }

    @Test
    @Conforms("_TestLogging.test_level")
    void logsTo_levelOfTheRootHere_isThatOfTheWorkers() throws Exception {
        Logger root = Logger.getLogger("");
        Level before = root.getLevel();
        root.setLevel(Level.WARNING);
        try (Pool pool = MultiJvm.pool(OPTIONS)) {
            pool.apply(() -> {
                System.Logger there = System.getLogger("shop");
                there.log(System.Logger.Level.WARNING, "warning");
                there.log(System.Logger.Level.INFO, "info");
            });
            assertThat(pool.apply(() -> Logger.getLogger("shop").getParent().getLevel()))
                    .isEqualTo(Level.WARNING);
            pool.shutdown();
            pool.join();
        } finally {
            root.setLevel(before);
        }

        assertThat(arrived.messages())
                .singleElement()
                .satisfies(message -> assertThat(message).endsWith("shop: warning"));
    }

    @Test
    @Conforms("_TestLogging.test_level")
    void logsTo_levelOfTheLoggerHere_isThatOfTheWorkers() throws Exception {
        logger.setLevel(Level.FINE);

        try (Pool pool = MultiJvm.pool(OPTIONS)) {
            pool.apply(() -> {
                System.Logger there = System.getLogger("shop");
                there.log(System.Logger.Level.DEBUG, "debug");
                there.log(System.Logger.Level.TRACE, "trace");
            });
            pool.shutdown();
            pool.join();
        }

        assertThat(arrived.records)
                .filteredOn(
                        entry -> entry.getMessage().contains(" shop: ")) // libraries may have something to say as well
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.getMessage()).endsWith("shop: debug");
                    assertThat(entry.getLevel()).isEqualTo(Level.FINE);
                });
    }

    @Test
    void logsTo_killedWorker_losesNothingItHasLogged() {
        int lines = 2_000; // more than the lane holds at once

        try (Pool pool = MultiJvm.pool(OPTIONS)) {
            AsyncResult<Integer> task = pool.applyAsync(() -> {
                System.Logger there = System.getLogger("shop");
                for (int i = 0; i < lines; i++) {
                    there.log(System.Logger.Level.INFO, "line " + i);
                }
                ProcessHandle.of(ProcessHandle.current().pid()).ifPresent(WorkerLogsTest::kill);
                return 0;
            });
            assertThatThrownBy(task::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(WorkerDiedException.class);
        }

        assertThat(arrived.messages().stream().map(message -> message.replaceFirst(".*shop: ", "")))
                .isEqualTo(IntStream.range(0, lines).mapToObj(i -> "line " + i).toList());
    }

    private static void kill(ProcessHandle self) {
        try {
            new ProcessBuilder("kill", "-KILL", Long.toString(self.pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void logsTo_largeMessage_comesWhole() throws Exception {
        try (Pool pool = MultiJvm.pool(OPTIONS)) {
            pool.apply(() -> System.getLogger("shop").log(System.Logger.Level.INFO, "é".repeat(100_000)));
            pool.shutdown();
            pool.join();
        }

        assertThat(arrived.messages())
                .singleElement()
                .satisfies(message -> assertThat(message).endsWith("shop: " + "é".repeat(100_000)));
    }

    @Test
    void logsTo_threadsOfAnIdleWorker_areHeard() throws Exception {
        int lines = 1_000;
        ProcessEvent goOn = MultiJvm.event();

        try (Pool pool = MultiJvm.pool(OPTIONS)) {
            pool.apply(() -> new Thread(() -> chat(goOn, lines), "chat").start());
            goOn.set();
            Waits.until(() -> arrived.records.size() == lines);
        }

        assertThat(arrived.messages()).allMatch(message -> message.matches("\\[scribe-1, pid \\d+\\] shop: line \\d+"));
    }

    private static void chat(ProcessEvent goOn, int lines) {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < lines; i++) {
            System.getLogger("shop").log(System.Logger.Level.INFO, "line " + i);
        }
    }

    @Test
    void logsTo_interruptedThread_staysInterrupted() throws Exception {
        try (Pool pool = MultiJvm.pool(OPTIONS)) {
            boolean interrupted = pool.apply(() -> {
                Thread.currentThread().interrupt();
                for (int i = 0; i < 1_000; i++) {
                    System.getLogger("shop").log(System.Logger.Level.INFO, "a line of some length, number {0}", i);
                }
                return Thread.interrupted();
            });

            assertThat(interrupted).isTrue();
            pool.shutdown();
            pool.join();
        }
        assertThat(arrived.records).hasSize(1_000);
    }

    @Test
    void logsTo_unwritableParameter_harmsNoTask() throws Exception {
        try (Pool pool = MultiJvm.pool(OPTIONS)) {
            int result = pool.apply(() -> {
                Logger.getLogger("shop").log(Level.INFO, "a broken {0}", new Broken());
                return 7;
            });

            assertThat(result).isEqualTo(7);
        }
    }

    private static final class Broken {
        @Override
        public String toString() {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void outputTo_printedLines_comeWithTheWorkersName() throws Exception {
        PoolOptions options = PoolOptions.defaults().workers(1).name("scribe").outputTo(LOGGER);

        try (Pool pool = MultiJvm.pool(options)) {
            pool.apply(() -> {
                System.out.println("to the output");
                System.err.println("to the error");
            });
            pool.shutdown();
            pool.join();
        }

        assertThat(arrived.messages()).containsExactlyInAnyOrder("[scribe-1] to the output", "[scribe-1] to the error");
        assertThat(arrived.records)
                .filteredOn(entry -> entry.getMessage().endsWith("error"))
                .extracting(LogRecord::getLevel)
                .containsExactly(Level.WARNING);
    }

    @Test
    void outputTo_killedWorker_losesNoLine() {
        PoolOptions options = PoolOptions.defaults().workers(1).name("scribe").outputTo(LOGGER);

        try (Pool pool = MultiJvm.pool(options)) {
            AsyncResult<Integer> task = pool.applyAsync(() -> {
                System.out.println("last words");
                Runtime.getRuntime().halt(3);
                return 0;
            });
            assertThatThrownBy(task::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(WorkerDiedException.class);
        }

        assertThat(arrived.messages()).contains("[scribe-1] last words");
    }
}
