package io.multijvm.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ReentrantProcessLock;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SharedValueTest {
    static Stream<Context> contexts() {
        return Sent.contexts();
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms({"_TestValue.test_value", "_TestSharedCTypes.test_sharedctypes", "_TestSharedCTypes.test_synchronize"})
    void value_changedByAChild_isChangedHere(Context context) throws Exception {
        SharedValue<Integer> number = context.value('i', 7);
        SharedValue<Double> fraction = context.value('d', 3.5);
        SharedValue<Integer> small = context.value('h', -3);
        SharedValue<Long> large = context.value('q', 1L << 40);
        SharedValue<Character> letter = context.value('c', 'x');
        SharedValue<Character> wide = context.value('u', '\u4e2d');
        assertThat(List.of(number.get(), fraction.get(), small.get(), large.get(), letter.get(), wide.get()))
                .isEqualTo(List.of(7, 3.5, -3, 1L << 40, 'x', '\u4e2d'));

        Sent.run(context, () -> {
            number.set(number.get() * 2);
            fraction.set(fraction.get() * 2);
            small.set(small.get() * 2);
            large.set(large.get() * 2);
            letter.set('y');
            wide.set('\u6587');
        });

        assertThat(List.of(number.get(), fraction.get(), small.get(), large.get(), letter.get(), wide.value()))
                .isEqualTo(List.of(14, 7.0, -6, 1L << 41, 'y', '\u6587'));
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms("_TestValue.test_rawvalue")
    void rawValue_changedByAChild_isChangedHere(Context context) throws Exception {
        SharedValue<Integer> number = context.rawValue('i', 7);
        SharedInt unboxed = SharedInt.raw(7);
        SharedLong large = SharedLong.raw(7);
        SharedDouble fraction = SharedDouble.raw(3.5);

        Sent.run(context, () -> {
            number.set(-1);
            unboxed.set(-2);
            large.set(Long.MIN_VALUE);
            fraction.set(Double.NaN);
        });

        assertThat(number.get()).isEqualTo(-1);
        assertThat(unboxed.get()).isEqualTo(-2);
        assertThat(large.get()).isEqualTo(Long.MIN_VALUE);
        assertThat(fraction.get()).isNaN();
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    void value_countedUpUnderItsLock_losesNothing(Context context) throws Exception {
        SharedValue<Integer> counter = context.value('i', 0);
        var children = new ArrayList<JvmProcess>();
        for (int i = 0; i < 4; i++) {
            JvmProcess child = context.process(() -> count(counter, 500));
            child.start();
            children.add(child);
        }
        count(counter, 500);
        for (JvmProcess child : children) {
            child.joinOrThrow();
        }

        assertThat(counter.get()).isEqualTo(5 * 500);
    }

    private static void count(SharedValue<Integer> counter, int times) {
        for (int i = 0; i < times; i++) {
            counter.getLock().lock();
            try {
                counter.set(counter.get() + 1);
            } finally {
                counter.getLock().unlock();
            }
        }
    }

    @ForkTest
    @Test
    void send_throughAConnection_arrivesAsTheSameValueAndLock() throws Exception {
        SharedValue<Long> value = MultiJvm.value('I', 5L);
        try (Pipe pipe = MultiJvm.pipe()) {
            Connection theirs = pipe.second();
            JvmProcess child = MultiJvm.process(() -> {
                SharedValue<?> received = theirs.recv(SharedValue.class);
                theirs.send(received.get());
                theirs.send(received.getLock().tryLock());
                theirs.send(received);
            });
            child.start();
            theirs.close();
            assertThat(value.getLock().tryLock()).isTrue();
            pipe.first().send(value);

            assertThat(pipe.first().recv()).isEqualTo(5L);
            assertThat(pipe.first().recv()).isEqualTo(false);
            SharedValue<?> back = pipe.first().recv(SharedValue.class);
            value.set(6L);
            assertThat(back.get()).isEqualTo(6L);
            assertThat(back.type()).isSameAs(ValueType.UNSIGNED_INT);
            assertThat(back.getLock()).isEqualTo(value.getLock());
            value.getLock().unlock();
            child.joinOrThrow();
        }
    }

    @Test
    void getLock_givenOrNot_isThatOneOrOneOfItsOwn() {
        var lock = ProcessLock.create();
        var reentrant = ReentrantProcessLock.create();

        assertThat(MultiJvm.value('i', 1, lock).getLock()).isSameAs(lock);
        assertThat(MultiJvm.value(ValueType.INT, 1, reentrant).getLock()).isSameAs(reentrant);
        assertThat(MultiJvm.value('i', 1).getLock()).isInstanceOf(ReentrantProcessLock.class);
        assertThat(SharedInt.of(1).getLock()).isNotEqualTo(SharedInt.of(1).getLock());
        assertThatThrownBy(() -> MultiJvm.value('i', 1, new ReentrantLock()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.util.concurrent.locks.ReentrantLock");
    }

    @Test
    void getLock_raw_isRefused() {
        SharedValue<Integer> raw = MultiJvm.rawValue(ValueType.INT, 1);

        assertThat(raw.isRaw()).isTrue();
        assertThatThrownBy(raw::getLock)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a raw SharedValue has no lock");
        assertThatThrownBy(() -> SharedInt.raw(1).getLock()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SharedLong.raw(1).getLock()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SharedDouble.raw(1).getLock()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void set_whatDoesNotBelongThere_isRefusedAndChangesNothing() {
        SharedValue<Integer> small = MultiJvm.value('b', 5);

        assertThatThrownBy(() -> small.set(300))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("value 300 for typecode 'b', -128 to 127 expected");
        assertThatThrownBy(() -> small.set(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> MultiJvm.value('I', 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("typecode 'I' holds a Long, not the Integer 5");
        assertThatThrownBy(() -> MultiJvm.value('z', 5)).isInstanceOf(IllegalArgumentException.class);
        assertThat(small.get()).isEqualTo(5);
        assertThat(small).hasToString("SharedValue['b', 5]");
    }
}
