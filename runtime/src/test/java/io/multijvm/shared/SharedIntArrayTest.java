package io.multijvm.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes for all arrays is shown on the one of {@code int}; the others' own is in {@link SharedNumberArraysTest}. */
@SuppressWarnings("UnnecessaryAsync") // the atomic one is the example here
final class SharedIntArrayTest {
    static Stream<Context> contexts() {
        return Sent.contexts();
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    void array_usedByChildren_isOneArray(Context context) throws Exception {
        try (var array = SharedIntArray.of(1000)) {
            var children = new ArrayList<JvmProcess>();
            for (int i = 0; i < 3; i++) {
                JvmProcess child = context.process(() -> countEach(array));
                child.start();
                children.add(child);
            }
            countEach(array);
            for (JvmProcess child : children) {
                child.joinOrThrow();
            }

            assertThat(array.stream()).hasSize(1000).containsOnly(4 * 30);
        }
    }

    /** Adds thirty to each element: to the first half atomically, to the other under the lock. */
    private static void countEach(SharedIntArray array) {
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 500; i++) {
                array.incrementAndGet(i);
            }
            array.getLock().lock();
            try {
                for (int i = 500; i < 1000; i++) {
                    array.set(i, array.get(i) + 1);
                }
            } finally {
                array.getLock().unlock();
            }
        }
    }

    @Test
    void operations_onAnElement_giveWhatAnAtomicIntegerArrayGives() {
        var expected = new AtomicIntegerArray(new int[] {1, Integer.MAX_VALUE - 2, 3});
        try (var shared = SharedIntArray.raw(new int[] {1, Integer.MAX_VALUE - 2, 3})) {
            for (int i = 0; i < 3; i++) {
                assertThat(shared.getAndAdd(i, 2)).isEqualTo(expected.getAndAdd(i, 2));
                assertThat(shared.addAndGet(i, -1)).isEqualTo(expected.addAndGet(i, -1));
                assertThat(shared.getAndIncrement(i)).isEqualTo(expected.getAndIncrement(i));
                assertThat(shared.incrementAndGet(i)).isEqualTo(expected.incrementAndGet(i));
                assertThat(shared.getAndDecrement(i)).isEqualTo(expected.getAndDecrement(i));
                assertThat(shared.decrementAndGet(i)).isEqualTo(expected.decrementAndGet(i));
                assertThat(shared.getAndUpdate(i, n -> n / 3)).isEqualTo(expected.getAndUpdate(i, n -> n / 3));
                assertThat(shared.updateAndGet(i, n -> n * 3)).isEqualTo(expected.updateAndGet(i, n -> n * 3));
                assertThat(shared.getAndAccumulate(i, 5, Math::max))
                        .isEqualTo(expected.getAndAccumulate(i, 5, Math::max));
                assertThat(shared.accumulateAndGet(i, 9, Integer::sum))
                        .isEqualTo(expected.accumulateAndGet(i, 9, Integer::sum));
                assertThat(shared.getVolatile(i)).isEqualTo(expected.get(i));
                assertThat(shared.getAndSet(i, i)).isEqualTo(expected.getAndSet(i, i));
                assertThat(shared.compareAndSet(i, -1, 0)).isFalse();
                assertThat(shared.compareAndSet(i, i, 7)).isTrue();
                shared.setVolatile(i, shared.getVolatile(i) + 1);
            }
            shared.lazySet(1, 9);
            assertThat(shared.toArray()).containsExactly(8, 9, 8);
        }
    }

    @Test
    void slices_readAndWritten_areTheElements() {
        try (var array = SharedIntArray.raw(IntStream.range(0, 20_000).toArray())) {
            var into = new int[5];
            array.get(100, into, 1, 3);
            assertThat(into).containsExactly(0, 100, 101, 102, 0);
            array.put(200, new int[] {1, 2, 3, 4}, 1, 2);
            assertThat(array.slice(199, 203)).containsExactly(199, 2, 3, 202);
            array.setSlice(19_998, -1, -2);
            assertThat(array.slice(19_998, 20_000)).containsExactly(-1, -2);
            array.setSlice(20_000);
            assertThat(array.slice(20_000, 20_000)).isEmpty();

            array.fill(3);
            assertThat(array.sum()).isEqualTo(60_000);
            array.fill(Integer.MAX_VALUE);
            assertThat(array.sum()).isEqualTo(20_000L * Integer.MAX_VALUE);
        }
    }

    @Test
    void anything_outOfBounds_isRefusedWithIndexAndLength() {
        try (var array = SharedIntArray.raw(10)) {
            for (long index : new long[] {-1, 10, Integer.MAX_VALUE, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
                for (ThrowingCallable access : List.<ThrowingCallable>of(
                        () -> array.get(index),
                        () -> array.set(index, 1),
                        () -> array.getVolatile(index),
                        () -> array.compareAndSet(index, 0, 1))) {
                    assertThatThrownBy(access)
                            .isInstanceOf(IndexOutOfBoundsException.class)
                            .hasMessage("index " + index + ", length 10");
                }
                assertThatThrownBy(() -> array.get(index, new int[2], 0, 2))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> array.setSlice(index, 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> array.slice(0, index == 10 ? 11 : index))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThatThrownBy(() -> array.get(0, new int[2], 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> array.get(0, new int[2], 0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(array.sum()).isZero();
        }
    }

    @Test
    void close_ofTheMakersHandle_removesTheFileAndLeavesCopiesTheirMemory() throws Exception {
        var before = Sent.files("array");
        var array = SharedIntArray.raw(new int[] {1, 2, 3});
        SharedIntArray copy = Sent.copy(array);
        byte[] underWay = Sent.encode(array);

        array.close();
        array.close();

        assertThat(Sent.files("array")).isEqualTo(before);
        assertThat(copy.toArray()).containsExactly(1, 2, 3);
        copy.close();
        assertThatThrownBy(() -> Sent.decode(underWay)).hasRootCauseInstanceOf(NoSuchFileException.class);
    }

    @Test
    void close_ofACopy_leavesTheFile() throws Exception {
        try (var array = SharedIntArray.raw(3)) {
            var with = Sent.files("array");

            Sent.<SharedIntArray>copy(array).close();

            assertThat(Sent.files("array")).isEqualTo(with);
        }
    }

    @Test
    void copies_ofOneArray_shareAMappingUntilTheLastIsClosed() throws Exception {
        try (var array = SharedIntArray.raw(new int[] {1, 2, 3})) {
            String own = Sent.newest("array");
            SharedIntArray one = Sent.copy(array);
            SharedIntArray two = Sent.copy(array);
            assertThat(Sent.mappings(own)).isEqualTo(2);

            one.close();
            one.close();
            assertThat(Sent.mappings(own)).isEqualTo(2);
            assertThat(two.toArray()).containsExactly(1, 2, 3);
            assertThatThrownBy(() -> one.get(0)).isInstanceOf(IllegalStateException.class);

            two.close();
            assertThat(Sent.mappings(own)).isEqualTo(1);
            try (SharedIntArray three = Sent.copy(array)) {
                array.set(0, 7);
                assertThat(three.get(0)).isEqualTo(7);
            }
        }
    }

    @Test
    void copy_ofAnArrayThatIsGone_isRefusedThoughAnotherCopyHasIt() throws Exception {
        var array = SharedIntArray.raw(3);
        try (SharedIntArray copy = Sent.copy(array)) {
            byte[] underWay = Sent.encode(array);
            array.close();

            assertThatThrownBy(() -> Sent.decode(underWay)).hasRootCauseInstanceOf(NoSuchFileException.class);
            assertThat(copy.get(0)).isZero();
        }
    }

    @Test
    void anything_afterClose_isRefused() {
        var array = SharedIntArray.of(new int[] {1, 2, 3});
        array.close();

        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> array.get(0),
                () -> array.get(7),
                () -> array.set(0, 1),
                () -> array.getVolatile(0),
                () -> array.incrementAndGet(0),
                () -> array.setSlice(0, 1),
                array::toArray,
                array::sum,
                () -> array.fill(1))) {
            assertThatThrownBy(use)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("SharedIntArray[length 3] is closed");
        }
        assertThatThrownBy(() -> Sent.encode(array)).hasMessageContaining("is closed and cannot be sent");
        assertThat(array.length()).isEqualTo(3);
        assertThat(array.getLock().tryLock()).isTrue();
        array.getLock().unlock();
    }

    @Test
    void array_neverSentAndForgotten_leavesNoFile() throws Exception {
        var before = Sent.files("array");
        for (int i = 0; i < 100; i++) {
            SharedIntArray.raw(10).set(0, i);
        }

        Awaitility.await().untilAsserted(() -> {
            System.gc();
            assertThat(Sent.files("array")).isEqualTo(before);
        });
    }

    @Test
    void array_sentAndForgotten_isThereForWhomItWasSentTo() throws Exception {
        byte[] underWay = Sent.encode(SharedIntArray.raw(new int[] {1, 2, 3}));
        var bystander = Sent.files("array").size();
        SharedIntArray.raw(1).set(0, 1);

        Awaitility.await().untilAsserted(() -> {
            System.gc();
            assertThat(Sent.files("array")).hasSize(bystander);
        });
        try (var arrived = (SharedIntArray) Sent.decode(underWay)) {
            assertThat(arrived.toArray()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void array_largerThanAllThereIs_isRefusedAtOnceAndLeavesNothing() throws Exception {
        var before = Sent.files("array");

        assertThatThrownBy(() -> SharedIntArray.raw(1L << 50))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no room for a SharedIntArray of length " + (1L << 50))
                .hasStackTraceContaining("are left");

        assertThat(Sent.files("array")).isEqualTo(before);
    }

    @Test
    void create_byAnInterruptedThread_succeedsAndLeavesItInterrupted() {
        Thread.currentThread().interrupt();
        try (var array = SharedIntArray.raw(5_000_000)) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(array.sum()).isZero();
        } finally {
            Thread.interrupted();
        }
    }

    @ForkTest
    @Test
    void close_whileAnotherThreadReads_crashesNothing() throws Exception {
        var ended = ChildJvm.of(ReadWhileClosing.class).run();

        assertThat(ended.exitCode()).as(ended.stderr()).isZero();
        assertThat(ended.stdout()).isEqualTo("closed 20 times under readers\n");
    }

    /** Closes arrays and blocks under threads that read and write them as fast as they can. */
    static final class ReadWhileClosing {
        public static void main(String[] arguments) throws Exception {
            for (int round = 0; round < 20; round++) {
                var array = SharedIntArray.raw(1_000_000);
                array.fill(1);
                var memory = SharedMemory.create(1_000_000);
                var buffer = memory.buffer();
                var running = new CountDownLatch(3);
                var threads = List.of(
                        reader(running, () -> array.set(7, array.stream().sum())),
                        reader(running, () -> {
                            for (int i = 1; i < 1_000_000; i++) {
                                array.set(i, array.get(i) + array.get(i - 1));
                            }
                            array.incrementAndGet(0); // what is compiled need not look at plain fields again
                        }),
                        reader(running, () -> {
                            for (int at = 0; at < buffer.capacity(); at += 8) {
                                buffer.putLong(at, buffer.getLong(at) + 1);
                            }
                            memory.requireOpen();
                        }));
                running.await();
                array.close();
                memory.close();
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            System.out.println("closed 20 times under readers");
        }

        private static Thread reader(CountDownLatch running, Runnable reading) {
            var thread = new Thread(() -> {
                try {
                    reading.run();
                    running.countDown();
                    while (true) {
                        reading.run();
                    }
                } catch (IllegalStateException e) {
                    // closed
                }
            });
            thread.start();
            return thread;
        }
    }
}
