package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.JdkInternals;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes values that consist of the JDK's common ones, of enums and records: a tag, and what it takes to make the value
 * again. Types are compared exactly, so that a subclass is never taken for what it extends.
 *
 * <p>An array or collection that is met twice, a cycle being one case of it, is not for here: only serialisation keeps
 * identity. What is immutable may be written, and so made, twice.
 */
final class QuickWriter {
    private static final int DEEPEST = 100;
    private static final int FEW = 8;

    private final ByteSink out;
    private final Object[] few = new Object[FEW]; // arrays and collections met
    private int met;
    private @Nullable IdentityHashMap<Object, Object> many;

    QuickWriter(ByteSink out) {
        this.out = out;
    }

    /** Writes {@code value}; returns false when there is something in it for serialisation, with anything written. */
    boolean write(@Nullable Object value) {
        return write(value, 0);
    }

    private boolean write(@Nullable Object value, int depth) {
        if (value == null) {
            out.write(Tag.NULL);
            return true;
        }
        Class<?> type = value.getClass();
        if (type == String.class) {
            out.write(Tag.STRING);
            return out.writeText((String) value);
        }
        if (type == Integer.class) {
            out.write(Tag.INT);
            out.writeInt((Integer) value);
            return true;
        }
        if (type == Long.class) {
            out.write(Tag.LONG);
            out.writeLong((Long) value);
            return true;
        }
        if (type == Boolean.class) {
            out.write((Boolean) value ? Tag.TRUE : Tag.FALSE);
            return true;
        }
        if (type == Double.class) {
            out.write(Tag.DOUBLE);
            out.writeLong(Double.doubleToRawLongBits((Double) value));
            return true;
        }
        if (depth >= DEEPEST) {
            return false;
        }
        if (type.isArray()) {
            return isNew(value) && writeArray(value, depth);
        }
        if (value instanceof Collection<?> elements) {
            return isNew(value) && writeCollection(elements, type, depth);
        }
        if (value instanceof Map<?, ?> map) {
            return isNew(value) && writeMap(map, type, depth);
        }
        if (value instanceof Record) {
            RecordShape shape = RecordShape.of(type);
            return shape != null && writeRecord(value, shape, depth);
        }
        if (value instanceof Enum<?> constant) {
            out.write(Tag.ENUM);
            return out.writeText(constant.getDeclaringClass().getName()) && out.writeText(constant.name());
        }
        return writeScalar(value, type);
    }

    private boolean writeScalar(Object value, Class<?> type) {
        if (type == Byte.class) {
            out.write(Tag.BYTE);
            out.write((Byte) value);
        } else if (type == Short.class) {
            out.write(Tag.SHORT);
            out.writeShort((Short) value);
        } else if (type == Character.class) {
            out.write(Tag.CHAR);
            out.writeShort((Character) value);
        } else if (type == Float.class) {
            out.write(Tag.FLOAT);
            out.writeInt(Float.floatToRawIntBits((Float) value));
        } else if (value instanceof Instant instant) {
            writeTime(Tag.INSTANT, instant.getEpochSecond(), instant.getNano());
        } else if (value instanceof Duration duration) {
            writeTime(Tag.DURATION, duration.toSeconds(), duration.toNanosPart());
        } else if (value instanceof LocalDate date) {
            out.write(Tag.LOCAL_DATE);
            out.writeLong(date.toEpochDay());
        } else if (value instanceof LocalTime time) {
            out.write(Tag.LOCAL_TIME);
            out.writeLong(time.toNanoOfDay());
        } else if (value instanceof LocalDateTime time) {
            out.write(Tag.LOCAL_DATE_TIME);
            out.writeLong(time.toLocalDate().toEpochDay());
            out.writeLong(time.toLocalTime().toNanoOfDay());
        } else if (value instanceof UUID id) {
            out.write(Tag.UUID);
            out.writeLong(id.getMostSignificantBits());
            out.writeLong(id.getLeastSignificantBits());
        } else if (type == BigInteger.class) {
            out.write(Tag.BIG_INTEGER);
            writeBytes(((BigInteger) value).toByteArray());
        } else if (type == BigDecimal.class) {
            out.write(Tag.BIG_DECIMAL);
            out.writeInt(((BigDecimal) value).scale());
            writeBytes(((BigDecimal) value).unscaledValue().toByteArray());
        } else {
            return false;
        }
        return true;
    }

    private void writeTime(int tag, long seconds, int nanos) {
        out.write(tag);
        out.writeLong(seconds);
        out.writeInt(nanos);
    }

