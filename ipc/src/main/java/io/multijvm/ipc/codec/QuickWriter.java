package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.JdkInternals;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes values that consist of the JDK's common ones, of enums and records: a tag, and what it takes to make the value
 * again. Types are compared exactly, so that a subclass is never taken for what it extends.
 *
 * <p>An array or collection that is met twice, a cycle being one case of it, is not for here: only serialisation keeps
 * identity. What is immutable may be written, and so made, twice. A handle that is met again is referred to.
 */
final class QuickWriter {
    private static final int DEEPEST = 100;
    private static final int FEW_SHAPES = 16;

    private final ByteSink out = new ByteSink();
    private @Nullable Met containers; // arrays and collections
    private @Nullable Met shapes; // the first few of records met: their classes are named once
    private @Nullable Met handles;
    private @Nullable Luggage luggage; // opened for the first handle

    /** The value's bytes and descriptors; null when there is something in it for serialisation. */
    @Nullable
    Encoded encode(@Nullable Object value) {
        boolean done = false;
        try {
            done = write(value, 0);
            return done
                    ? new Encoded(out.array(), out.size(), luggage == null ? List.of() : luggage.descriptors())
                    : null;
        } catch (ConcurrentModificationException e) {
            return null; // serialisation will say so
        } finally {
            if (luggage != null) {
                luggage.close();
                if (!done) {
                    luggage.discard();
                }
            }
        }
    }

    /** Returns false when there is something in the value for serialisation, with anything written. */
    boolean write(@Nullable Object value, int depth) {
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
            writeInt((Integer) value);
            return true;
        }
        if (type == Long.class) {
            writeLong((Long) value);
            return true;
        }
        if (type == Boolean.class) {
            writeBoolean((Boolean) value);
            return true;
        }
        if (type == Double.class) {
            writeDouble((Double) value);
            return true;
        }
        if (depth >= DEEPEST) {
            return false;
        }
        if (type.isArray()) {
            return isNew(value) && writeArray(value, depth);
        }
        if (value instanceof Handle handle) {
            return writeHandle(handle, depth);
        }
        if (value instanceof Collection<?> elements) {
            int tag = tagOf(elements, type);
            return tag != Tag.SERIALISED && isNew(value) && writeCollection(tag, elements, depth);
        }
        if (value instanceof Map<?, ?> map) {
            int tag = tagOf(map, type);
            return tag != Tag.SERIALISED && isNew(value) && writeMap(tag, map, depth);
        }
        if (value instanceof Record) {
            RecordShape shape = RecordShape.of(type);
            return shape != null && writeRecord(value, shape, depth);
        }
        if (value instanceof Enum<?> constant) {
            out.write(Tag.ENUM);
            ForeignClasses.met(constant.getDeclaringClass());
            return out.writeText(constant.getDeclaringClass().getName()) && out.writeText(constant.name());
        }
        return writeScalar(value, type);
    }

    void writeInt(int value) {
        int at = out.reserve(1 + Integer.BYTES);
        out.array()[at] = Tag.INT;
        out.setInt(at + 1, value);
    }

    void writeLong(long value) {
        out.write(Tag.LONG);
        out.writeLong(value);
    }

    void writeDouble(double value) {
        out.write(Tag.DOUBLE);
        out.writeLong(Double.doubleToRawLongBits(value));
    }

    void writeBoolean(boolean value) {
        out.write(value ? Tag.TRUE : Tag.FALSE);
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
            out.writeBytes(((BigInteger) value).toByteArray());
        } else if (type == BigDecimal.class) {
            out.write(Tag.BIG_DECIMAL);
            out.writeInt(((BigDecimal) value).scale());
            out.writeBytes(((BigDecimal) value).unscaledValue().toByteArray());
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
        if (array.getClass() == String[].class) {
            return writeAll(Tag.STRINGS, (String[]) array, depth);
        }
        if (array.getClass() == Object[].class) {
            return writeAll(Tag.OBJECTS, (Object[]) array, depth);
        }
        return PrimitiveArrays.write(array, out);
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

    private boolean writeCollection(int tag, Collection<?> elements, int depth) {
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

    private static int tagOf(Map<?, ?> map, Class<?> type) {
        if (type == HashMap.class) {
            return Tag.HASH_MAP;
        }
        if (type == LinkedHashMap.class && !JdkInternals.isInAccessOrder(map)) {
            return Tag.LINKED_HASH_MAP;
        }
        if (type == TreeMap.class && ((TreeMap<?, ?>) map).comparator() == null) {
            return Tag.TREE_MAP;
        }
        return Immutable.isMap(type) ? Tag.MAP_OF : Tag.SERIALISED;
    }

    private boolean writeMap(int tag, Map<?, ?> map, int depth) {
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
        if (shapes == null) {
            shapes = new Met();
        }
        int before = shapes.indexOf(shape);
        if (before >= 0) {
            out.write(Tag.RECORD_AGAIN);
            out.writeCount(before);
            return shape.write(record, this, depth + 1);
        }
        if (shapes.size() < FEW_SHAPES) {
            shapes.add(shape);
        }
        out.write(Tag.RECORD);
        if (!out.writeText(shape.name())) {
            return false;
        }
        out.writeInt(shape.fingerprint());
        return shape.write(record, this, depth + 1);
    }

    private boolean writeHandle(Handle handle, int depth) {
        if (handles == null) {
            handles = new Met();
        }
        int before = handles.indexOf(handle);
        if (before >= 0) {
            out.write(Tag.HANDLE_AGAIN);
            out.writeCount(before);
            return true;
        }
        if (luggage == null) {
            luggage = Luggage.open(new ArrayList<>(0));
        }
        Passable passable = Passage.replacing(handle);
        if (passable == null) {
            return false;
        }
        out.write(Tag.HANDLE);
        if (!out.writeText(passable.getClass().getName())) {
            return false;
        }
        @Nullable Object[] parts = passable.parts();
        out.writeCount(parts.length);
        for (Object part : parts) {
            if (!write(part, depth + 1)) {
                return false;
            }
        }
        handles.add(handle); // after its parts, as it arrives
        return true;
    }

    private boolean isNew(Object value) {
        if (containers == null) {
            containers = new Met();
        }
        if (containers.indexOf(value) >= 0) {
            return false;
        }
        containers.add(value);
        return true;
    }
}
