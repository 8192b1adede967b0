package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.shared.SharedValue;
import io.multijvm.shared.ValueType;
import java.math.BigInteger;
import java.util.List;

/**
 * A value in shared memory has a type that is chosen by its typecode, and only takes what fits into it.
 *
 * <p>Expect: what a child sets, the parent sees; then a line for each typecode with its Java type, its size, the least
 * and the greatest value that it can have, and what it says about a value beyond.
 */
public final class ValueTypes {
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

    /** For each typecode the ends of its range and a value outside, or one of a wider type if there is none outside. */
    private static final List<Range> RANGES = List.of(
            new Range('c', '\0', '\u00ff', '\u0100'),
            new Range('u', '\0', '\uffff', "two"),
            new Range('b', -128, 127, 128),
            new Range('B', 0, 255, -1),
            new Range('h', -32768, 32767, -32769),
            new Range('H', 0, 65535, 65536),
            new Range('i', Integer.MIN_VALUE, Integer.MAX_VALUE, 1L << 31),
            new Range('I', 0L, (1L << 32) - 1, 1L << 32),
            new Range('l', Long.MIN_VALUE, Long.MAX_VALUE, BigInteger.ONE.shiftLeft(63)),
            new Range('L', BigInteger.ZERO, TWO_TO_64.subtract(BigInteger.ONE), TWO_TO_64),
            new Range('q', Long.MIN_VALUE, Long.MAX_VALUE, BigInteger.ONE.shiftLeft(63)),
            new Range('Q', BigInteger.ZERO, TWO_TO_64.subtract(BigInteger.ONE), BigInteger.ONE.negate()),
            new Range('f', -Float.MAX_VALUE, Float.MAX_VALUE, 1e39),
            new Range('d', -Double.MAX_VALUE, Double.MAX_VALUE, "1e999"));

    private ValueTypes() {}

    public static void main(String[] args) throws Exception {
        setInChild();
        showRanges();
    }

    private static void setInChild() throws InterruptedException {
        var number = MultiJvm.value('i', 666);
        var letter = MultiJvm.value('c', ' ');
        var sign = MultiJvm.value('u', ' ');
        var child = MultiJvm.process(() -> {
            number.set(888);
            letter.set('a');
            sign.set('武');
        });
        child.start();
        child.join();
        System.out.println(
                "set by the child: " + number.get() + ", " + letter.get() + ", U+" + Integer.toHexString(sign.get()));
    }

    private static void showRanges() throws InterruptedException {
        var values = RANGES.stream()
                .map(range -> MultiJvm.value(range.typecode, range.least))
                .toList();
        var least = values.stream().map(ValueTypes::text).toList();
        var child = MultiJvm.process(() -> setToGreatest(values));
        child.start();
        child.join();
        for (int i = 0; i < RANGES.size(); i++) {
            var type = ValueType.of(RANGES.get(i).typecode);
            var value = values.get(i);
            System.out.println(type.typecode() + ", " + type.type().getSimpleName() + " of " + type.bytes()
                    + " bytes: " + least.get(i) + " to " + text(value) + ", "
                    + answer(value, RANGES.get(i).beyond));
        }
    }

    private static void setToGreatest(List<SharedValue<Object>> values) {
        for (int i = 0; i < RANGES.size(); i++) {
            values.get(i).set(RANGES.get(i).greatest);
        }
    }

    private static String answer(SharedValue<Object> value, Object beyond) {
        try {
            value.set(beyond);
            return "takes " + text(value);
        } catch (IllegalArgumentException e) {
            return "refuses: " + e.getMessage();
        }
    }

    private static String text(SharedValue<Object> value) {
        return value.get() instanceof Character character
                ? "U+" + Integer.toHexString(character)
                : value.get().toString();
    }

    private record Range(char typecode, Object least, Object greatest, Object beyond) {}
}
