package io.multijvm.shared;

import java.io.Serial;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.List;
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

    /** {@code c}: a character of one byte, 0 to 255. */
    public static final ValueType<Character> CHAR = new ValueType<>('c', 1, Character.class, '\0', '\u00ff');
    /** {@code u}: a {@code char}. */
    public static final ValueType<Character> WIDE_CHAR = new ValueType<>('u', 2, Character.class, '\0', '\uffff');
    /** {@code b}: 8 bits, as an {@code Integer}. */
    public static final ValueType<Integer> BYTE = new ValueType<>('b', 1, Integer.class, -0x80, 0x7f);
    /** {@code B}: 8 bits without a sign, as an {@code Integer}. */
    public static final ValueType<Integer> UNSIGNED_BYTE = new ValueType<>('B', 1, Integer.class, 0, 0xff);
    /** {@code h}: 16 bits, as an {@code Integer}. */
    public static final ValueType<Integer> SHORT = new ValueType<>('h', 2, Integer.class, -0x8000, 0x7fff);
    /** {@code H}: 16 bits without a sign, as an {@code Integer}. */
    public static final ValueType<Integer> UNSIGNED_SHORT = new ValueType<>('H', 2, Integer.class, 0, 0xffff);
    /** {@code i}: an {@code int}. */
    public static final ValueType<Integer> INT =
            new ValueType<>('i', 4, Integer.class, Integer.MIN_VALUE, Integer.MAX_VALUE);
    /** {@code I}: 32 bits without a sign, as a {@code Long}. */
    public static final ValueType<Long> UNSIGNED_INT = new ValueType<>('I', 4, Long.class, 0L, 0xffff_ffffL);
    /** {@code l}: a {@code long}. */
    public static final ValueType<Long> LONG = new ValueType<>('l', 8, Long.class, Long.MIN_VALUE, Long.MAX_VALUE);
    /** {@code q}: a {@code long}. */
    public static final ValueType<Long> LONG_LONG = new ValueType<>('q', 8, Long.class, Long.MIN_VALUE, Long.MAX_VALUE);
    /** {@code L}: 64 bits without a sign, as a {@code BigInteger}. */
    public static final ValueType<BigInteger> UNSIGNED_LONG =
            new ValueType<>('L', 8, BigInteger.class, BigInteger.ZERO, MAX_UNSIGNED_LONG);
    /** {@code Q}: 64 bits without a sign, as a {@code BigInteger}. */
    public static final ValueType<BigInteger> UNSIGNED_LONG_LONG =
            new ValueType<>('Q', 8, BigInteger.class, BigInteger.ZERO, MAX_UNSIGNED_LONG);
    /** {@code f}: a {@code float}. */
    public static final ValueType<Float> FLOAT =
            new ValueType<>('f', 4, Float.class, -Float.MAX_VALUE, Float.MAX_VALUE);
    /** {@code d}: a {@code double}. */
    public static final ValueType<Double> DOUBLE =
            new ValueType<>('d', 8, Double.class, -Double.MAX_VALUE, Double.MAX_VALUE);

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

    private ValueType(char typecode, int bytes, Class<T> type, T minimum, T maximum) {
        this.typecode = typecode;
        this.bytes = bytes;
        this.type = type;
        this.minimum = minimum;
        this.maximum = maximum;
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

    /** The letter that Python has for it. */
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
        long bits = bits(value);
        if (!decode(bits).equals(value)) {
            throw new IllegalArgumentException("value " + text(value) + " for typecode '" + typecode + "', "
                    + text(minimum) + " to " + text(maximum) + " expected");
        }
        return bits;
    }

    /**
     * {@code value}, if it is one of this type.
     *
     * @throws IllegalArgumentException when it is of another class, or out of range
     * @throws NullPointerException when it is null
     */
    public T checked(@Nullable Object value) {
        return decode(encode(value));
    }

    /** The value of which {@link #encode} gave the lowest {@link #bytes} of {@code bits}. */
    T decode(long bits) {
        return type.cast(value(bits));
    }

    private static long bits(Object value) {
        if (value instanceof Character character) {
            return character;
        }
        if (value instanceof Float number) {
            return Float.floatToRawIntBits(number);
        }
        return value instanceof Double number ? Double.doubleToRawLongBits(number) : ((Number) value).longValue();
    }

    /* A switch and no functions: a cold child that is sent a value should not have to link lambdas. */
    private Object value(long bits) {
        return switch (typecode) {
            case 'c' -> (char) (bits & 0xff);
            case 'u' -> (char) bits;
            case 'b' -> (int) (byte) bits;
            case 'B' -> (int) bits & 0xff;
            case 'h' -> (int) (short) bits;
            case 'H' -> (int) bits & 0xffff;
            case 'i' -> (int) bits;
            case 'I' -> bits & 0xffff_ffffL;
            case 'L', 'Q' ->
                bits >= 0 ? BigInteger.valueOf(bits) : BigInteger.valueOf(bits).and(MAX_UNSIGNED_LONG);
            case 'f' -> Float.intBitsToFloat((int) bits);
            case 'd' -> Double.longBitsToDouble(bits);
            default -> bits;
        };
    }

    private String expectation() {
        String name = type.getSimpleName();
        return "typecode '" + typecode + "' holds " + ("I".equals(name.substring(0, 1)) ? "an " : "a ") + name;
    }

    /** Characters by number: those out of range are seldom printable. */
    private static Object text(Object value) {
        return value instanceof Character character ? Integer.valueOf(character) : value;
    }

    @Serial
    private Object readResolve() {
        return of(typecode);
    }
}
