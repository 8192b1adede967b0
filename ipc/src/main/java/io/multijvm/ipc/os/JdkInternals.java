package io.multijvm.ipc.os;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.ProtocolFamily;
import java.nio.channels.FileChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The few doors into the JDK that no public API opens, without a JVM flag and without a warning.
 *
 * <p>A trusted {@link MethodHandles.Lookup} is built by its own constructor through the serialisation support of
 * {@code jdk.unsupported}. The often seen way through {@code Unsafe.staticFieldOffset} prints a warning from release
 * 24 on; flags on the child's command line would work, but switch off the JDK's archived module graph and cost each
 * child 10 ms of start-up.
 */
public final class JdkInternals {
    private static final int TRUSTED = -1;

    private JdkInternals() {}

    /** The lookup that may everything; for the doors that other classes of this package are. */
    static MethodHandles.Lookup trusted() {
        return Trusted.LOOKUP;
    }

    /** Opens {@code packageName} of {@code java.base} to all: who needs it may be on the class path or a module. */
    public static void open(String packageName) {
        try {
            Trusted.LOOKUP
                    .findVirtual(Module.class, "implAddOpens", MethodType.methodType(void.class, String.class))
                    .invokeExact(Object.class.getModule(), packageName);
        } catch (Throwable e) {
            throw unavailable("Module.implAddOpens", e);
        }
    }

    /** The arguments this JVM was started with, without the main class and its arguments. */
    public static String[] runtimeArguments() {
        try {
            var vm = Class.forName("jdk.internal.misc.VM");
            var arguments = (String @Nullable []) Trusted.LOOKUP
                    .findStatic(vm, "getRuntimeArguments", MethodType.methodType(String[].class))
                    .invoke();
            return arguments == null ? new String[0] : arguments;
        } catch (Throwable e) {
            throw unavailable("VM.getRuntimeArguments", e);
        }
    }

    /** What an attached {@code com.sun.tools.attach.VirtualMachine} answers to a request for a thread dump. */
    public static InputStream threadDump(Object virtualMachine) throws IOException {
        try {
            Class<?> implementation = Class.forName("sun.tools.attach.HotSpotVirtualMachine");
            return (InputStream) Trusted.LOOKUP
                    .findVirtual(
                            implementation, "remoteDataDump", MethodType.methodType(InputStream.class, Object[].class))
                    .invoke(implementation.cast(virtualMachine), new Object[] {"-l"});
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw unavailable("HotSpotVirtualMachine.remoteDataDump", e);
        }
    }

