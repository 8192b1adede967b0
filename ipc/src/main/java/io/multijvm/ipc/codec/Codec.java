package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
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
 * <p>What consists of the JDK's common values, of enums, records and our own handles ({@link Passable}) is written by
 * {@link QuickWriter}: smaller, several times faster, and without Java's serialisation, which costs a cold JVM 10 to 40 ms. Everything else is serialised as the JDK does it,
 * identity and cycles kept. Either way an object comes back as the very type it was, and the JDK's {@code jdk.serialFilter}
 * applies. Open channels, sockets and file streams travel as descriptors. Locks of one JVM are refused although the JDK would copy them: the copy
 * would guard nothing.
 */
public final class Codec {
    /** A lock by type only: {@code ConcurrentHashMap} writes empty ones, for readers of release 7. */
    private static final String MAP_SEGMENT = "java.util.concurrent.ConcurrentHashMap$Segment";

    private Codec() {}

    /**
     * Encodes {@code value}.
     *
     * @throws NotSendableException when something in it can be neither serialised nor passed on, or it takes more than 2 GiB
     */
    public static Encoded encode(@Nullable Object value) {
        try {
            Encoded encoded = new QuickWriter().encode(value);
            return encoded == null ? serialise(value) : encoded;
        } catch (StackOverflowError e) {
            throw new NotSendableException("value nested too deeply to be serialised", e);
        }
    }

    private static Encoded serialise(@Nullable Object value) {
        var bytes = new ByteSink();
        bytes.write(Tag.SERIALISED);
        var descriptors = new ArrayList<Descriptor>(0);
        boolean done = false;
        Luggage luggage = Luggage.open(descriptors);
        try (var objects = new Writer(bytes)) {
            objects.writeObject(value);
            objects.flush();
            done = true;
            return new Encoded(bytes.array(), bytes.size(), descriptors);
        } catch (NotSendableException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw refusal(value, e);
        } finally {
            luggage.close();
            if (!done) {
                descriptors.forEach(Descriptor::close);
            }
        }
    }

    /**
     * Decodes what {@link #encode} made; classes come from {@code loader}. Of the descriptors whatever the value uses
     * is duplicated; the caller closes them.
     */
    public static @Nullable Object decode(byte[] bytes, List<Descriptor> descriptors, ClassLoader loader)
            throws IOException, ClassNotFoundException {
        return decode(bytes, descriptors, loader, null);
    }

    /**
     * As the other, with {@code filter} asked first of every class, array and size, boxed numbers and collections included;
     * never of strings. What it leaves undecided is up to the JVM's filter.
     *
     * @throws java.io.InvalidClassException when it refuses something; names that
     */
    public static @Nullable Object decode(
            byte[] bytes, List<Descriptor> descriptors, ClassLoader loader, @Nullable ObjectInputFilter filter)
            throws IOException, ClassNotFoundException {
        return decode(new ByteSource(bytes), descriptors, loader, filter);
    }

    /** As the others; of the first {@code length} of {@code bytes}. */
    public static @Nullable Object decode(byte[] bytes, int length, List<Descriptor> descriptors, ClassLoader loader)
            throws IOException, ClassNotFoundException {
        return decode(new ByteSource(bytes, length), descriptors, loader, null);
    }

    /**
     * As {@link #decode(byte[], int, List, ClassLoader)} of what has no descriptors and runs no code of the program: the JDK's
     * common values, arrays and collections of them. So it is quick, and neither waits nor throws what the program makes up.
     *
     * @throws UserCodeNeededException for any other value
     */
    public static @Nullable Object decodePlain(byte[] bytes, int length)
            throws IOException, ClassNotFoundException, UserCodeNeededException {
        var in = new ByteSource(bytes, length);
        int tag = in.readByte();
        if (tag == Tag.SERIALISED) {
            throw UserCodeNeededException.of();
        }
        try {
            return new QuickReader(in, List.of(), ClassLoader.getSystemClassLoader(), null)
                    .plain()
                    .read(tag);
        } catch (QuickReader.NotPlain e) {
            throw UserCodeNeededException.of();
        }
    }

    private static @Nullable Object decode(
            ByteSource in, List<Descriptor> descriptors, ClassLoader loader, @Nullable ObjectInputFilter filter)
            throws IOException, ClassNotFoundException {
        int tag = in.readByte();
        Inspection inspection = filter == null ? null : new Inspection(filter);
        if (tag != Tag.SERIALISED) {
            return new QuickReader(in, descriptors, loader, inspection).read(tag);
        }
        Luggage luggage = Luggage.open(descriptors);
        try (var objects = new Reader(in, loader)) {
            if (inspection != null) {
                inspection.attach(objects);
            }
            return objects.readObject();
        } catch (InvalidClassException e) {
            throw inspection == null ? e : inspection.named(e);
        } catch (StackOverflowError e) {
            throw new IOException("value nested too deeply for this thread's stack", e);
        } finally {
            luggage.close();
        }
    }

    /** Where the calling thread's classes come from: its context class loader, or the system's if it has none. */
    public static ClassLoader loader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? ClassLoader.getSystemClassLoader() : context;
    }

    /** Whether what is open of this type travels as a descriptor. */
    public static boolean isPassedOn(Class<?> type) {
        return PassedChannel.isPassed(type);
    }

    private static RuntimeException refusal(@Nullable Object value, Exception failure) {
        if (failure instanceof NotSendableException refusal) {
            return refusal;
        }
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
        protected void annotateClass(Class<?> type) {
            ForeignClasses.met(type);
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
                return byOtherWays(description, e);
            }
        }

        private Class<?> byOtherWays(ObjectStreamClass description, ClassNotFoundException reason)
                throws IOException, ClassNotFoundException {
            try {
                return super.resolveClass(description); // primitive types, and what only the JDK's own rules find
            } catch (ClassNotFoundException e) {
                return ForeignClasses.search(description.getName(), reason);
            }
        }
    }
}
