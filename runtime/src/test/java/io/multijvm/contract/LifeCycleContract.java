package io.multijvm.contract;

import static io.multijvm.contract.Answers.answer;
import static io.multijvm.contract.Answers.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.os.Signals;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A process object from its making to its closing. */
public interface LifeCycleContract {
    Context context();

    /** What a process sees of itself. */
    record View(String name, List<Integer> identity, byte[] authKey, long pid, boolean daemon, Object argument)
            implements Serializable {
        static View of(Object argument) {
            JvmProcess self = MultiJvm.currentProcess();
            return new View(self.name(), self.identity(), self.authKey(), self.pid(), self.isDaemon(), argument);
        }
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_process")
    default void start_newProcess_isAliveUntilItEnds() throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe()) {
            Connection theirs = pipe.second();
            var argument = List.of("bob", 7);
            JvmProcess process = context().process("greeter", () -> {
                theirs.send(View.of(argument));
                theirs.recv();
            });

            assertThat(process.authKey()).isEqualTo(MultiJvm.currentProcess().authKey());
            assertThat(process.isAlive()).isFalse();
            assertThat(process.exitCode()).isNull();
            assertThat(MultiJvm.activeChildren()).doesNotContain(process);

            process.start();

            assertThat(process.isAlive()).isTrue();
            assertThat(process.exitCode()).isNull();
            assertThat(MultiJvm.activeChildren()).contains(process);
            View view = pipe.first().recv(View.class);
            assertThat(view.name()).isEqualTo("greeter");
            assertThat(view.identity()).isEqualTo(process.identity());
            assertThat(view.authKey()).isEqualTo(process.authKey());
            assertThat(view.pid()).isEqualTo(process.pid());
            assertThat(view.daemon()).isFalse();
            assertThat(view.argument()).isEqualTo(argument);

            pipe.first().send("go on");
            process.join();

            assertThat(process.exitCode()).isZero();
            assertThat(process.isAlive()).isFalse();
            assertThat(MultiJvm.activeChildren()).doesNotContain(process);
        }
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestProcess.test_args_argument")
    default void start_capturedVariables_arriveEqual() throws IOException, InterruptedException {
        int number = 1;
        String text = "two";
        var list = List.of(3, "four", List.of());
        int[] array = {5, 6};
        Answers.Question<List<Object>> question =
                () -> List.of(number, text, list, Arrays.stream(array).boxed().toList());

        assertThat(answer(context(), question)).isEqualTo(List.of(1, "two", list, List.of(5, 6)));
    }

    @Test
    default void start_methodReferenceOfAnObject_runsOnACopyOfIt() throws IOException, InterruptedException {
        var greeting = new Greeting("hello");

        assertThat(answer(context(), greeting::text)).isEqualTo("hello");
    }

    /** A receiver. */
    record Greeting(String text) implements Serializable {}

    @Test
    default void start_secondTime_isRefused() throws InterruptedException {
        JvmProcess process = context().process(() -> {});
        process.start();

        assertThatIllegalStateException().isThrownBy(process::start).withMessageContaining("only once");
        process.join();
        assertThatIllegalStateException().isThrownBy(process::start).withMessageContaining("only once");
        assertThat(process.exitCode()).isZero();
    }

    @Test
    @EveryStartMethod
    default void start_inAnotherProcess_isRefused() throws IOException, InterruptedException {
        JvmProcess inner = context().process(() -> {});
        JvmProcess outer = context().process(inner::start);

        assertThatThrownBy(outer::start).isInstanceOf(NotSendableException.class);
        assertThat(outer.isAlive()).isFalse();
    }

    @Test
    default void run_calledDirectly_runsHere() {
        var ran = new CountDownLatch(1);

        context().process(ran::countDown).run();

        assertThat(ran.getCount()).isZero();
    }

    @Test
    default void beforeStart_whatNeedsAProcess_isRefused() {
        JvmProcess process = context().process(() -> {});

        assertRefused(process, "not started");
    }

