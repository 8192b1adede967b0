package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.testkit.JdkTest;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@JdkTest
final class RecordShapeTest {
    private static final ClassLoader LOADER = RecordShapeTest.class.getClassLoader();
    private static final int UNTIL_LINKED = 6_000;

    @Test
    void make_oftenEnoughToBeLinked_isTheSameAllTheTime() throws Exception {
        var all =
                new Everything(true, (byte) -1, (short) -2, 'ä', -3, Long.MIN_VALUE, 1.5f, -0.0, "text", new int[] {7});
        for (int i = 0; i < UNTIL_LINKED; i++) {
            var copy = (Everything) copy(all);

            assertThat(copy.components()).as("copy %d", i).isEqualTo(all.components());
        }
    }

    @Test
    void make_refusedByTheConstructorFirstAndLast_saysWhyAlike() throws Exception {
        byte[] bytes = Codec.encode(new Small(1)).bytes();
        bytes[bytes.length - 1] = 100;
        for (int i = 0; i < UNTIL_LINKED; i++) {
            assertThatThrownBy(() -> Codec.decode(bytes, List.of(), LOADER))
                    .isInstanceOf(InvalidObjectException.class)
                    .hasRootCauseInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("too large");
            copy(new Small(1));
        }
    }

    @Test
    void decode_componentOfAnotherType_isAnIoError() {
        byte[] bytes = Codec.encode(new Small(1)).bytes();
        bytes[bytes.length - 5] = Tag.FLOAT;

        assertThatThrownBy(() -> Codec.decode(bytes, List.of(), LOADER)).isInstanceOf(IOException.class);
    }

    @Test
    void encode_recordsOfOneClass_nameItOnce() throws Exception {
        var one = new ArrayList<>(List.of(new Small(1)));
        var ten = new ArrayList<Small>();
        for (int i = 0; i < 10; i++) {
            ten.add(new Small(i));
        }

        assertThat(Codec.encode(ten).length()).isLessThan(Codec.encode(one).length() + 9 * 8);
        assertThat(copy(ten)).isEqualTo(ten);
    }

    @Test
    void decode_recordsOfManyClasses_areTheSame() throws Exception {
        var values = new ArrayList<Object>();
        for (int round = 0; round < 3; round++) {
            values.addAll(List.of(
                    new R00(1), new R01(1), new R02(1), new R03(1), new R04(1), new R05(1), new R06(1), new R07(1)));
            values.addAll(List.of(
                    new R08(1), new R09(1), new R10(1), new R11(1), new R12(1), new R13(1), new R14(1), new R15(1)));
            values.addAll(List.of(new R16(1), new R17(new R16(2)), new Small(3)));
        }

        assertThat(copy(values)).isEqualTo(values);
    }

    @Test
    void decode_sameNameInSeveralLoaders_isOfTheLoaderGiven() throws Exception {
        byte[] bytes = Codec.encode(new Small(7)).bytes();
        URL classes =
                RecordShapeTest.class.getProtectionDomain().getCodeSource().getLocation();
        try (var first = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
                var second = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            for (ClassLoader loader : List.of(first, second, LOADER, second, first)) {
                Object copy = Codec.decode(bytes, List.of(), loader);

                assertThat(copy.getClass().getClassLoader()).isSameAs(loader);
                assertThat(copy).hasToString("Small[number=7]");
            }
        }
    }

    private static Object copy(Object value) throws IOException, ClassNotFoundException {
        try (var encoded = Codec.encode(value)) {
            assertThat(encoded.array()[0]).isNotEqualTo((byte) Tag.SERIALISED);
            return Copies.decode(encoded);
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Everything(
            boolean flag,
            byte small,
            short number,
            char letter,
            int whole,
            long large,
            float real,
            double precise,
            String text,
            int[] array)
            implements Serializable {
        /** What is stored is sent, not what this says. */
        @Override
        public int whole() {
            return 42;
        }

        /** The fields themselves. */
        List<Object> components() {
            return List.of(flag, small, number, letter, whole, large, real, precise, text, array[0], array.length);
        }
    }

    record Small(int number) implements Serializable {
        Small {
            if (number > 99) {
                throw new IllegalArgumentException("too large");
            }
        }
    }

    record R00(int number) implements Serializable {}

    record R01(int number) implements Serializable {}

    record R02(int number) implements Serializable {}

    record R03(int number) implements Serializable {}

    record R04(int number) implements Serializable {}

    record R05(int number) implements Serializable {}

    record R06(int number) implements Serializable {}

    record R07(int number) implements Serializable {}

    record R08(int number) implements Serializable {}

    record R09(int number) implements Serializable {}

    record R10(int number) implements Serializable {}

    record R11(int number) implements Serializable {}

    record R12(int number) implements Serializable {}

    record R13(int number) implements Serializable {}

    record R14(int number) implements Serializable {}

    record R15(int number) implements Serializable {}

    record R16(int number) implements Serializable {}

    record R17(R16 inner) implements Serializable {}
}
