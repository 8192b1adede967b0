package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
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