    @Test
    @Conforms("_TestProcess.test_sentinel")
    default void onExit_runningProcess_completesWithItsEnd() throws IOException {
        JvmProcess process = waiting(context());
        CompletableFuture<JvmProcess> end = process.onExit();

        assertThat(end).isNotDone();
        process.terminate();

        assertThat(end).succeedsWithin(Duration.ofSeconds(30)).isSameAs(process);
        assertThat(process.exitCode()).isEqualTo(-15);
        assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(30)).isSameAs(process);
    }

    @Test
    default void onExit_completedByTheCaller_leavesTheProcessAlone() throws IOException {
        JvmProcess process = waiting(context());

        process.onExit().cancel(true);

        assertThat(process.isAlive()).isTrue();
        assertThat(process.onExit()).isNotDone();
        process.kill();
    }

    @Test
    default void toHandle_runningProcess_isTheJdksView() throws IOException {
        JvmProcess process = waiting(context());

        ProcessHandle handle = process.toHandle();

        assertThat(handle.pid()).isEqualTo(process.pid());
        assertThat(handle.isAlive()).isTrue();
        process.kill();
        assertThat(handle.isAlive()).isFalse();
        assertThatIllegalStateException().isThrownBy(process::toHandle).withMessageContaining("has ended");
    }

    @Test
    @Conforms("_TestProcess.test_close")
    default void close_runningProcess_isRefusedUntilItHasEnded() throws IOException, InterruptedException {
        JvmProcess process = waiting(context());

        assertThatIllegalStateException().isThrownBy(process::close).withMessageContaining("while it runs");
        assertThat(process.isAlive()).isTrue();
        process.kill();
        process.close();
        process.close();

        assertRefused(process, "is closed");
        assertThatIllegalStateException().isThrownBy(process::isAlive).withMessageContaining("is closed");
        assertThatIllegalStateException().isThrownBy(process::exitCode).withMessageContaining("is closed");
        assertThatIllegalStateException().isThrownBy(process::failure).withMessageContaining("is closed");
        assertThatIllegalStateException().isThrownBy(process::start).withMessageContaining("is closed");
        assertThat(process.name()).startsWith("Process-");
    }

    @Test
    default void close_neverStarted_isFinal() {
        JvmProcess process = context().process(() -> {});

        process.close();

        assertThatIllegalStateException().isThrownBy(process::start).withMessageContaining("is closed");
    }

    private static void assertRefused(JvmProcess process, String because) {
        Stream.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                        process::pid,
                        process::join,
                        () -> process.join(Duration.ZERO),
                        process::joinOrThrow,
                        process::onExit,
                        process::toHandle,
                        process::terminate,
                        process::interrupt,
                        process::kill,
                        process::pause,
                        process::resume,
                        process::threadDump)
                .forEach(call ->
                        assertThatIllegalStateException().isThrownBy(call).withMessageContaining(because));
    }

    @Test
    default void join_timeIsUp_saysThatItRuns() throws IOException, InterruptedException {
        JvmProcess process = waiting(context());
        long start = System.nanoTime();

        assertThat(process.join(Duration.ZERO)).isFalse();
        assertThat(process.join(Duration.ofSeconds(-1))).isFalse();
        assertThat(process.join(Duration.ofMillis(50))).isFalse();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        process.kill();
        assertThat(process.join(Duration.ZERO)).isTrue();
        assertThat(process.join(null)).isTrue();
        assertThat(process.join(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    }

    @Test
    default void join_interrupted_leavesTheProcessRunning() throws IOException {
        JvmProcess process = waiting(context());
        Thread.currentThread().interrupt();

        assertThatThrownBy(process::join).isInstanceOf(InterruptedException.class);

        assertThat(process.isAlive()).isTrue();
        process.kill();
    }

    @Test
    @Conforms("_TestPollEintr.test_poll_eintr")
    default void join_signalForAHandler_waitsOn() throws IOException, InterruptedException {
        JvmProcess process = waiting(context());
        var handled = new CountDownLatch(1);
        Signals.handle("WINCH", handled::countDown, Signals.Then.STOP);
        var joined = new CompletableFuture<Integer>();
        var joining = new Thread(() -> {
            try {
                process.join();
                joined.complete(process.exitCode());
            } catch (InterruptedException e) {
                joined.completeExceptionally(e);
            }
        });
        joining.start();
        Awaitility.await().until(() -> joining.getState() == Thread.State.WAITING);

        io.multijvm.testkit.Signals.send("WINCH", ProcessHandle.current().pid());
        handled.await();

        assertThat(joined).isNotDone();
        process.terminate();
        assertThat(joined).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(-15);
        joining.join();
    }

    @Test
    default void join_fromManyThreads_endsForAll() throws IOException {
        JvmProcess process = waiting(context());
        var executor = Executors.newCachedThreadPool();
        try {
            var joins = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> joinHere(process), executor))
                    .toList();

            process.terminate();

            assertThat(joins).allSatisfy(join -> assertThat(join).succeedsWithin(Duration.ofSeconds(30)));
        } finally {
            executor.shutdown();
        }
    }

    private static void joinHere(JvmProcess process) {
        try {
            process.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    default void name_notGiven_countsTheChildrenOfThisProcess() {
        JvmProcess first = context().process(() -> {});
        JvmProcess second = context().process(() -> {});

        assertThat(first.identity()).hasSize(1);
        assertThat(second.identity()).containsExactly(first.identity().get(0) + 1);
        assertThat(first.name()).isEqualTo("Process-" + first.identity().get(0));
        assertThat(new UpperCaser(context().processes(), null).name()).startsWith("UpperCaser-");
        assertThat(first.name("renamed").name()).isEqualTo("renamed");
        assertThat(MultiJvm.currentProcess().name()).isEqualTo("MainProcess");
        assertThat(MultiJvm.currentProcess().identity()).isEmpty();
    }

    @Test
    default void settings_afterTheStart_areRefused() throws InterruptedException {
        JvmProcess process = context().process(() -> {});
        process.start();
        process.join();

        assertThatIllegalStateException().isThrownBy(() -> process.name("late"));
        assertThatIllegalStateException().isThrownBy(() -> process.daemon(true));
        assertThatIllegalStateException().isThrownBy(() -> process.options(io.multijvm.process.JvmOptions.defaults()));
    }

    @Test
    @EveryStartMethod
    @Conforms("_TestSubclassingProcess.test_subclassing")
    default void start_subclass_runsWithItsFields() throws IOException, InterruptedException {
        try (Pipe pipe = context().pipe()) {
            var process = new UpperCaser(context().processes(), pipe.second());
            process.start();
            pipe.second().close();

            pipe.first().send("hello");
            assertThat(pipe.first().recv()).isEqualTo("HELLO");
            pipe.first().send("world");
            assertThat(pipe.first().recv()).isEqualTo("WORLD");
            pipe.first().send("who");
            assertThat(pipe.first().recv()).isEqualTo(process.name() + " is the current process: true");
            pipe.first().close();
            process.join();

            assertThat(process.exitCode()).isZero();
        }
    }

    /** A process with a field. */
    final class UpperCaser extends JvmProcess {
        private static final long serialVersionUID = 1;

        private final Connection connection;

        UpperCaser(ProcessContext context, Connection connection) {
            super(context);
            this.connection = connection;
        }

        @Override
        public void run() {
            try {
                while (true) {
                    String line = connection.recv(String.class);
                    connection.send(
                            line.equals("who")
                                    ? name() + " is the current process: " + (MultiJvm.currentProcess() == this)
                                    : line.toUpperCase(java.util.Locale.ROOT));
                }
            } catch (java.io.EOFException e) {
                connection.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
