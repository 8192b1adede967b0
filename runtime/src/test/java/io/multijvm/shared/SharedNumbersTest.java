package io.multijvm.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link SharedInt}, {@link SharedLong} and {@link SharedDouble} do what the JDK's atomic numbers do. */
@SuppressWarnings("UnnecessaryAsync") // the atomic ones are the example here
final class SharedNumbersTest {
    static Stream<Context> contexts() {
        return Sent.contexts();
    }

    @Test
    void sharedInt_everyOperation_givesWhatAnAtomicIntegerGives() {
        var expected = new AtomicInteger(Integer.MAX_VALUE - 3);
        var shared = SharedInt.of(Integer.MAX_VALUE - 3);

        for (int i = 0; i < 3; i++) { // over the edge of the range
            assertThat(shared.getAndAdd(2)).isEqualTo(expected.getAndAdd(2));
            assertThat(shared.addAndGet(-1)).isEqualTo(expected.addAndGet(-1));
            assertThat(shared.getAndIncrement()).isEqualTo(expected.getAndIncrement());
            assertThat(shared.incrementAndGet()).isEqualTo(expected.incrementAndGet());
            assertThat(shared.getAndDecrement()).isEqualTo(expected.getAndDecrement());
            assertThat(shared.decrementAndGet()).isEqualTo(expected.decrementAndGet());
            assertThat(shared.getAndUpdate(n -> n / 3)).isEqualTo(expected.getAndUpdate(n -> n / 3));
            assertThat(shared.updateAndGet(n -> n * 3)).isEqualTo(expected.updateAndGet(n -> n * 3));
            assertThat(shared.getAndAccumulate(5, Integer::max)).isEqualTo(expected.getAndAccumulate(5, Integer::max));
            assertThat(shared.accumulateAndGet(9, Integer::sum)).isEqualTo(expected.accumulateAndGet(9, Integer::sum));
            assertThat(shared.getAndSet(i)).isEqualTo(expected.getAndSet(i));
            assertThat(shared.compareAndSet(i + 1, 0)).isFalse();
            assertThat(shared.compareAndSet(i, Integer.MAX_VALUE)).isTrue();
            expected.set(Integer.MAX_VALUE);
            assertThat(shared.get()).isEqualTo(expected.get());
        }
        shared.lazySet(-7);
        assertThat(shared.getPlain()).isEqualTo(-7);
        assertThat(List.of(shared.intValue(), shared.longValue(), shared.floatValue(), shared.doubleValue()))
                .isEqualTo(List.of(-7, -7L, -7f, -7d));
        assertThat(shared).hasToString("-7");
    }

    @Test
    void sharedLong_everyOperation_givesWhatAnAtomicLongGives() {
        var expected = new AtomicLong(Long.MAX_VALUE - 3);
        var shared = SharedLong.of(Long.MAX_VALUE - 3);

        for (int i = 0; i < 3; i++) {
            assertThat(shared.getAndAdd(2)).isEqualTo(expected.getAndAdd(2));
            assertThat(shared.addAndGet(-1)).isEqualTo(expected.addAndGet(-1));
            assertThat(shared.getAndIncrement()).isEqualTo(expected.getAndIncrement());
            assertThat(shared.incrementAndGet()).isEqualTo(expected.incrementAndGet());
            assertThat(shared.getAndDecrement()).isEqualTo(expected.getAndDecrement());
            assertThat(shared.decrementAndGet()).isEqualTo(expected.decrementAndGet());
            assertThat(shared.getAndUpdate(n -> n / 3)).isEqualTo(expected.getAndUpdate(n -> n / 3));
            assertThat(shared.updateAndGet(n -> n * 3)).isEqualTo(expected.updateAndGet(n -> n * 3));
            assertThat(shared.getAndAccumulate(5, Long::max)).isEqualTo(expected.getAndAccumulate(5, Long::max));
            assertThat(shared.accumulateAndGet(9, Long::sum)).isEqualTo(expected.accumulateAndGet(9, Long::sum));
            assertThat(shared.getAndSet(i)).isEqualTo(expected.getAndSet(i));
            assertThat(shared.compareAndSet(i + 1, 0)).isFalse();
            assertThat(shared.compareAndSet(i, Long.MAX_VALUE)).isTrue();
            expected.set(Long.MAX_VALUE);
            assertThat(shared.get()).isEqualTo(expected.get());
        }
        shared.lazySet((1L << 32) - 7);
        assertThat(shared.getPlain()).isEqualTo((1L << 32) - 7);
        assertThat(shared.intValue()).isEqualTo(-7);
    }

    @Test
    void sharedDouble_everyOperation_worksOnTheValue() {
        var shared = SharedDouble.of(1.5);

        assertThat(shared.getAndAdd(1)).isEqualTo(1.5);
        assertThat(shared.addAndGet(0.5)).isEqualTo(3);
        assertThat(shared.getAndUpdate(n -> n * 2)).isEqualTo(3);
        assertThat(shared.updateAndGet(n -> n / 4)).isEqualTo(1.5);
        assertThat(shared.getAndAccumulate(2, Math::max)).isEqualTo(1.5);
        assertThat(shared.accumulateAndGet(-5, Math::min)).isEqualTo(-5);
        assertThat(shared.getAndSet(0.0)).isEqualTo(-5);
        assertThat(shared.compareAndSet(-0.0, 1)).isFalse();
        assertThat(shared.compareAndSet(0.0, Double.NaN)).isTrue();
        assertThat(shared.compareAndSet(Double.NaN, 2.75)).isTrue();
        assertThat(List.of(shared.intValue(), shared.longValue(), shared.floatValue(), shared.doubleValue()))
                .isEqualTo(List.of(2, 2L, 2.75f, 2.75));
        shared.lazySet(-0.0);
        assertThat(shared.getPlain()).isEqualTo(-0.0);
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    void incrementAndGet_inSeveralProcesses_losesNothing(Context context) throws Exception {
        var number = SharedInt.raw(0);
        var large = SharedLong.raw(0);
        var fraction = SharedDouble.raw(0);
        var children = new ArrayList<JvmProcess>();
        for (int i = 0; i < 3; i++) {
            JvmProcess child = context.process(() -> count(number, large, fraction));
            child.start();
            children.add(child);
        }
        count(number, large, fraction);
        for (JvmProcess child : children) {
            child.joinOrThrow();
        }

        assertThat(number.get()).isEqualTo(4 * 20_000);
        assertThat(large.get()).isEqualTo(4 * 20_000);
        assertThat(fraction.get()).isEqualTo(4 * 20_000);
    }

    private static void count(SharedInt number, SharedLong large, SharedDouble fraction) {
        for (int i = 0; i < 20_000; i++) {
            number.incrementAndGet();
            large.updateAndGet(n -> n + 1);
            fraction.addAndGet(1);
        }
    }
}
