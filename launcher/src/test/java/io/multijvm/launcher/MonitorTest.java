package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MonitorTest {
    private static final String THREAD = "multijvm-test-monitor";

    private final Monitor monitor = Monitor.start(THREAD);
    private final CountDownLatch done = new CountDownLatch(1);

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void at_severalTimers_runInTheOrderTheyAreDue() throws Exception {
        List<Integer> ran = new CopyOnWriteArrayList<>();
        long begin = System.nanoTime();

        monitor.at(Deadline.after(Duration.ofMillis(60)), () -> {
            ran.add(3);
            done.countDown();
        });
        monitor.at(Deadline.after(Duration.ofMillis(30)), () -> ran.add(2));
        monitor.at(Deadline.never(), () -> ran.add(4));
        monitor.at(Deadline.after(Duration.ZERO), () -> ran.add(1));

        awaitDone();
        assertThat(ran).containsExactly(1, 2, 3);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(60_000_000);
    }

    @Test
    void at_actionThrows_theNextRuns() throws Exception {
        monitor.at(Deadline.after(Duration.ZERO), () -> {
            throw new IllegalStateException("expected");
        });
        monitor.at(Deadline.after(Duration.ofMillis(1)), done::countDown);

        awaitDone();
    }

    @Test
    void at_actionThrowsForAWhile_isRunAgain() throws Exception {
        for (Error thrown :
                List.of(new AssertionError("expected"), new OutOfMemoryError("expected"), new ThreadDeath())) {
            var attempts = new AtomicInteger();
            var succeeded = new CountDownLatch(1);
            monitor.at(Deadline.after(Duration.ZERO), () -> {
                if (attempts.incrementAndGet() < 4) {
                    throw thrown;
                }
                succeeded.countDown();
            });

            assertThat(succeeded.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(attempts).hasValue(4);
        }
    }

    @Test
    void at_actionAlwaysThrows_isGivenUp() throws Exception {
        var attempts = new AtomicInteger();
        monitor.at(Deadline.after(Duration.ZERO), () -> {
            attempts.incrementAndGet();
            throw new AssertionError("expected");
        });
        Awaitility.await().atMost(StandIn.PATIENCE).untilAtomic(attempts, Matchers.is(Monitor.TRIES));

        monitor.at(Deadline.after(Duration.ofMillis(300)), done::countDown);

        awaitDone();
        assertThat(attempts).hasValue(Monitor.TRIES);
    }

    @Test
    void watch_callbackThrows_isCalledAgainAlthoughNothingNewComes() throws Exception {
        Descriptor[] pipe = Descriptor.pipe();
        var calls = new AtomicInteger();
        monitor.watch(pipe[0], () -> {
            int call = calls.incrementAndGet();
            if (call == 1) {
                readOne(pipe[0]); // it is not readable after that
            }
            if (call < 3) {
                throw new AssertionError("expected");
            }
            done.countDown();
        });

        pipe[1].writeFully(new byte[1], 0, 1);

        awaitDone();
        monitor.close(pipe[0]);
        pipe[1].close();
    }

    @Test
    void close_descriptorTwice_leavesTheOneThatHasItsNumberNow() throws Exception {
        Descriptor[] first = Descriptor.pipe();
        monitor.watch(first[0], () -> {});
        monitor.close(first[0]);
        Descriptor[] second = Descriptor.pipe();
        assertThat(second[0].number()).isEqualTo(first[0].number());
        monitor.watch(second[0], () -> {
            monitor.close(second[0]);
            done.countDown();
        });

        monitor.close(first[0]);
        second[1].writeFully(new byte[1], 0, 1);

        awaitDone();
        first[1].close();
        second[1].close();
    }

    @Test
    void watch_callbackInterruptsItself_othersAreCalled() throws Exception {
        monitor.at(Deadline.after(Duration.ZERO), () -> Thread.currentThread().interrupt());
        monitor.at(Deadline.after(Duration.ofMillis(20)), done::countDown);

        awaitDone();
    }

    @Test
    void close_held_goesOnUntilItIsReleased() throws Exception {
        monitor.hold();
        monitor.close();

        monitor.at(Deadline.after(Duration.ofMillis(1)), done::countDown);

        awaitDone();
        assertThat(isRunning()).isTrue();
        monitor.release();
        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> !isRunning());
    }

    private static void readOne(Descriptor pipe) {
        try {
            assertThat(pipe.readNow(new byte[1])).isEqualTo(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void watch_readable_callsUntilItIsClosed() throws Exception {
        Descriptor[] pipe = Descriptor.pipe();
        var calls = new CountDownLatch(3);
        monitor.watch(pipe[0], () -> {
            calls.countDown();
            if (calls.getCount() == 0) {
                monitor.close(pipe[0]);
                done.countDown();
            }
        });

        pipe[1].writeFully(new byte[1], 0, 1); // is never read

        awaitDone();
        assertThat(pipe[0].isClosed()).isTrue();
        pipe[1].close();
    }

    @Test
    void watch_endOfFile_callsToo() throws Exception {
        Descriptor[] pipe = Descriptor.pipe();
        monitor.watch(pipe[0], () -> {
            monitor.close(pipe[0]);
            done.countDown();
        });

        pipe[1].close();

        awaitDone();
    }

    @Test
    void close_thread_ends() throws IOException {
        assertThat(isRunning()).isTrue();

        monitor.close();

        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> !isRunning());
    }

    private void awaitDone() throws InterruptedException {
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(THREAD));
    }
}