    private boolean writeArray(Object array, int depth) {
        if (array instanceof byte[] bytes) {
            out.write(Tag.BYTES);
            writeBytes(bytes);
        } else if (array instanceof int[] ints) {
            room(Tag.INTS, ints.length, Integer.BYTES).asIntBuffer().put(ints);
        } else if (array instanceof long[] longs) {
            room(Tag.LONGS, longs.length, Long.BYTES).asLongBuffer().put(longs);
        } else if (array instanceof double[] doubles) {
            room(Tag.DOUBLES, doubles.length, Double.BYTES).asDoubleBuffer().put(doubles);
        } else if (array instanceof float[] floats) {
            room(Tag.FLOATS, floats.length, Float.BYTES).asFloatBuffer().put(floats);
        } else if (array instanceof short[] shorts) {
            room(Tag.SHORTS, shorts.length, Short.BYTES).asShortBuffer().put(shorts);
        } else if (array instanceof char[] chars) {
            room(Tag.CHARS, chars.length, Character.BYTES).asCharBuffer().put(chars);
        } else if (array instanceof boolean[] booleans) {
            ByteBuffer room = room(Tag.BOOLEANS, booleans.length, 1);
            for (boolean each : booleans) {
                room.put((byte) (each ? 1 : 0));
            }
        } else if (array.getClass() == String[].class) {
            return writeAll(Tag.STRINGS, (String[]) array, depth);
        } else if (array.getClass() == Object[].class) {
            return writeAll(Tag.OBJECTS, (Object[]) array, depth);
        } else {
            return false;
        }
        return true;
    }

    private boolean writeAll(int tag, @Nullable Object[] elements, int depth) {
        out.write(tag);
        out.writeCount(elements.length);
        for (Object element : elements) {
            if (!write(element, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean writeCollection(Collection<?> elements, Class<?> type, int depth) {
        int tag = tagOf(elements, type);
        if (tag == Tag.SERIALISED) {
            return false;
        }
        out.write(tag);
        int count = elements.size();
        out.writeCount(count);
        for (Object element : elements) {
            if (--count < 0 || !write(element, depth + 1)) {
                return false; // changed meanwhile, and serialisation will say so
            }
        }
        return count == 0;
    }

    private static int tagOf(Collection<?> elements, Class<?> type) {
        if (type == ArrayList.class) {
            return Tag.ARRAY_LIST;
        }
        if (elements instanceof List<?> list && Immutable.isList(type)) {
            return JdkInternals.allowsNulls(list) ? Tag.LIST_WITH_NULLS : Tag.LIST_OF;
        }
        if (type == HashSet.class) {
            return Tag.HASH_SET;
        }
        if (type == LinkedHashSet.class) {
            return Tag.LINKED_HASH_SET;
        }
        if (type == ArrayDeque.class) {
            return Tag.ARRAY_DEQUE;
        }
        if (type == TreeSet.class && ((TreeSet<?>) elements).comparator() == null) {
            return Tag.TREE_SET;
        }
        return Immutable.isSet(type) ? Tag.SET_OF : Tag.SERIALISED;
    }

    private boolean writeMap(Map<?, ?> map, Class<?> type, int depth) {
        int tag;
        if (type == HashMap.class) {
            tag = Tag.HASH_MAP;
        } else if (type == LinkedHashMap.class && !JdkInternals.isInAccessOrder(map)) {
            tag = Tag.LINKED_HASH_MAP;
        } else if (type == TreeMap.class && ((TreeMap<?, ?>) map).comparator() == null) {
            tag = Tag.TREE_MAP;
        } else if (Immutable.isMap(type)) {
            tag = Tag.MAP_OF;
        } else {
            return false;
        }
        out.write(tag);
        int count = map.size();
        out.writeCount(count);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (--count < 0 || !write(entry.getKey(), depth + 1) || !write(entry.getValue(), depth + 1)) {
                return false;
            }
        }
        return count == 0;
    }

    private boolean writeRecord(Object record, RecordShape shape, int depth) {
        out.write(Tag.RECORD);
        if (!out.writeText(record.getClass().getName())) {
            return false;
        }
        out.writeInt(shape.fingerprint());
        for (int i = 0; i < shape.size(); i++) {
            if (!write(shape.component(record, i), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private void writeBytes(byte[] bytes) {
        out.writeCount(bytes.length);
        out.write(bytes, 0, bytes.length);
    }

    private ByteBuffer room(int tag, int count, int each) {
        out.write(tag);
        out.writeCount(count);
        int size = Math.multiplyExact(count, each);
        int at = out.reserve(size);
        return ByteBuffer.wrap(out.array(), at, size);
    }

    private boolean isNew(Object value) {
        if (many == null) {
            for (int i = 0; i < met; i++) {
                if (few[i] == value) {
                    return false;
                }
            }
            if (met < FEW) {
                few[met++] = value;
                return true;
            }
            many = new IdentityHashMap<>();
            for (Object one : few) {
                many.put(one, one);
            }
        }
        return many.put(value, value) == null;
    }

    /** The JDK's immutable collections, whose classes have no names of their own to be called by. */
    private static final class Immutable {
        private static final Class<?> LIST_FEW = List.of(1).getClass();
        private static final Class<?> LIST_MANY = List.of().getClass();
        private static final Class<?> SET_FEW = Set.of(1).getClass();
        private static final Class<?> SET_MANY = Set.of().getClass();
        private static final Class<?> MAP_ONE = Map.of(1, 1).getClass();
        private static final Class<?> MAP_MANY = Map.of().getClass();

        static boolean isList(Class<?> type) {
            return type == LIST_FEW || type == LIST_MANY;
        }

        static boolean isSet(Class<?> type) {
            return type == SET_FEW || type == SET_MANY;
        }

        static boolean isMap(Class<?> type) {
            return type == MAP_ONE || type == MAP_MANY;
        }
    }
}
