package io.multijvm.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Failures of the threads behind queues: they lose nothing, and the threads go on. */
final class QueueFaultsTest {
    private static final int TIMES = 3;
    private static final int ITEMS = 10;

    @AfterEach
    void end() {
        FaultPoint.inject(null);
    }

    static Stream<Runnable> faults() {
        return Stream.of(
                () -> {
                    throw new AssertionError("injected");
                },
                () -> {
                    throw new OutOfMemoryError("injected");
                },
                () -> {
                    throw new StackOverflowError("injected");
                },
                () -> {
                    throw new IllegalStateException("injected");
                },
                () -> Thread.currentThread().interrupt());
    }

    private static AtomicInteger inject(String place, Runnable fault) {
        var visits = new AtomicInteger();
        FaultPoint.inject(reached -> {
            if (reached.equals(place) && visits.getAndIncrement() < TIMES) {
                fault.run();
            }
        });
        return visits;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void fault_inTheThreadThatHandsOutChannels_losesNone(Runnable fault) throws Exception {
        AtomicInteger visits = inject("luggage", fault);
        try (ProcessQueue<Connection> queue = MultiJvm.queue();
                Pipe pipe = MultiJvm.pipe()) {
            for (int i = 0; i < ITEMS; i++) {
                queue.put(pipe.first());
            }
            for (int i = 0; i < ITEMS; i++) {
                try (Connection taken = Background.run(queue::take).get()) {
                    taken.send(i);
                }
                assertThat(pipe.second().recv()).isEqualTo(i);
            }
        }
        Eventually.holds(() -> visits.get() > TIMES);
        Eventually.holds(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("multijvm-luggage")));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void fault_inTheCleaner_leavesNoGarbage(Runnable fault) throws Exception {
        AtomicInteger visits = inject("cleaner", fault);
        try (ProcessQueue<Integer> queue = MultiJvm.queue()) {
            Connection[] others = new Connection[ITEMS];
            for (int i = 0; i < ITEMS; i++) {
                others[i] = halfOfAPipe();
            }
            for (Connection each : others) {
                Eventually.holds(() -> {
                    System.gc();
                    return each.poll(Duration.ofMillis(10)); // there is end-of-file: the other half was closed
                });
                each.close();
            }
            queue.put(1);
            assertThat(queue.take()).isEqualTo(1);
        }
        assertThat(visits.get()).isGreaterThan(TIMES);
    }

    private static Connection halfOfAPipe() {
        return MultiJvm.pipe().first();
    }
}
