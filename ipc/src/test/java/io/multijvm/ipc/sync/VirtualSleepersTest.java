package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.os.Futex;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.JdkTest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** They sleep as virtual threads do, but are ordinary ones, so that this runs on every release. */
@JdkTest
final class VirtualSleepersTest {
    private static final long LONG = Duration.ofSeconds(20).toNanos();
    private static final long SHORT = Duration.ofMillis(20).toNanos();

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Block block = family.member().domain().allocate(Integer.BYTES);
    private final VirtualSleepers sleepers = new VirtualSleepers();

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
        awaitParked(2);
        awaitAsleep(1);

        block.setIntVolatile(0, 1);
        Futex.wake(block.address(0), 1);

        assertThat(first.get()).isTrue();
        assertThat(second.get()).isTrue();
    }

    @Test
    void fault_inTheThreadThatSleepsForThem_wakesThemAllTheSame() throws Exception {
        var visits = new AtomicInteger();
        FaultPoint.inject(place -> {
            if (place.equals("futex") && visits.getAndIncrement() < 2) {
                throw new OutOfMemoryError("injected");
            }
        });
        try {
            var sleeping = Background.run(() -> sleepers.sleep(block.address(0), 0, LONG, true));
            awaitParked(1);
            awaitAsleep(1);

            block.setIntVolatile(0, 1);
            Futex.wake(block.address(0), 1);

            assertThat(sleeping.get()).isTrue();
            assertThat(visits).hasValue(3);
        } finally {
            FaultPoint.inject(null);
        }
    }

    @Test
    void wake_allVirtualOnesHaveLeft_goesToTheNext() throws Exception {
        assertThat(sleepers.sleep(block.address(0), 0, SHORT, true)).isFalse();
        awaitAsleep(1);
        var ended = new AtomicBoolean();
        var next = Background.run(() -> {
            boolean woken = Futex.sleep(block.address(0), 0, LONG);
            ended.set(true);
            return woken;
        });
        awaitAsleep(2);

        Futex.wake(block.address(0), 1);

        Eventually.holds(ended::get);
        assertThat(next.get()).isTrue();
    }

    @Test
    void sleep_interrupted_returnsAndIsNotCountedAsWoken() throws Exception {
        var interrupted = Background.run(() -> sleepers.sleep(block.address(0), 0, LONG, true)
                && Thread.currentThread().isInterrupted());
        awaitParked(1);
        interrupted.interrupt();

        assertThat(interrupted.get()).isTrue();
    }

    private static void awaitParked(int threads) {
        Eventually.holds(() -> Thread.getAllStackTraces().entrySet().stream()
                        .filter(entry -> entry.getKey().getName().equals("background"))
                        .filter(entry -> Arrays.stream(entry.getValue())
                                .anyMatch(frame -> frame.getMethodName().equals("parkNanos")))
                        .count()
                >= threads);
    }

    /** Until the kernel says that {@code threads} sleep on the word; a stack alone says only that they will. */
    private void awaitAsleep(int threads) {
        String inside = " 0x" + Long.toHexString(block.address(0)) + " ";
        Eventually.holds(
                () -> systemCalls().filter(call -> call.contains(inside)).count() >= threads);
    }

    /** The system call that each thread of this process is inside, with its arguments. */
    private static Stream<String> systemCalls() {
        var tasks = Objects.requireNonNull(new File("/proc/self/task").listFiles());
        return Arrays.stream(tasks).map(task -> {
            try {
                return Files.readString(task.toPath().resolve("syscall"));
            } catch (IOException e) {
                return "ended";
            }
        });
    }
}
