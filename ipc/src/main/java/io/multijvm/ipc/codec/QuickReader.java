package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Descriptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what {@link QuickWriter} wrote. */
final class QuickReader {
    private static final int DEEPEST = 200;

    private final ByteSource in;
    private final List<Descriptor> descriptors;
    private final ClassLoader loader;
    private final @Nullable Inspection inspection;
    private boolean isPlain; // nothing is decoded that runs code of the program
    private int depth;
    private @Nullable ArrayList<RecordShape> shapes; // of records met
    private @Nullable ArrayList<Object> handles; // that have arrived
    private @Nullable Luggage luggage; // opened for the first of them

    QuickReader(ByteSource in, List<Descriptor> descriptors, ClassLoader loader, @Nullable Inspection inspection) {
        this.in = in;
        this.descriptors = descriptors;
        this.loader = loader;
        this.inspection = inspection;
    }

    /** Has {@link #read} refuse all that runs code of the program: records, enums, handles. */
    QuickReader plain() {
        isPlain = true;
        return this;
    }

    /**
     * The value whose tag is {@code tag}.
     *
     * @throws NotPlain as {@link #plain} says
     */
    @Nullable
    Object read(int tag) throws IOException, ClassNotFoundException {
        try {
            return readScalar(tag);
        } catch (DateTimeException | NumberFormatException | NullPointerException | ClassCastException e) {
            throw malformed(e); // keys that do not compare, a null where none may be, a 25th hour
        } catch (IllegalArgumentException e) {
            throw malformed(e); // a key twice where none may be
        } finally {
            if (luggage != null) {
                luggage.close();
            }
        }
    }

    private @Nullable Object readNext() throws IOException, ClassNotFoundException {
        return readScalar(in.readByte());
    }

    private @Nullable Object readScalar(int tag) throws IOException, ClassNotFoundException {
        if (inspection != null) {
            inspection.check(tag, in, depth);
        }
        if (isPlain && tag >= Tag.ENUM && tag <= Tag.HANDLE_AGAIN) {
            throw NotPlain.INSTANCE;
        }
        return switch (tag) {
            case Tag.NULL -> null;
            case Tag.FALSE -> false;
            case Tag.TRUE -> true;
            case Tag.INT -> in.readInt();
            case Tag.LONG -> in.readLong();
            case Tag.DOUBLE -> Double.longBitsToDouble(in.readLong());
            case Tag.STRING -> in.readText();
            case Tag.BYTE -> (byte) in.readByte();
            case Tag.SHORT -> (short) in.readShort();
            case Tag.CHAR -> (char) in.readShort();
            case Tag.FLOAT -> Float.intBitsToFloat(in.readInt());
            case Tag.BIG_INTEGER -> new BigInteger(readBytes());
            case Tag.BIG_DECIMAL -> readBigDecimal();
            case Tag.UUID -> new UUID(in.readLong(), in.readLong());
            case Tag.INSTANT -> Instant.ofEpochSecond(in.readLong(), in.readInt());
            case Tag.DURATION -> Duration.ofSeconds(in.readLong(), in.readInt());
            case Tag.LOCAL_DATE -> LocalDate.ofEpochDay(in.readLong());
            case Tag.LOCAL_TIME -> LocalTime.ofNanoOfDay(in.readLong());
            case Tag.LOCAL_DATE_TIME ->
                LocalDateTime.of(LocalDate.ofEpochDay(in.readLong()), LocalTime.ofNanoOfDay(in.readLong()));
            case Tag.ENUM -> readEnum();
            case Tag.RECORD -> readRecord();
            case Tag.RECORD_AGAIN -> readComponents(again(shapes));
            case Tag.HANDLE -> readHandle();
            case Tag.HANDLE_AGAIN -> again(handles);
            default -> tag < Tag.ARRAY_LIST ? readArray(tag) : readCollection(tag);
        };
    }

