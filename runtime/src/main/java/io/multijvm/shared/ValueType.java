package io.multijvm.shared;

import java.io.Serial;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a shared value or an element of a shared array may be: Python's typecodes, with the sizes they have in C on Linux.
 *
 * <table>
 * <caption>Typecodes</caption>
 * <tr><th>code</th><th>Java type</th><th>bytes</th><th>range</th></tr>
 * <tr><td>c</td><td>Character</td><td>1</td><td>0 to 255</td></tr>
 * <tr><td>u</td><td>Character</td><td>2</td><td>one UTF-16 unit</td></tr>
 * <tr><td>b, B</td><td>Integer</td><td>1</td><td>signed, unsigned</td></tr>
 * <tr><td>h, H</td><td>Integer</td><td>2</td><td>signed, unsigned</td></tr>
 * <tr><td>i</td><td>Integer</td><td>4</td><td>signed</td></tr>
 * <tr><td>I</td><td>Long</td><td>4</td><td>unsigned</td></tr>
 * <tr><td>l, q</td><td>Long</td><td>8</td><td>signed</td></tr>
 * <tr><td>L, Q</td><td>BigInteger</td><td>8</td><td>unsigned</td></tr>
 * <tr><td>f</td><td>Float</td><td>4</td><td>all, infinities and NaN too</td></tr>
 * <tr><td>d</td><td>Double</td><td>8</td><td>all, infinities and NaN too</td></tr>
 * </table>
 *
 * <p>There is one object of each type in a JVM. Python: the typecodes of {@code multiprocessing.Value} and {@code Array}.
 */
public final class ValueType<T> implements Serializable {
    private static final long serialVersionUID = 1;

    private static final BigInteger MAX_UNSIGNED_LONG =
            BigInteger.TWO.pow(Long.SIZE).subtract(BigInteger.ONE);

    public static final ValueType<Character> CHAR = ofCharacters('c', 1, '\u00ff');
    public static final ValueType<Character> WIDE_CHAR = ofCharacters('u', 2, Character.MAX_VALUE);
    public static final ValueType<Integer> BYTE = ofIntegers('b', 1, Byte.MIN_VALUE, Byte.MAX_VALUE);
    public static final ValueType<Integer> UNSIGNED_BYTE = ofIntegers('B', 1, 0, 0xff);
    public static final ValueType<Integer> SHORT = ofIntegers('h', 2, Short.MIN_VALUE, Short.MAX_VALUE);
    public static final ValueType<Integer> UNSIGNED_SHORT = ofIntegers('H', 2, 0, 0xffff);
    public static final ValueType<Integer> INT = ofIntegers('i', 4, Integer.MIN_VALUE, Integer.MAX_VALUE);
    public static final ValueType<Long> UNSIGNED_INT = ofLongs('I', 4, 0, 0xffff_ffffL);
    public static final ValueType<Long> LONG = ofLongs('l', 8, Long.MIN_VALUE, Long.MAX_VALUE);
    public static final ValueType<Long> LONG_LONG = ofLongs('q', 8, Long.MIN_VALUE, Long.MAX_VALUE);
    public static final ValueType<BigInteger> UNSIGNED_LONG = ofUnsignedLongs('L');
    public static final ValueType<BigInteger> UNSIGNED_LONG_LONG = ofUnsignedLongs('Q');
    public static final ValueType<Float> FLOAT = new ValueType<>(
            'f',
            4,
            Float.class,
            -Float.MAX_VALUE,
            Float.MAX_VALUE,
            value -> Float.floatToRawIntBits(value),
            bits -> Float.intBitsToFloat((int) bits));
    public static final ValueType<Double> DOUBLE = new ValueType<>(
            'd',
            8,
            Double.class,
            -Double.MAX_VALUE,
            Double.MAX_VALUE,
            Double::doubleToRawLongBits,
            Double::longBitsToDouble);

    private static final List<ValueType<?>> ALL = List.of(
            CHAR,
            WIDE_CHAR,
            BYTE,
            UNSIGNED_BYTE,
            SHORT,
            UNSIGNED_SHORT,
            INT,
            UNSIGNED_INT,
            LONG,
            UNSIGNED_LONG,
            LONG_LONG,
            UNSIGNED_LONG_LONG,
            FLOAT,
            DOUBLE);

