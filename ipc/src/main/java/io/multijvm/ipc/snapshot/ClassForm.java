package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.os.LambdaClass;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.security.Provider;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How objects of one class are copied. */
final class ClassForm {
    private static final ClassValue<ClassForm> ALL = new ClassValue<>() {
        @Override
        protected ClassForm computeValue(Class<?> type) {
            return new ClassForm(type);
        }
    };

    private static final Set<Class<?>> BOXES = Set.of(
            Boolean.class,
            Byte.class,
            Short.class,
            Character.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class);

    private static final List<Class<?>> NAMED = List.of(
            Charset.class,
            Path.class,
            FileSystem.class,
            ClassLoader.class,
            Module.class,
            Provider.class,
            Cleaner.class,
            MethodType.class);

    private static final List<Class<?>> WHOLE =
            List.of(Handle.class, Locale.class, Currency.class, Pattern.class, URL.class, InetAddress.class);

    /** Parts of the JDK and of what this library stands on that are of no use in another process. */
    private static final List<String> REFUSED = List.of(
            "java.lang.invoke.",
            "java.lang.Process",
            "java.lang.ModuleLayer",
            "java.nio.Direct",
            "java.util.zip.Inflater",
            "java.util.zip.Deflater",
            "java.util.zip.ZipFile",
            "java.util.jar.JarFile",
            "jdk.internal.loader.",
            "jdk.internal.foreign.",
            "jdk.internal.module.",
            "jdk.internal.vm.",
            "sun.nio.ch.",
            "sun.nio.fs.",
            "sun.security.ssl.",
            "com.sun.jna.",
            "net.openhft.");

    private static final List<String> NOT_REFUSED = List.of(
            "java.lang.ProcessHandle",
            "sun.nio.ch.FileChannelImpl",
            "sun.nio.ch.FileDispatcherImpl",
            "sun.nio.ch.UnixFileDispatcherImpl",
            "sun.nio.ch.NativeThreadSet",
            "sun.nio.ch.ChannelInputStream",
            "sun.nio.ch.ChannelOutputStream",
            "sun.nio.ch.SocketInputStream",
            "sun.nio.ch.SocketOutputStream");

    final Class<?> type;
    final Form form;
    /** The map whose own fields the receiver makes; null for what is no map. */
    final @Nullable MapKind map;

    final FieldPlan plan;
    final boolean isOfTheJdk;
    /** Whether such an object may be {@code System.out} or its like, which a program may set. */
    final boolean isStream;

    private @Nullable Boolean hashesSimply; // asked of keys alone: a class is looked through for it

    private ClassForm(Class<?> type) {
        this.type = type;
        form = formOf(type);
        map = form == Form.MAP ? MapKind.of(type) : null;
        plan = planOf();
        isOfTheJdk = type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
        isStream = PrintStream.class.isAssignableFrom(type) || InputStream.class.isAssignableFrom(type);
    }

    static ClassForm of(Class<?> type) {
        return ALL.get(type);
    }

    /** Whether {@code hashCode} of such an object needs nothing that may not be there yet. */
    boolean hashesSimply() {
        Boolean known = hashesSimply;
        if (known == null) {
            known = form == Form.STRING || form == Form.ENUM || form == Form.CLASS || form == Form.BOX || isIdentity();
            hashesSimply = known;
        }
        return known;
    }

    private FieldPlan planOf() {
        return switch (form) {
            case FIELDS, FILE, BOX -> FieldPlan.of(type, null);
            case MAP -> FieldPlan.of(type, map == null ? null : map.base());
            case ENUM -> FieldPlan.of(type, Enum.class);
            case THREAD -> FieldPlan.of(type, Thread.class);
            default -> FieldPlan.of(type, type);
        };
    }

    private boolean isIdentity() {
        try {
            return BOXES.contains(type) || type.getMethod("hashCode").getDeclaringClass() == Object.class;
        } catch (NoSuchMethodException e) {
            return false; // an interface, of which there are no objects
        }
    }

    private static Form formOf(Class<?> type) {
        if (type.isArray()) {
            return type.getComponentType().isPrimitive() ? Form.PRIMITIVES : Form.ARRAY;
        }
        if (type == String.class) {
            return Form.STRING;
        }
        if (BOXES.contains(type)) {
            return Form.BOX;
        }
        if (Enum.class.isAssignableFrom(type)) {
            return Form.ENUM;
        }
        if (type == Class.class) {
            return Form.CLASS;
        }
        if (Thread.class.isAssignableFrom(type)) {
            return Form.THREAD;
        }
        if (type == FileDescriptor.class) {
            return Form.FILE;
        }
        if (type.isHidden()) {
            return LambdaClass.isOne(type) ? Form.LAMBDA : Form.REFUSED;
        }
        return formOfObject(type);
    }

    private static Form formOfObject(Class<?> type) {
        if (Proxy.isProxyClass(type)) {
            return Form.PROXY;
        }
        if (Executable.class.isAssignableFrom(type) || type == Field.class) {
            return Form.MEMBER;
        }
        if (isOneOf(WHOLE, type) || isOpen(type)) {
            return Form.CODEC;
        }
        if (isOneOf(NAMED, type) || type == ThreadGroup.class || isLogger(type)) {
            return Form.NAMED;
        }
        if (ByteBuffer.class.isAssignableFrom(type) && MappedByteBuffer.class.isAssignableFrom(type)) {
            return Form.BUFFER;
        }
        if (MapKind.of(type) != null && !Properties.class.isAssignableFrom(type)) {
            return Form.MAP;
        }
        return formByName(type.getName());
    }

    private static Form formByName(String name) {
        if (name.equals("java.util.ImmutableCollections$SetN") || name.equals("java.util.ImmutableCollections$MapN")) {
            return Form.IMMUTABLE;
        }
        if (name.equals("java.net.Socket$SocketInputStream") || name.equals("java.net.Socket$SocketOutputStream")) {
            return Form.SOCKET_STREAM;
        }
        if (name.startsWith("jdk.internal.ref.")) {
            return Form.NOTHING; // cleaners of this JVM's memory
        }
        return startsWithOneOf(REFUSED, name) && !startsWithOneOf(NOT_REFUSED, name) ? Form.REFUSED : Form.FIELDS;
    }

    private static boolean isLogger(Class<?> type) {
        return type.getName().equals(Named.LOGGER) || type.getName().startsWith("java.util.logging.LogManager$");
    }

    /** Files are copied by field, so that a stream and its channel go on sharing one descriptor. */
    private static boolean isOpen(Class<?> type) {
        return Codec.isPassedOn(type)
                && !FileChannel.class.isAssignableFrom(type)
                && !(Closeable.class.isAssignableFrom(type) && type.getName().startsWith("java.io."));
    }

    private static boolean isOneOf(List<Class<?>> types, Class<?> type) {
        return types.stream().anyMatch(each -> each.isAssignableFrom(type));
    }

    private static boolean startsWithOneOf(List<String> beginnings, String name) {
        return beginnings.stream().anyMatch(name::startsWith);
    }
}