    /** The VM's own way to call a method, as reflection used it before release 18; null where it is kept elsewhere. */
    static @Nullable MethodHandle vmCall() {
        String name = Runtime.version().feature() < 22
                ? "jdk.internal.reflect.NativeMethodAccessorImpl"
                : "jdk.internal.reflect.DirectMethodHandleAccessor$NativeAccessor";
        try {
            return Trusted.LOOKUP.findStatic(
                    Class.forName(name),
                    "invoke0",
                    MethodType.methodType(Object.class, Method.class, Object.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** The VM's own way of calling a constructor. */
    static MethodHandle vmConstruct() {
        String name = Runtime.version().feature() < 22
                ? "jdk.internal.reflect.NativeConstructorAccessorImpl"
                : "jdk.internal.reflect.DirectConstructorHandleAccessor$NativeAccessor";
        try {
            return Trusted.LOOKUP.findStatic(
                    Class.forName(name),
                    "newInstance0",
                    MethodType.methodType(Object.class, Constructor.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw unavailable(name, e);
        }
    }

    /** A method of an object of the JDK's, bound to it. */
    static MethodHandle bound(Object receiver, String name, MethodType types) {
        try {
            return Trusted.LOOKUP.findVirtual(receiver.getClass(), name, types).bindTo(receiver);
        } catch (ReflectiveOperationException e) {
            throw unavailable(receiver.getClass().getName() + "." + name, e);
        }
    }

    /** The method of a class, whatever its access, found without looking at the class's other methods. */
    static MethodHandle method(Class<?> type, String name, MethodType types, boolean isStatic)
            throws ReflectiveOperationException {
        return isStatic
                ? Trusted.LOOKUP.findStatic(type, name, types)
                : Trusted.LOOKUP.in(type).findVirtual(type, name, types);
    }

    /**
     * Has {@code hook} run as the very last of this JVM's shutdown: after all hooks of the program, on the thread that
     * shuts down.
     */
    public static void addLastShutdownHook(Runnable hook) {
        int lastSlot = 9;
        try {
            Trusted.LOOKUP
                    .findStatic(
                            Class.forName("java.lang.Shutdown"),
                            "add",
                            MethodType.methodType(void.class, int.class, boolean.class, Runnable.class))
                    .invokeExact(lastSlot, false, hook);
        } catch (IllegalStateException e) {
            throw e; // it is shutting down
        } catch (Throwable e) {
            throw unavailable("Shutdown.add", e);
        }
    }

    /** Calls a constructor, whatever its access, with an array of its arguments. */
    public static MethodHandle constructor(Constructor<?> constructor) {
        try {
            return Trusted.LOOKUP
                    .unreflectConstructor(constructor)
                    .asSpreader(Object[].class, constructor.getParameterCount())
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw unavailable(constructor.toString(), e);
        }
    }

    /** Whether an immutable list of the JDK's may be asked for null, as one made by a stream may. */
    public static boolean allowsNulls(List<?> immutable) {
        try {
            return immutable.getClass() == CollectionInternals.MANY
                    && (boolean) CollectionInternals.ALLOWS_NULLS.invoke(immutable);
        } catch (Throwable e) {
            throw unavailable("ListN.allowNulls", e);
        }
    }

    /** Whether a {@link LinkedHashMap} keeps its entries in the order they were last asked for. */
    public static boolean isInAccessOrder(Map<?, ?> map) {
        try {
            return (boolean) CollectionInternals.ACCESS_ORDER.invoke(map);
        } catch (Throwable e) {
            throw unavailable("LinkedHashMap.accessOrder", e);
        }
    }

    private static final class CollectionInternals {
        static final Class<?> MANY = List.of().getClass();
        static final MethodHandle ALLOWS_NULLS = field(MANY, "allowNulls");
        static final MethodHandle ACCESS_ORDER = field(LinkedHashMap.class, "accessOrder");

        private static MethodHandle field(Class<?> type, String name) {
            try {
                return Trusted.LOOKUP.findGetter(type, name, boolean.class);
            } catch (ReflectiveOperationException e) {
                throw unavailable(type.getName() + "." + name, e);
            }
        }
    }

    /** A {@link FileDescriptor} that stands for {@code fd}. */
    public static FileDescriptor fileDescriptor(int fd) {
        try {
            return (FileDescriptor) Trusted.LOOKUP
                    .findConstructor(FileDescriptor.class, MethodType.methodType(void.class, int.class))
                    .invokeExact(fd);
        } catch (Throwable e) {
            throw unavailable("FileDescriptor(int)", e);
        }
    }

    /** As {@link #fileDescriptor}, closed when it is garbage, as one that the JDK itself has opened. */
    static FileDescriptor ownedFile(int fd) {
        FileDescriptor file = fileDescriptor(fd);
        try {
            Trusted.LOOKUP
                    .findStatic(
                            Class.forName("java.io.FileCleanable"),
                            "register",
                            MethodType.methodType(void.class, FileDescriptor.class))
                    .invokeExact(file);
            return file;
        } catch (Throwable e) {
            throw unavailable("FileCleanable.register", e);
        }
    }

    /** The number behind {@code descriptor}. */
    public static int number(FileDescriptor descriptor) {
        try {
            return (int) Trusted.LOOKUP
                    .findGetter(FileDescriptor.class, "fd", int.class)
                    .invokeExact(descriptor);
        } catch (Throwable e) {
            throw unavailable("FileDescriptor.fd", e);
        }
    }

    /** What {@code channel}, a socket or file channel of the JDK, has open. */
    static FileDescriptor fileDescriptorOf(Object channel) {
        try {
            return (FileDescriptor) Trusted.LOOKUP
                    .findGetter(channel.getClass(), "fd", FileDescriptor.class)
                    .invoke(channel);
        } catch (Throwable e) {
            throw unavailable(channel.getClass().getName() + ".fd", e);
        }
    }

    /** A channel of class {@code name} around an open descriptor. */
    static <C> C channel(
            Class<C> type, String name, Class<?> lastType, ProtocolFamily family, FileDescriptor open, Object last) {
        try {
            MethodHandle constructor = Trusted.LOOKUP.findConstructor(
                    Class.forName(name),
                    MethodType.methodType(
                            void.class, SelectorProvider.class, ProtocolFamily.class, FileDescriptor.class, lastType));
            return type.cast(constructor.invoke(SelectorProvider.provider(), family, open, last));
        } catch (Throwable e) {
            throw unavailable(name, e);
        }
    }

    /** A file channel for reading and writing around an open descriptor. */
    static FileChannel readWriteChannel(FileDescriptor open) {
        try {
            Class<?> implementation = Class.forName("sun.nio.ch.FileChannelImpl");
            for (Method method : implementation.getDeclaredMethods()) {
                if (method.getName().equals("open")) {
                    MethodHandle handle = Trusted.LOOKUP.unreflect(method);
                    // (fd, path, readable, writable, [sync,] direct, parent)
                    return (FileChannel)
                            (method.getParameterCount() == 6
                                    ? handle.invoke(open, (String) null, true, true, false, (Object) null)
                                    : handle.invoke(open, (String) null, true, true, false, false, (Closeable) null));
                }
            }
            throw new NoSuchMethodException("FileChannelImpl.open");
        } catch (Throwable e) {
            throw unavailable("FileChannelImpl.open", e);
        }
    }

    /** Lets code use {@code sun.misc.Unsafe} for memory without the warning that release 24 and later print once. */
    public static void allowUnsafeMemory() {
        if (Runtime.version().feature() < 24) {
            return;
        }
        try {
            Trusted.LOOKUP
                    .findStatic(
                            Class.forName("sun.misc.Unsafe"),
                            "trySetMemoryAccessWarned",
                            MethodType.methodType(boolean.class))
                    .invoke(); // true if it was not printed before
        } catch (Throwable e) {
            throw unavailable("Unsafe.trySetMemoryAccessWarned", e);
        }
    }

    /** Lets {@code module} call native code, which release 24 and later would warn about. */
    static void allowNativeAccess(Module module) {
        if (Runtime.version().feature() < 22) {
            return;
        }
        try {
            if (module.isNamed()) {
                Trusted.LOOKUP
                        .findVirtual(Module.class, "implAddEnableNativeAccess", MethodType.methodType(Module.class))
                        .invoke(module);
                return;
            }
            Trusted.LOOKUP
                    .findStatic(
                            Module.class, "implAddEnableNativeAccessToAllUnnamed", MethodType.methodType(void.class))
                    .invokeExact();
        } catch (Throwable e) {
            throw unavailable("Module.implAddEnableNativeAccess", e);
        }
    }

    static UnsupportedOperationException unavailable(String what, Throwable cause) {
        return new UnsupportedOperationException(
                what + " cannot be reached in Java " + Runtime.version() + "; MultiJVM supports 17 to 25", cause);
    }

    private static final class Trusted {
        static final MethodHandles.Lookup LOOKUP = lookup();

        private static MethodHandles.Lookup lookup() {
            try {
                Constructor<?> declared =
                        MethodHandles.Lookup.class.getDeclaredConstructor(Class.class, Class.class, int.class);
                // By name, because javac cannot be kept from warning of the class, which is there to be used.
                Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
                Object instance = factory.getMethod("getReflectionFactory").invoke(null);
                var open = (Constructor<?>)
                        factory.getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                                .invoke(instance, MethodHandles.Lookup.class, declared);
                return (MethodHandles.Lookup) open.newInstance(Object.class, null, TRUSTED);
            } catch (ReflectiveOperationException e) {
                throw unavailable("MethodHandles.Lookup", e);
            }
        }
    }
}
