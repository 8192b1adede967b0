package io.multijvm.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ReentrantProcessLock;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SharedArrayTest {
    private static final List<Integer> SEQUENCE = List.of(680, 626, 934, 821, 150, 233, 548, 982, 714, 831);
    private static final List<Integer> SUMS = List.of(680, 1306, 2240, 3061, 3211, 3444, 3992, 4974, 5688, 6519);

    static Stream<Context> contexts() {
        return Sent.contexts();
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms("_TestArray.test_array")
    void array_summedUpByAChild_showsTheSumsHere(Context context) throws Exception {
        try (SharedArray<Integer> array = context.array('i', SEQUENCE)) {
            checkSlices(array);
            Sent.run(context, () -> sumUp(array));
            assertThat(array).containsExactlyElementsOf(SUMS);
        }
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms("_TestArray.test_rawarray")
    void rawArray_summedUpByAChild_showsTheSumsHere(Context context) throws Exception {
        try (SharedArray<Integer> array = context.rawArray('i', SEQUENCE)) {
            checkSlices(array);
            Sent.run(context, () -> sumUp(array));
            assertThat(array).containsExactlyElementsOf(SUMS);
        }
    }

    private static void checkSlices(SharedArray<Integer> array) {
        assertThat(array.length()).isEqualTo(10);
        assertThat(array.get(3)).isEqualTo(821);
        assertThat(array.slice(2, 7)).isEqualTo(SEQUENCE.subList(2, 7));
        array.setSlice(4, List.of(1, 2, 3, 4));
        assertThat(array).containsExactly(680, 626, 934, 821, 1, 2, 3, 4, 714, 831);
        array.setSlice(4, SEQUENCE.subList(4, 8));
        assertThat(array.slice(0, 10)).isEqualTo(SEQUENCE);
    }

    private static void sumUp(SharedArray<Integer> array) {
        for (int i = 1; i < array.length(); i++) {
            array.set(i, array.get(i) + array.get(i - 1));
        }
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms({"_TestSharedCTypes.test_sharedctypes", "_TestSharedCTypes.test_synchronize"})
    void array_ofFractionsAndBytes_isDoubledByAChild(Context context) throws Exception {
        try (SharedArray<Double> fractions = context.rawArray('d', 10);
                SharedArray<Character> text = context.array('c', 20)) {
            for (int i = 0; i < 10; i++) {
                fractions.set(i, (double) i);
            }
            text.setSlice(0, List.of('h', 'e', 'l', 'l', 'o'));

            Sent.run(context, () -> {
                for (int i = 0; i < 10; i++) {
                    fractions.set(i, fractions.get(i) * 2);
                }
                text.getLock().lock();
                try {
                    text.setSlice(5, text.slice(0, 5));
                } finally {
                    text.getLock().unlock();
                }
            });

            assertThat(fractions).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0);
            assertThat(text.slice(0, 11)).containsExactly('h', 'e', 'l', 'l', 'o', 'h', 'e', 'l', 'l', 'o', '\0');
        }
    }

    @Test
    @Conforms("_TestArray.test_getobj_getlock_obj")
    void getLock_givenOrNot_isThatOneOrOneOfItsOwn() {
        var lock = ProcessLock.create();
        try (SharedArray<Integer> own = MultiJvm.array('i', 10);
                SharedArray<Integer> given = MultiJvm.array('i', 10, lock);
                SharedArray<Integer> copied = MultiJvm.array(ValueType.INT, List.of(1), lock);
                SharedArray<Integer> raw = MultiJvm.rawArray('i', 10)) {
            assertThat(own.getLock()).isInstanceOf(ReentrantProcessLock.class);
            assertThat(given.getLock()).isSameAs(lock);
            assertThat(copied.getLock()).isSameAs(lock);
            assertThat(raw.isRaw()).isTrue();
            assertThatThrownBy(raw::getLock).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> MultiJvm.array('i', 10, new ReentrantLock()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @Conforms("_TestSharedCTypes.test_copy")
    void create_ofAnArraysElements_isIndependentOfIt() {
        try (SharedArray<Integer> array = MultiJvm.array('i', SEQUENCE);
                SharedArray<Integer> copy = MultiJvm.array('i', array.slice(0, array.length()))) {
            array.fill(0);

            assertThat(copy).containsExactlyElementsOf(SEQUENCE);
        }
    }

    @ParameterizedTest
    @MethodSource("io.multijvm.shared.ValueTypeTest#types")
    void array_everyType_keepsTheEndsOfItsRange(char code, int bytes, Class<?> type, Object least, Object greatest)
            throws Exception {
        try (SharedArray<Object> array = MultiJvm.rawArray(code, 3)) {
            array.setSlice(1, List.of(least, greatest));
            try (SharedArray<Object> copy = Sent.copy(array)) {
                assertThat(copy.slice(1, 3)).containsExactly(least, greatest);
                assertThat(copy.type().typecode()).isEqualTo(code);
                array.fill(greatest);
                assertThat(copy).containsOnly(greatest).hasSize(3);
            }
        }
    }

    @Test
    void array_wrongIndexOrValue_isAnErrorThatSaysSo() {
        try (SharedArray<Integer> array = MultiJvm.array('B', List.of(1, 2, 3))) {
            for (long index : new long[] {-1, 3, 1L << 32}) {
                assertThatThrownBy(() -> array.get(index))
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessage("index " + index + ", length 3");
                assertThatThrownBy(() -> array.set(index, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThatThrownBy(() -> array.slice(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> array.slice(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> array.setSlice(2, List.of(7, 8))).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> array.setSlice(0, List.of(7, 256))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> array.set(0, null)).isInstanceOf(NullPointerException.class);
            assertThat(array).containsExactly(1, 2, 3);

            var all = array.iterator();
            all.forEachRemaining(each -> {});
            assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void array_badLength_isRefused() {
        assertThatThrownBy(() -> MultiJvm.array('i', -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length: -1");
        assertThatThrownBy(() -> SharedIntArray.raw(Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        try (SharedArray<Integer> empty = MultiJvm.array('i', 0)) {
            assertThat(empty).isEmpty();
            assertThat(empty.slice(0, 0)).isEmpty();
        }
    }

    @Test
    void array_ofValuesOneOfWhichIsWrong_leavesNoFile() throws Exception {
        var before = Sent.files("array");

        assertThatThrownBy(() -> MultiJvm.array(ValueType.BYTE, new ArrayList<>(List.of(1, 128))))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(Sent.files("array")).isEqualTo(before);
    }
}
