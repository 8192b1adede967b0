package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A filter is asked of everything, whichever way a value was written. */
final class CodecFilterTest {
    record Point(int x, int y) implements Serializable {}

    enum Colour {
        RED
    }

    /** Written by Java's serialisation. */
    static final class Old implements Serializable {
        private static final long serialVersionUID = 1;
        final Object content;

        Old(Object content) {
            this.content = content;
        }
    }

    private static Stream<Object> values() {
        return Stream.of(
                1,
                true,
                2L,
                BigInteger.TEN,
                new UUID(1, 2),
                new byte[3],
                new String[] {"a"},
                new Object[0],
                Colour.RED,
                new Point(1, 2),
                List.of(),
                Set.of("a"),
                Map.of("k", "v"),
                new ArrayList<>(),
                new HashMap<>(),
                new Old("text"));
    }

    private static String typeOf(Object value) {
        return value.getClass().getTypeName();
    }

    @TestFactory
    Stream<DynamicTest> decode_filterThatRefusesAll_refusesItByName() {
        return DynamicTest.stream(
                values(),
                CodecFilterTest::typeOf,
                value -> assertThatThrownBy(() -> decode(value, info -> ObjectInputFilter.Status.REJECTED))
                        .isInstanceOf(InvalidClassException.class)
                        .hasMessageContaining("REJECTED")
                        .hasMessageMatching("(?s).*(java\\.|io\\.multijvm|\\[\\]).*"));
    }

    @TestFactory
    Stream<DynamicTest> decode_filterThatDecidesNothing_letsItIn() {
        return DynamicTest.stream(
                values(),
                CodecFilterTest::typeOf,
                value -> assertThatCode(() -> decode(value, info -> ObjectInputFilter.Status.UNDECIDED))
                        .doesNotThrowAnyException());
    }

    @Test
    void decode_listOfClasses_letsInWhatIsListed() throws Exception {
        var filter = ObjectInputFilter.Config.createFilter("java.base/*;" + Point.class.getName() + ";!*");

        assertThat(decode(List.of(new Point(1, 2), "text"), filter)).isEqualTo(List.of(new Point(1, 2), "text"));
        assertThatThrownBy(() -> decode(List.of(Colour.RED), filter)).hasMessageContaining("Colour");
        assertThatThrownBy(() -> decode(new Old("text"), filter)).hasMessageContaining("Old");
    }

    @Test
    void decode_limits_holdEitherWay() throws Exception {
        var filter = ObjectInputFilter.Config.createFilter("maxarray=10;maxdepth=3");

        assertThat(decode(new int[10], filter)).isEqualTo(new int[10]);
        assertThatThrownBy(() -> decode(new int[11], filter)).hasMessageContaining("int[]");
        assertThatThrownBy(() -> decode(new Old(new int[11]), filter)).hasMessageContaining("int[]");
        assertThatThrownBy(() -> decode(new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), filter))
                .isInstanceOf(InvalidClassException.class);
        assertThat(decode(List.of(List.of(1)), filter)).isEqualTo(List.of(List.of(1)));
        assertThatThrownBy(() -> decode(List.of(List.of(List.of(1))), filter))
                .isInstanceOf(InvalidClassException.class);
    }

    private static @Nullable Object decode(Object value, ObjectInputFilter filter)
            throws IOException, ClassNotFoundException {
        try (Encoded encoded = Codec.encode(value)) {
            return Codec.decode(encoded.bytes(), List.of(), CodecFilterTest.class.getClassLoader(), filter);
        }
    }
}