    private Object readArray(int tag) throws IOException, ClassNotFoundException {
        return switch (tag) {
            case Tag.BYTES -> readBytes();
            case Tag.BOOLEANS -> readBooleans();
            case Tag.STRINGS -> readStrings();
            case Tag.OBJECTS -> readAll();
            case Tag.INTS -> {
                var ints = new int[count(int[].class, Integer.BYTES)];
                next(ints.length, Integer.BYTES).asIntBuffer().get(ints);
                yield ints;
            }
            case Tag.LONGS -> {
                var longs = new long[count(long[].class, Long.BYTES)];
                next(longs.length, Long.BYTES).asLongBuffer().get(longs);
                yield longs;
            }
            case Tag.DOUBLES -> {
                var doubles = new double[count(double[].class, Double.BYTES)];
                next(doubles.length, Double.BYTES).asDoubleBuffer().get(doubles);
                yield doubles;
            }
            case Tag.FLOATS -> {
                var floats = new float[count(float[].class, Float.BYTES)];
                next(floats.length, Float.BYTES).asFloatBuffer().get(floats);
                yield floats;
            }
            case Tag.SHORTS -> {
                var shorts = new short[count(short[].class, Short.BYTES)];
                next(shorts.length, Short.BYTES).asShortBuffer().get(shorts);
                yield shorts;
            }
            case Tag.CHARS -> {
                var chars = new char[count(char[].class, Character.BYTES)];
                next(chars.length, Character.BYTES).asCharBuffer().get(chars);
                yield chars;
            }
            default -> throw new InvalidClassException("unknown tag " + tag + "; are both sides of one version?");
        };
    }

    private boolean[] readBooleans() throws IOException {
        var booleans = new boolean[count(boolean[].class, 1)];
        for (int i = 0; i < booleans.length; i++) {
            booleans[i] = in.readByte() != 0;
        }
        return booleans;
    }

    private @Nullable String[] readStrings() throws IOException, ClassNotFoundException {
        var strings = new @Nullable String[count(String[].class, 1)];
        for (int i = 0; i < strings.length; i++) {
            strings[i] = (String) readNext();
        }
        return strings;
    }

    private @Nullable Object[] readAll() throws IOException, ClassNotFoundException {
        deeper();
        var elements = new @Nullable Object[count(Object[].class, 1)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = readNext();
        }
        depth--;
        return elements;
    }

    private Object readCollection(int tag) throws IOException, ClassNotFoundException {
        return switch (tag) {
            case Tag.ARRAY_LIST -> new ArrayList<>(Arrays.asList(readAll()));
            case Tag.LIST_OF -> List.of(readAll());
            case Tag.LIST_WITH_NULLS -> Arrays.stream(readAll()).toList();
            case Tag.SET_OF -> Set.of(readAll());
            case Tag.ARRAY_DEQUE -> new ArrayDeque<>(Arrays.asList(readAll()));
            case Tag.HASH_SET -> addAll(new HashSet<>());
            case Tag.LINKED_HASH_SET -> addAll(new LinkedHashSet<>());
            case Tag.TREE_SET -> addAll(new TreeSet<>());
            case Tag.HASH_MAP -> putAll(new HashMap<>());
            case Tag.LINKED_HASH_MAP -> putAll(new LinkedHashMap<>());
            case Tag.TREE_MAP -> putAll(new TreeMap<>());
            case Tag.MAP_OF -> mapOf();
            default -> throw new InvalidClassException("unknown tag " + tag + "; are both sides of one version?");
        };
    }

    private Collection<@Nullable Object> addAll(Collection<@Nullable Object> into)
            throws IOException, ClassNotFoundException {
        deeper();
        for (int left = count(Map.Entry[].class, 1); left > 0; left--) {
            into.add(readNext());
        }
        depth--;
        return into;
    }

