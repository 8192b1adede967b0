package io.multijvm.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.StressTest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("UnnecessaryAsync") // the atomic one is the example here
final class SharedNumberArraysTest {
    static Stream<Context> contexts() {
        return Sent.contexts();
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    void arrays_changedByAChild_areChangedHere(Context context) throws Exception {
        try (var large = SharedLongArray.of(new long[] {1, 2, 3});
                var fractions = SharedDoubleArray.of(3)) {
            Sent.run(context, () -> {
                large.set(1, Long.MIN_VALUE);
                fractions.setSlice(1, 0.5, Double.POSITIVE_INFINITY);
                assertThat(fractions.getLock().tryLock()).isTrue();
            });

            assertThat(large.toArray()).containsExactly(1, Long.MIN_VALUE, 3);
            assertThat(fractions.toArray()).containsExactly(0, 0.5, Double.POSITIVE_INFINITY);
            assertThat(fractions.getLock().tryLock(10, TimeUnit.SECONDS)).isTrue(); // its holder is dead
            fractions.getLock().unlock();
        }
    }

    @Test
    void longArray_everyOperation_givesWhatAnAtomicLongArrayGives() {
        var expected = new AtomicLongArray(new long[] {1, Long.MAX_VALUE - 2, 3});
        try (var shared = SharedLongArray.raw(new long[] {1, Long.MAX_VALUE - 2, 3})) {
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
                assertThat(shared.accumulateAndGet(i, 9, Long::sum))
                        .isEqualTo(expected.accumulateAndGet(i, 9, Long::sum));
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
    void longArray_slices_areTheElements() {
        try (var array = SharedLongArray.raw(LongStream.range(0, 20_000).toArray())) {
            var into = new long[5];
            array.get(100, into, 1, 3);
            assertThat(into).containsExactly(0, 100, 101, 102, 0);
            array.put(200, new long[] {1, 2, 3, 4}, 1, 2);
            assertThat(array.slice(199, 203)).containsExactly(199, 2, 3, 202);
            assertThat(array.sum()).isEqualTo(array.stream().sum());
            array.fill(5);
            assertThat(array.sum()).isEqualTo(100_000);
            assertThatThrownBy(() -> array.get(20_000)).hasMessage("index 20000, length 20000");
        }
    }

    @Test
    void doubleArray_everyOperation_worksOnTheElement() {
        try (var array = SharedDoubleArray.raw(new double[] {1.5, -0.0})) {
            assertThat(array.getAndAdd(0, 1)).isEqualTo(1.5);
            assertThat(array.addAndGet(0, 0.5)).isEqualTo(3);
            assertThat(array.getAndUpdate(0, n -> n * 2)).isEqualTo(3);
            assertThat(array.updateAndGet(0, n -> n / 4)).isEqualTo(1.5);
            assertThat(array.getAndAccumulate(0, 2, Math::max)).isEqualTo(1.5);
            assertThat(array.accumulateAndGet(0, -5, Math::min)).isEqualTo(-5);
            assertThat(array.getAndSet(0, 0.25)).isEqualTo(-5);
            assertThat(array.compareAndSet(1, 0.0, 1)).isFalse();
            assertThat(array.compareAndSet(1, -0.0, Double.NaN)).isTrue();
            assertThat(array.getVolatile(1)).isNaN();
            array.setVolatile(1, 2);
            array.lazySet(0, 1);
            assertThat(array.get(0)).isEqualTo(1);
            assertThat(array.toArray()).containsExactly(1, 2);
        }
    }

    @Test
    void doubleArray_slices_areTheElements() {
        double[] values = DoubleStream.iterate(0, n -> n + 1).limit(20_000).toArray();
        try (var array = SharedDoubleArray.raw(values)) {
            var into = new double[5];
            array.get(100, into, 1, 3);
            assertThat(into).containsExactly(0, 100, 101, 102, 0);
            array.put(200, new double[] {1, 2, 3, 4}, 1, 2);
            assertThat(array.slice(199, 203)).containsExactly(199, 2, 3, 202);
            array.fill(0.5);
            assertThat(array.sum()).isEqualTo(10_000);
            assertThat(array.stream()).hasSize(20_000);
            array.set(3, 7);
            assertThatThrownBy(() -> array.set(20_000, 1)).hasMessage("index 20000, length 20000");
        }
    }

    /** Takes 3 GB of memory. */
    @StressTest
    @Test
    void arrays_beyondTwoGigabytes_haveAllTheirElements() throws Exception {
        long length = 3L << 28; // 3 GiB: six chunks, each reaching into the next ones
        try (var array = SharedIntArray.of(length)) {
            long chunk = 1L << 27;
            for (long edge : new long[] {0, chunk, 2 * chunk, 4 * chunk, length}) {
                for (long index = Math.max(0, edge - 3); index < Math.min(length, edge + 3); index++) {
                    array.set(index, (int) index + 1);
                }
            }
            Sent.run(MultiJvm.getContext(), () -> {
                array.incrementAndGet(chunk);
                array.setSlice(2 * chunk - 2, 1, 2, 3, 4);
            });

            assertThat(array.get(chunk)).isEqualTo((int) chunk + 2);
            assertThat(array.get(chunk - 1)).isEqualTo((int) chunk);
            assertThat(array.slice(2 * chunk - 3, 2 * chunk + 3))
                    .containsExactly((int) (2 * chunk) - 2, 1, 2, 3, 4, (int) (2 * chunk) + 3);
            assertThat(array.get(length - 1)).isEqualTo((int) length);
            assertThatThrownBy(() -> array.get(length)).isInstanceOf(IndexOutOfBoundsException.class);
            int[] piece = array.slice(chunk - 10, 4 * chunk + 10); // over four edges, and what one buffer can have
            assertThat(piece[9]).isEqualTo((int) chunk);
            assertThat(piece[(1 << 27) + 9]).isEqualTo(2);
            assertThat(piece[3 * (1 << 27) + 10]).isEqualTo((int) (4 * chunk) + 1);
            array.fill(1);
            assertThat(array.sum()).isEqualTo(length);
        }
        assertThatThrownBy(() -> MultiJvm.rawArray('b', 1L << 50)).hasMessageContaining("no room");
    }
}
