package io.multijvm.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Virtual threads that wait at connections: on one carrier, which has to be free for those they wait for. */
@ForkTest
@JdkTest
final class VirtualThreadsTest {
    private static final int THREADS = 20;
    private static final int FIRST_RELEASE = 21;

    private final Context context = MultiJvm.getContext(StartMethod.SPAWN);

    @BeforeEach
    void assumeVirtualThreads() {
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(FIRST_RELEASE);
    }

    @AfterEach
    void endWhatIsLeft() {
        context.close();
    }

    private void onOneCarrier(Target target) throws Exception {
        JvmProcess process = context.process(target)
                .options(JvmOptions.defaults()
                        .jvmArguments(
                                "-Djdk.virtualThreadScheduler.parallelism=1",
                                "-Djdk.virtualThreadScheduler.maxPoolSize=1"));
        process.start();
        process.joinOrThrow();
    }

    /** A call on a virtual thread, of which the release this is compiled for knows nothing. */
    private static final class Virtual<T> {
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private final Thread thread;

        Virtual(Callable<T> call) throws ReflectiveOperationException {
            Runnable body = () -> {
                try {
                    outcome.complete(call.call());
                } catch (Exception | Error e) {
                    outcome.completeExceptionally(e);
                }
            };
            thread = (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
        }

        T get() throws Exception {
            return outcome.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void recv_moreWaitersThanCarriers_eachGetsAMessageFromOneOfThem() throws Exception {
        onOneCarrier(() -> {
            try (Pipe pipe = MultiJvm.pipe()) {
                var receiving = new ArrayList<Virtual<Object>>();
                for (int i = 0; i < THREADS; i++) {
                    receiving.add(new Virtual<>(() -> pipe.first().recv()));
                }
                var sending = new Virtual<>(() -> {
                    for (int i = 0; i < THREADS; i++) {
                        pipe.second().send(i);
                    }
                    return pipe.second().poll(null);
                });

                var received = new HashSet<Object>();
                for (var each : receiving) {
                    received.add(each.get());
                }

                assertThat(received).hasSize(THREADS);
                pipe.first().send("the end");
                assertThat(sending.get()).isTrue();
            }
        });
    }

    @Test
    void sendBytes_fullBuffer_letsTheReceiverRun() throws Exception {
        onOneCarrier(() -> {
            try (Pipe pipe = MultiJvm.pipe()) {
                int messages = 2_000;
                var sending = new Virtual<>(() -> {
                    for (int i = 0; i < messages; i++) {
                        pipe.second().sendBytes(new byte[1_000]);
                    }
                    return messages;
                });
                var receiving = new Virtual<>(() -> {
                    for (int i = 0; i < messages; i++) {
                        assertThat(pipe.first().recvBytes()).hasSize(1_000);
                    }
                    return messages;
                });

                assertThat(receiving.get()).isEqualTo(messages);
                assertThat(sending.get()).isEqualTo(messages);
            }
        });
    }

    @Test
    void interrupt_waiters_losesNothing() throws Exception {
        onOneCarrier(() -> {
            try (Pipe pipe = MultiJvm.pipe()) {
                var sent = new int[1];
                var waiting = List.<Virtual<Object>>of(
                        new Virtual<>(() -> pipe.first().recv()),
                        new Virtual<>(() -> pipe.first().poll(null)),
                        new Virtual<>(() -> sendUntilInterrupted(pipe.first(), sent)));
                for (var each : waiting) {
                    each.thread.interrupt();
                    assertThatThrownBy(each::get).hasCauseInstanceOf(InterruptedIOException.class);
                }

                for (int i = 0; i < sent[0]; i++) {
                    assertThat(pipe.second().recv()).isEqualTo(i);
                }
                assertThat(pipe.second().poll()).isFalse();
                pipe.second().send("still works");
                assertThat(pipe.first().recv()).isEqualTo("still works");
            }
        });
    }

    private static Object sendUntilInterrupted(Connection connection, int[] sent) throws IOException {
        while (true) {
            connection.send(sent[0]);
            sent[0]++;
        }
    }
}
