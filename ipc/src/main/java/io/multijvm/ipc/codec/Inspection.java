package io.multijvm.ipc.codec;

import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A filter at work on one message: asked of all that is to be made, as the JDK's serialisation asks, whichever way the
 * message was written.
 */
final class Inspection implements ObjectInputFilter {
    private static final String REJECTED = "filter status: REJECTED";

    private final ObjectInputFilter filter;
    private long references;
    private @Nullable String refused;

    Inspection(ObjectInputFilter filter) {
        ObjectInputFilter ofTheJvm = Config.getSerialFilter();
        this.filter = ofTheJvm == null ? filter : ObjectInputFilter.merge(filter, ofTheJvm);
    }

    /** Has {@code objects} ask. */
    void attach(ObjectInputStream objects) {
        objects.setObjectInputFilter(this);
    }

    @Override
    public Status checkInput(FilterInfo info) {
        Status status = filter.checkInput(info);
        if (status == Status.REJECTED) {
            Class<?> type = info.serialClass();
            refused = (type == null ? "a message" : type.getTypeName()) + " (depth " + info.depth() + ", array length "
                    + info.arrayLength() + ", references " + info.references() + ", bytes " + info.streamBytes() + ")";
        }
        return status;
    }

    /** The failure of a stream, with the name of what was refused, which the JDK leaves out. */
    InvalidClassException named(InvalidClassException failure) {
        if (refused == null) {
            return failure;
        }
        var named = new InvalidClassException(refused, REJECTED);
        named.initCause(failure);
        return named;
    }

    /** Asks of an object other than a string that is known by its tag alone. */
    void check(int tag, ByteSource in, int depth) throws InvalidClassException {
        Class<?> type = typeOf(tag);
        if (type != null) {
            check(type, -1, in, depth);
        }
    }

    void check(Class<?> type, long arrayLength, ByteSource in, int depth) throws InvalidClassException {
        references++;
        if (checkInput(new Found(type, arrayLength, depth + 1L, references, in.position())) == Status.REJECTED) {
            throw new InvalidClassException(refused, REJECTED);
        }
    }

    private static @Nullable Class<?> typeOf(int tag) {
        return switch (tag) {
            case Tag.FALSE, Tag.TRUE -> Boolean.class;
            case Tag.INT -> Integer.class;
            case Tag.LONG -> Long.class;
            case Tag.DOUBLE -> Double.class;
            case Tag.BYTE -> Byte.class;
            case Tag.SHORT -> Short.class;
            case Tag.FLOAT -> Float.class;
            case Tag.CHAR -> Character.class;
            case Tag.BIG_INTEGER -> BigInteger.class;
            case Tag.BIG_DECIMAL -> BigDecimal.class;
            case Tag.UUID -> UUID.class;
            case Tag.INSTANT -> Instant.class;
            case Tag.DURATION -> Duration.class;
            case Tag.LOCAL_DATE -> LocalDate.class;
            case Tag.LOCAL_TIME -> LocalTime.class;
            case Tag.LOCAL_DATE_TIME -> LocalDateTime.class;
            case Tag.ARRAY_LIST -> ArrayList.class;
            case Tag.ARRAY_DEQUE -> ArrayDeque.class;
            case Tag.HASH_SET -> HashSet.class;
            case Tag.LINKED_HASH_SET -> LinkedHashSet.class;
            case Tag.TREE_SET -> TreeSet.class;
            case Tag.HASH_MAP -> HashMap.class;
            case Tag.LINKED_HASH_MAP -> LinkedHashMap.class;
            case Tag.TREE_MAP -> TreeMap.class;
            case Tag.LIST_OF, Tag.LIST_WITH_NULLS, Tag.SET_OF, Tag.MAP_OF -> ImmutableForm.TYPE;
            default -> null; // a string or null; or an array, an enum, a record, asked of when more is known
        };
    }

    /** What serialisation writes in the place of an immutable collection, and filters know. */
    private static final class ImmutableForm {
        static final Class<?> TYPE = load();

        private static Class<?> load() {
            try {
                return Class.forName("java.util.CollSer");
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("part of the serialised form of java.util", e);
            }
        }
    }

    private record Found(Class<?> serialClass, long arrayLength, long depth, long references, long streamBytes)
            implements FilterInfo {}
}