    private final char typecode;
    private final transient int bytes;
    private final transient Class<T> type;
    private final transient T minimum;
    private final transient T maximum;
    private final transient ToLongFunction<T> toBits;
    private final transient LongFunction<T> ofBits; // of which only the lowest `bytes` count

    private ValueType(
            char typecode,
            int bytes,
            Class<T> type,
            T minimum,
            T maximum,
            ToLongFunction<T> toBits,
            LongFunction<T> ofBits) {
        this.typecode = typecode;
        this.bytes = bytes;
        this.type = type;
        this.minimum = minimum;
        this.maximum = maximum;
        this.toBits = toBits;
        this.ofBits = ofBits;
    }

    /**
     * The type of a typecode.
     *
     * @throws IllegalArgumentException when there is no such typecode; the message names those there are
     */
    public static ValueType<?> of(char typecode) {
        for (ValueType<?> type : ALL) {
            if (type.typecode == typecode) {
                return type;
            }
        }
        throw new IllegalArgumentException("typecode '" + typecode + "', one of c u b B h H i I l L q Q f d expected");
    }

    public char typecode() {
        return typecode;
    }

    /** The size of an array's element of this type, in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The Java type of the values. */
    public Class<T> type() {
        return type;
    }

    /** The least value; of floating-point types the least finite one. */
    public T minimum() {
        return minimum;
    }

    /** The greatest value; of floating-point types the greatest finite one. */
    public T maximum() {
        return maximum;
    }

    @Override
    public String toString() {
        return "'" + typecode + "'";
    }

    /**
     * The bits of a value, in the lowest {@link #bytes}.
     *
     * @throws IllegalArgumentException when it is of another class, which an unchecked caller may pass, or out of range
     * @throws NullPointerException when it is null
     */
    long encode(@Nullable Object value) {
        if (value == null) {
            throw new NullPointerException(expectation() + ", not null");
        }
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    expectation() + ", not the " + value.getClass().getSimpleName() + " " + value);
        }
        T checked = type.cast(value);
        long bits = toBits.applyAsLong(checked);
        if (!ofBits.apply(bits).equals(checked)) {
            throw new IllegalArgumentException("value " + text(checked) + " for typecode '" + typecode + "', "
                    + text(minimum) + " to " + text(maximum) + " expected");
        }
        return bits;
    }

    /** The value of which {@link #encode} gave the lowest {@link #bytes} of {@code bits}. */
    T decode(long bits) {
        return ofBits.apply(bits);
    }

    private String expectation() {
        String name = type.getSimpleName();
        return "typecode '" + typecode + "' holds " + ("I".equals(name.substring(0, 1)) ? "an " : "a ") + name;
    }

    /** Characters by number: those out of range are seldom printable. */
    private static Object text(Object value) {
        return value instanceof Character character ? Integer.valueOf(character) : value;
    }

    private static ValueType<Character> ofCharacters(char typecode, int bytes, char maximum) {
        return new ValueType<>(
                typecode, bytes, Character.class, '\0', maximum, value -> value, bits -> (char) (bits & maximum));
    }

    private static ValueType<Integer> ofIntegers(char typecode, int bytes, int minimum, int maximum) {
        int unused = Integer.SIZE - bytes * Byte.SIZE;
        return new ValueType<>(
                typecode,
                bytes,
                Integer.class,
                minimum,
                maximum,
                value -> value,
                minimum < 0
                        ? bits -> (int) bits << unused >> unused // the sign is the highest bit of what is used
                        : bits -> (int) bits << unused >>> unused);
    }

    private static ValueType<Long> ofLongs(char typecode, int bytes, long minimum, long maximum) {
        return new ValueType<>(
                typecode,
                bytes,
                Long.class,
                minimum,
                maximum,
                value -> value,
                minimum < 0 ? bits -> bits : bits -> bits & maximum);
    }

    private static ValueType<BigInteger> ofUnsignedLongs(char typecode) {
        return new ValueType<>(
                typecode,
                8,
                BigInteger.class,
                BigInteger.ZERO,
                MAX_UNSIGNED_LONG,
                BigInteger::longValue,
                bits -> BigInteger.valueOf(bits).and(MAX_UNSIGNED_LONG));
    }

    @Serial
    private Object readResolve() {
        return of(typecode);
    }
}