    private Map<@Nullable Object, @Nullable Object> putAll(Map<@Nullable Object, @Nullable Object> into)
            throws IOException, ClassNotFoundException {
        deeper();
        for (int left = count(Map.Entry[].class, 2); left > 0; left--) {
            Object key = readNext();
            into.put(key, readNext());
        }
        depth--;
        return into;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Map<?, ?> mapOf() throws IOException, ClassNotFoundException {
        deeper();
        var entries = new Map.Entry[count(Map.Entry[].class, 2)];
        for (int i = 0; i < entries.length; i++) {
            Object key = readNext();
            Object value = readNext();
            if (key == null || value == null) {
                throw new InvalidObjectException("a null in an immutable map");
            }
            entries[i] = Map.entry(key, value);
        }
        depth--;
        return Map.ofEntries(entries);
    }

    private Object readRecord() throws IOException, ClassNotFoundException {
        Class<?> type = load();
        RecordShape shape = type.isRecord() ? RecordShape.of(type) : null;
        if (shape == null || shape.fingerprint() != in.readInt()) {
            throw new InvalidClassException(
                    type.getName(), "not the record that was sent; are both sides of one version?");
        }
        if (shapes == null) {
            shapes = new ArrayList<>();
        }
        shapes.add(shape);
        return readComponents(shape);
    }

    private Object readComponents(RecordShape shape) throws IOException, ClassNotFoundException {
        deeper();
        var components = new @Nullable Object[shape.size()];
        for (int i = 0; i < components.length; i++) {
            components[i] = readNext();
        }
        depth--;
        return shape.make(components);
    }

    private Object readHandle() throws IOException, ClassNotFoundException {
        Class<?> type = in.readClass(loader);
        if (inspection != null || type.getClassLoader() != Passable.class.getClassLoader()) {
            check(type); // the JVM's filter is about what comes with others' classes
        }
        @Nullable Object[] parts = readAll();
        if (luggage == null) {
            luggage = Luggage.open(descriptors);
        }
        Object handle = Passage.arrived(type, parts);
        if (handles == null) {
            handles = new ArrayList<>();
        }
        handles.add(handle);
        return handle;
    }

    private <T> T again(@Nullable List<T> met) throws IOException {
        int index = in.readCount(0);
        if (met == null || index >= met.size()) {
            throw new InvalidObjectException("refers to what was not there");
        }
        return met.get(index);
    }

    private Object readEnum() throws IOException, ClassNotFoundException {
        Class<?> type = load();
        return EnumConstants.find(type, in.readText());
    }

    /** A class of the program's, if the JDK's filter lets it in. */
    private Class<?> load() throws IOException, ClassNotFoundException {
        Class<?> type = in.readClass(loader);
        check(type);
        return type;
    }

    private void check(Class<?> type) throws InvalidClassException {
        if (inspection != null) {
            inspection.check(type, -1, in, depth);
            return;
        }
        ObjectInputFilter filter = JvmFilter.get();
        if (filter != null && filter.checkInput(new Found(type, depth)) == ObjectInputFilter.Status.REJECTED) {
            throw new InvalidClassException(type.getName(), "filter status: REJECTED");
        }
    }

    private Object readBigDecimal() throws IOException {
        int scale = in.readInt();
        return new BigDecimal(new BigInteger(readBytes()), scale);
    }

    /** How many elements an array, or what a collection keeps them in, is to have. */
    private int count(Class<?> array, int each) throws IOException {
        int count = in.readCount(each);
        if (inspection != null) {
            inspection.check(array, count, in, depth);
        }
        return count;
    }

    private byte[] readBytes() throws IOException {
        int count = count(byte[].class, 1);
        int from = in.skip(count);
        return Arrays.copyOfRange(in.array(), from, from + count);
    }

    private ByteBuffer next(int count, int each) throws EOFException {
        int size = count * each;
        return ByteBuffer.wrap(in.array(), in.skip(size), size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void deeper() throws InvalidObjectException {
        if (++depth > DEEPEST) {
            throw new InvalidObjectException("nested deeper than anything that is written");
        }
    }

    /** Ends the decoding of a plain value. */
    static final class NotPlain extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack
        private static final NotPlain INSTANCE = new NotPlain();

        private NotPlain() {
            super("runs code of the program", null, false, false);
        }
    }

    private static IOException malformed(RuntimeException cause) {
        var failure = new InvalidObjectException("malformed value: " + cause);
        failure.initCause(cause);
        return failure;
    }

    /** What a filter is asked of. */
    private record Found(Class<?> serialClass, long depth) implements ObjectInputFilter.FilterInfo {
        @Override
        public long arrayLength() {
            return -1;
        }

        @Override
        public long references() {
            return 1;
        }

        @Override
        public long streamBytes() {
            return 0;
        }
    }
}
