package io.multijvm.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.codec.Codec;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ValueTypeTest {
    private static final BigInteger MAX_UNSIGNED_LONG = new BigInteger("18446744073709551615");

    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of('c', 1, Character.class, '\0', '\u00ff'),
                Arguments.of('u', 2, Character.class, '\0', '\uffff'),
                Arguments.of('b', 1, Integer.class, -128, 127),
                Arguments.of('B', 1, Integer.class, 0, 255),
                Arguments.of('h', 2, Integer.class, -32768, 32767),
                Arguments.of('H', 2, Integer.class, 0, 65535),
                Arguments.of('i', 4, Integer.class, Integer.MIN_VALUE, Integer.MAX_VALUE),
                Arguments.of('I', 4, Long.class, 0L, 4294967295L),
                Arguments.of('l', 8, Long.class, Long.MIN_VALUE, Long.MAX_VALUE),
                Arguments.of('q', 8, Long.class, Long.MIN_VALUE, Long.MAX_VALUE),
                Arguments.of('L', 8, BigInteger.class, BigInteger.ZERO, MAX_UNSIGNED_LONG),
                Arguments.of('Q', 8, BigInteger.class, BigInteger.ZERO, MAX_UNSIGNED_LONG),
                Arguments.of('f', 4, Float.class, -Float.MAX_VALUE, Float.MAX_VALUE),
                Arguments.of('d', 8, Double.class, -Double.MAX_VALUE, Double.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("types")
    void of_everyTypecode_hasItsSizeClassAndRange(char code, int bytes, Class<?> type, Object least, Object greatest) {
        ValueType<?> found = ValueType.of(code);

        assertThat(found.typecode()).isEqualTo(code);
        assertThat(found.bytes()).isEqualTo(bytes);
        assertThat(found.type()).isEqualTo(type);
        assertThat(found.minimum()).isEqualTo(least);
        assertThat(found.maximum()).isEqualTo(greatest);
    }

    @ParameterizedTest
    @MethodSource("types")
    void encode_endsOfTheRange_areDecodedFromTheirBytesAlone(
            char code, int bytes, Class<?> type, Object least, Object greatest) {
        ValueType<?> found = ValueType.of(code);
        int unused = Long.SIZE - bytes * Byte.SIZE;

        for (Object value : List.of(least, greatest)) {
            long bits = found.encode(value);
            assertThat(found.decode(bits)).isEqualTo(value);
            assertThat(found.decode(bits << unused >> unused)).isEqualTo(value);
            assertThat(found.decode(bits << unused >>> unused)).isEqualTo(value);
        }
    }

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                Arguments.of('c', '\u0100', "value 256 for typecode 'c', 0 to 255 expected"),
                Arguments.of('b', 300, "value 300 for typecode 'b', -128 to 127 expected"),
                Arguments.of('b', -129, "value -129 for typecode 'b', -128 to 127 expected"),
                Arguments.of('B', -1, "value -1 for typecode 'B', 0 to 255 expected"),
                Arguments.of('h', 32768, "value 32768 for typecode 'h', -32768 to 32767 expected"),
                Arguments.of('H', 65536, "value 65536 for typecode 'H', 0 to 65535 expected"),
                Arguments.of('I', -1L, "value -1 for typecode 'I', 0 to 4294967295 expected"),
                Arguments.of('I', 1L << 32, "value 4294967296 for typecode 'I', 0 to 4294967295 expected"),
                Arguments.of(
                        'L', BigInteger.ONE.negate(), "value -1 for typecode 'L', 0 to 18446744073709551615 expected"),
                Arguments.of(
                        'Q',
                        BigInteger.TWO.pow(64),
                        "value 18446744073709551616 for typecode 'Q', 0 to 18446744073709551615 expected"));
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void encode_outOfRange_saysWhatTheRangeIs(char code, Object value, String message) {
        assertThatThrownBy(() -> ValueType.of(code).encode(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void encode_floatingPoint_keepsEveryValue() {
        for (Float value : new Float[] {Float.NaN, Float.POSITIVE_INFINITY, -0.0f, Float.MIN_VALUE}) {
            assertThat(ValueType.FLOAT.decode(ValueType.FLOAT.encode(value))).isEqualTo(value);
        }
        for (Double value : new Double[] {Double.NaN, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE}) {
            assertThat(ValueType.DOUBLE.decode(ValueType.DOUBLE.encode(value))).isEqualTo(value);
        }
    }

    @Test
    void encode_anotherClass_saysWhichIsRight() {
        assertThatThrownBy(() -> ValueType.UNSIGNED_INT.encode(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("typecode 'I' holds a Long, not the Integer 5");
        assertThatThrownBy(() -> ValueType.INT.encode("5"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("typecode 'i' holds an Integer, not the String 5");
    }

    @Test
    void encode_null_saysWhatIsMissing() {
        assertThatThrownBy(() -> ValueType.DOUBLE.encode(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("typecode 'd' holds a Double, not null");
    }

    @Test
    void of_unknownTypecode_namesTheKnownOnes() {
        assertThatThrownBy(() -> ValueType.of('x'))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("typecode 'x', one of c u b B h H i I l L q Q f d expected");
    }

    @Test
    void type_sentOnItsOwn_isTheSameObject() throws Exception {
        byte[] bytes = Codec.encode(ValueType.UNSIGNED_LONG).bytes();

        assertThat(Codec.decode(bytes, List.of(), getClass().getClassLoader())).isSameAs(ValueType.UNSIGNED_LONG);
    }
}
