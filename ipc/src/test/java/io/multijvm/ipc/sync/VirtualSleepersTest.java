package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.os.Futex;
import io.multijvm.testkit.Background;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** They sleep as virtual threads do, but are ordinary ones, so that this runs on every release. */
final class VirtualSleepersTest {
    private static final long LONG = Duration.ofSeconds(20).toNanos();
    private static final long SHORT = Duration.ofMillis(20).toNanos();

    private final Household household = Household.create();
    private final Block block = household.member().domain().allocate(Integer.BYTES);
    private final VirtualSleepers sleepers = new VirtualSleepers();

    VirtualSleepersTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        household.close();
    }

    @Test
    void sleep_wordIsAnother_returns() {
        assertThat(sleepers.sleep(block.address(0), 1, LONG, true)).isTrue();
    }

    @Test
    void sleep_nothingHappens_isFalse() {
        assertThat(sleepers.sleep(block.address(0), 0, SHORT, true)).isFalse();
    }

    @Test
    void wake_severalOfOneWord_wakesAll() throws Exception {
        var first = Background.run(() -> sleepers.sleep(block.address(0), 0, LONG, true));
        var second = Background.run(() -> sleepers.sleep(block.address(0), 0, LONG, true));
        awaitInside(2, "parkNanos");
        awaitInside(1, "syscall");

        block.setIntVolatile(0, 1);
        Futex.wake(block.address(0), 1);

        assertThat(first.get()).isTrue();
        assertThat(second.get()).isTrue();
    }

    @Test
    void wake_allVirtualOnesHaveLeft_goesToTheNext() throws Exception {
        assertThat(sleepers.sleep(block.address(0), 0, SHORT, true)).isFalse();
        awaitInside(1, "syscall");
        var ended = new AtomicBoolean();
        var next = Background.run(() -> {
            boolean woken = Futex.sleep(block.address(0), 0, LONG);
            ended.set(true);
            return woken;
        });
        awaitInside(2, "syscall");

        Futex.wake(block.address(0), 1);

        await(ended::get);
        assertThat(next.get()).isTrue();
    }

    @Test
    void sleep_interrupted_returnsAndIsNotCountedAsWoken() throws Exception {
        var interrupted = Background.run(() -> sleepers.sleep(block.address(0), 0, LONG, true)
                && Thread.currentThread().isInterrupted());
        awaitInside(1, "parkNanos");
        interrupted.interrupt();

        assertThat(interrupted.get()).isTrue();
    }

    /** Threads of this test inside a method called {@code name}. */
    private static void awaitInside(int threads, String name) {
        await(() -> Thread.getAllStackTraces().entrySet().stream()
                        .filter(entry -> entry.getKey().getName().matches("background|multijvm-futex"))
                        .filter(entry -> Arrays.stream(entry.getValue())
                                .anyMatch(frame -> frame.getMethodName().equals(name)))
                        .count()
                >= threads);
    }

    private static void await(BooleanSupplier condition) {
        Deadline end = Deadline.after(Duration.ofSeconds(10));
        while (!condition.getAsBoolean()) {
            assertThat(end.isOver()).isFalse();
            Thread.onSpinWait();
        }
    }
}
