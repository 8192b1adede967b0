package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Descriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * How a value becomes bytes and descriptors, and back; the one place where that happens.
 *
 * <p>The commonest values have a tag of their own: a process that starts with a few strings and numbers then need not
 * load Java's serialisation, which costs a cold JVM 10 ms. Everything else is serialised as the JDK does it, identity
 * and cycles kept; the JDK's {@code jdk.serialFilter} applies. Open channels travel as descriptors. Locks of one JVM are
 * refused although the JDK would copy them: the copy would guard nothing.
 */
public final class Codec {
    private static final int SERIALISED = 0;
    private static final int NULL = 1;
    private static final int FALSE = 2;
    private static final int TRUE = 3;
    private static final int INT = 4;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int STRING = 7;
    private static final int BYTES = 8;
    private static final int ARRAY = 9;

    /** A lock by type only: {@code ConcurrentHashMap} writes empty ones, for readers of release 7. */
    private static final String MAP_SEGMENT = "java.util.concurrent.ConcurrentHashMap$Segment";

    private Codec() {}

    /**
     * Encodes {@code value}.
     *
     * @throws NotSendableException when something in it can be neither serialised nor passed on
     */
    public static Encoded encode(@Nullable Object value) {
        var bytes = new ByteArrayOutputStream(256);
        var descriptors = new ArrayList<Descriptor>(0);
        Luggage luggage = Luggage.open(descriptors);
        try {
            write(new DataOutputStream(bytes), value);
            return new Encoded(bytes.toByteArray(), descriptors);
        } catch (IOException | RuntimeException e) {
            descriptors.forEach(Descriptor::close);
            throw refusal(value, e);
        } catch (StackOverflowError e) {
            descriptors.forEach(Descriptor::close);
            throw new NotSendableException("value nested too deeply to be serialised", e);
        } finally {
            luggage.close();
        }
    }

    /**
     * Decodes what {@link #encode} made; classes come from {@code loader}. Of the descriptors whatever the value uses
     * is duplicated; the caller closes them.
     */
    public static @Nullable Object decode(byte[] bytes, List<Descriptor> descriptors, ClassLoader loader)
            throws IOException, ClassNotFoundException {
        Luggage luggage = Luggage.open(descriptors);
        try {
            var in = new DataInputStream(new ByteArrayInputStream(bytes));
            int tag = in.readUnsignedByte();
            return tag == ARRAY ? readArray(in, loader) : read(tag, in, loader);
        } catch (StackOverflowError e) {
            throw new IOException("value nested too deeply for this thread's stack", e);
        } finally {
            luggage.close();
        }
    }

    private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
        if (value instanceof Object[] array && array.getClass() == Object[].class && areQuick(array)) {
            out.writeByte(ARRAY);
            out.writeInt(array.length);
            for (Object element : array) {
                writeQuick(out, element);
            }
        } else if (isQuick(value)) {
            writeQuick(out, value);
        } else {
            out.writeByte(SERIALISED);
            try (var objects = new Writer(out)) {
                objects.writeObject(value);
            }
        }
    }

    private static boolean areQuick(Object[] values) {
        int mutable = 0; // of two, only serialisation knows whether they are one
        for (Object value : values) {
            if (value instanceof byte[]) {
                mutable++;
            }
            if (!isQuick(value) || mutable > 1) {
                return false;
            }
        }
        return true;
    }

    private static boolean isQuick(@Nullable Object value) {
        return value == null
                || value instanceof String
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Boolean
                || value instanceof byte[];
    }

    private static void writeQuick(DataOutputStream out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeByte(NULL);
        } else if (value instanceof String string) {
            writeBytes(out, STRING, string.getBytes(StandardCharsets.UTF_8), string);
        } else if (value instanceof Integer number) {
            out.writeByte(INT);
            out.writeInt(number);
        } else if (value instanceof Long number) {
            out.writeByte(LONG);
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.writeByte(DOUBLE);
            out.writeDouble(number);
        } else if (value instanceof Boolean truth) {
            out.writeByte(truth ? TRUE : FALSE);
        } else {
            writeBytes(out, BYTES, (byte[]) value, null);
        }
    }

    private static void writeBytes(DataOutputStream out, int tag, byte[] bytes, @Nullable String text)
            throws IOException {
        if (text != null && !new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            // A string with half a surrogate pair is no UTF-8 text.
            out.writeByte(SERIALISED);
            try (var objects = new Writer(out)) {
                objects.writeObject(text);
            }
            return;
        }
        out.writeByte(tag);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static @Nullable Object read(int tag, DataInputStream in, ClassLoader loader)
            throws IOException, ClassNotFoundException {
        return switch (tag) {
            case SERIALISED -> readSerialised(in, loader);
            case NULL -> null;
            case FALSE -> false;
            case TRUE -> true;
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case DOUBLE -> in.readDouble();
            case STRING -> new String(in.readNBytes(readLength(in)), StandardCharsets.UTF_8);
            case BYTES -> in.readNBytes(readLength(in));
            default -> throw new InvalidClassException("unknown tag " + tag + "; are both sides of one version?");
        };
    }

    private static @Nullable Object[] readArray(DataInputStream in, ClassLoader loader)
            throws IOException, ClassNotFoundException {
        var array = new @Nullable Object[readLength(in)];
        for (int i = 0; i < array.length; i++) {
            array[i] = read(in.readUnsignedByte(), in, loader);
        }
        return array;
    }

    /** A number of bytes, or of elements of at least one byte each. */
    private static int readLength(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new StreamCorruptedException("length " + length + " where " + in.available() + " bytes are left");
        }
        return length;
    }

    private static @Nullable Object readSerialised(DataInputStream in, ClassLoader loader)
            throws IOException, ClassNotFoundException {
        try (var objects = new Reader(in, loader)) {
            return objects.readObject();
        }
    }

    private static RuntimeException refusal(@Nullable Object value, Exception failure) {
        if (!(failure instanceof NotSerializableException)) {
            return new NotSendableException("cannot be serialised: " + failure, failure);
        }
        String path = value == null ? "" : FieldPath.toUnsendable(value);
        return new NotSendableException(
                "cannot be sent to another process: " + path
                        + (failure.getMessage() == null ? "" : " [" + failure.getMessage() + "]")
                        + "; make it Serializable, mark the field transient, or pass what it is made from",
                failure);
    }

    /** Why a value of this type may not be copied to another process although the JDK could, or null. */
    static @Nullable String refusalOf(Object value) {
        if (value.getClass().getName().equals(MAP_SEGMENT)) {
            return null;
        }
        return value instanceof Lock
                        || value instanceof ReadWriteLock
                        || value instanceof StampedLock
                        || value instanceof Semaphore
                ? value.getClass().getName() + " locks nothing outside its own JVM"
                : null;
    }

    private static final class Writer extends ObjectOutputStream {
        Writer(OutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected @Nullable Object replaceObject(Object value) throws IOException {
            String refusal = refusalOf(value);
            if (refusal != null) {
                throw new NotSerializableException(refusal);
            }
            PassedChannel passed = PassedChannel.of(value);
            return passed == null ? value : passed;
        }
    }

    private static final class Reader extends ObjectInputStream {
        private final ClassLoader loader;

        Reader(InputStream in, ClassLoader loader) throws IOException {
            super(in);
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description); // primitive types, and what only the JDK's own rules find
            }
        }
    }
}
