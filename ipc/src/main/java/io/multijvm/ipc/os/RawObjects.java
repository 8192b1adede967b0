package io.multijvm.ipc.os;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Objects as the VM sees them: made without a constructor, read and written field by field whatever the access, final or
 * not, with nothing checked. A boolean is a byte here, a float the int of the same bits, and so on.
 */
public final class RawObjects {
    private static final MethodHandle ALLOCATE = unsafe("allocateInstance", Object.class, Class.class);
    private static final MethodHandle GET_BYTE = getter("getByte", byte.class);
    private static final MethodHandle GET_SHORT = getter("getShort", short.class);
    private static final MethodHandle GET_INT = getter("getInt", int.class);
    private static final MethodHandle GET_LONG = getter("getLong", long.class);
    private static final MethodHandle GET_REFERENCE = getter("getReference", Object.class);
    private static final MethodHandle PUT_BYTE = putter("putByte", byte.class);
    private static final MethodHandle PUT_SHORT = putter("putShort", short.class);
    private static final MethodHandle PUT_INT = putter("putInt", int.class);
    private static final MethodHandle PUT_LONG = putter("putLong", long.class);
    private static final MethodHandle PUT_REFERENCE = putter("putReference", Object.class);
    private static final MethodHandle COPY =
            unsafe("copyMemory", void.class, Object.class, long.class, Object.class, long.class, long.class);
    private static final MethodHandle IS_NOT_INITIALISED = unsafe("shouldBeInitialized", boolean.class, Class.class);
    private static final MethodHandle FIELDS = fields();
    private static final MethodHandle CLASSES = classes();

    private RawObjects() {}

    private static MethodHandle getter(String name, Class<?> type) {
        return unsafe(name, type, Object.class, long.class);
    }

    private static MethodHandle putter(String name, Class<?> type) {
        return unsafe(name, void.class, Object.class, long.class, type);
    }

    private static MethodHandle unsafe(String name, Class<?> result, Class<?>... types) {
        return JdkInternals.bound(JdkUnsafe.INSTANCE, name, MethodType.methodType(result, types));
    }

    private static MethodHandle fields() {
        try {
            return JdkInternals.trusted()
                    .findVirtual(
                            Class.class, "getDeclaredFields0", MethodType.methodType(Field[].class, boolean.class));
        } catch (ReflectiveOperationException e) {
            throw JdkInternals.unavailable("Class.getDeclaredFields0", e);
        }
    }

    private static MethodHandle classes() {
        try {
            return JdkInternals.trusted().findGetter(ClassLoader.class, "classes", ArrayList.class);
        } catch (ReflectiveOperationException e) {
            throw JdkInternals.unavailable("ClassLoader.classes", e);
        }
    }

    /** The fields that {@code type} declares, those that reflection hides among them. */
    public static Field[] fieldsOf(Class<?> type) {
        try {
            return (Field[]) FIELDS.invokeExact(type, false);
        } catch (Throwable e) {
            throw JdkInternals.unavailable("Class.getDeclaredFields0", e);
        }
    }

    /** The classes that {@code loader} has defined, in the order it did, without the first {@code from}. */
    public static List<Class<?>> classesOf(ClassLoader loader, int from) {
        try {
            var all = (ArrayList<?>) CLASSES.invokeExact(loader);
            var found = new ArrayList<Class<?>>();
            synchronized (all) { // as the loader does
                all.subList(Math.min(from, all.size()), all.size()).forEach(each -> found.add((Class<?>) each));
            }
            return found;
        } catch (Throwable e) {
            throw JdkInternals.unavailable("ClassLoader.classes", e);
        }
    }

    /** Whether {@code type} is initialised; does not do it. */
    public static boolean isInitialised(Class<?> type) {
        try {
            return !(boolean) IS_NOT_INITIALISED.invokeExact(type);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Where an instance field is in its object. */
    public static long offset(Field field) {
        return number("objectFieldOffset", field);
    }

    /** Where a static field is in {@link #staticBase}; the class is initialised already. */
    public static long staticOffset(Field field) {
        return number("staticFieldOffset", field);
    }

    /** What has a static field. */
    public static Object staticBase(Field field) {
        return Objects.requireNonNull(JdkUnsafe.call(JdkUnsafe.method("staticFieldBase", Field.class), field));
    }

    private static long number(String method, Field field) {
        return (long) Objects.requireNonNull(JdkUnsafe.call(JdkUnsafe.method(method, Field.class), field));
    }

    /** An instance field by name, where the JDK keeps what it does not show. */
    public static long offset(Class<?> type, String name) {
        return offset(field(type, name));
    }

    /** The value of a static field of objects. */
    public static @Nullable Object getStatic(Class<?> type, String name) {
        Field field = field(type, name);
        return getReference(staticBase(field), staticOffset(field));
    }

    private static Field field(Class<?> type, String name) {
        for (Field each : fieldsOf(type)) {
            if (each.getName().equals(name)) {
                return each;
            }
        }
        throw JdkInternals.unavailable(type.getName() + "." + name, new NoSuchFieldException(name));
    }

    /** Whether {@code type} has such a field. */
    public static boolean hasField(Class<?> type, String name) {
        for (Field each : fieldsOf(type)) {
            if (each.getName().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** An object of {@code type}, all of whose fields are zero. */
    public static Object allocate(Class<?> type) {
        try {
            return (Object) ALLOCATE.invokeExact(type);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    public static byte getByte(Object base, long offset) {
        try {
            return (byte) GET_BYTE.invokeExact(base, offset);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    public static short getShort(Object base, long offset) {
        try {
            return (short) GET_SHORT.invokeExact(base, offset);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    public static int getInt(Object base, long offset) {
        try {
            return (int) GET_INT.invokeExact(base, offset);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    public static long getLong(Object base, long offset) {
        try {
            return (long) GET_LONG.invokeExact(base, offset);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    public static @Nullable Object getReference(Object base, long offset) {
        try {
            return (Object) GET_REFERENCE.invokeExact(base, offset);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    public static void putByte(Object base, long offset, byte value) {
        try {
            PUT_BYTE.invokeExact(base, offset, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    public static void putShort(Object base, long offset, short value) {
        try {
            PUT_SHORT.invokeExact(base, offset, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    public static void putInt(Object base, long offset, int value) {
        try {
            PUT_INT.invokeExact(base, offset, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    public static void putLong(Object base, long offset, long value) {
        try {
            PUT_LONG.invokeExact(base, offset, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Puts {@code value}, which must be of the field's type. */
    public static void putReference(Object base, long offset, @Nullable Object value) {
        try {
            PUT_REFERENCE.invokeExact(base, offset, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Gives {@code target} the value that an instance field has in {@code source}. */
    public static void copyField(Field field, Object source, Object target) {
        long at = offset(field);
        switch (field.getType().descriptorString().charAt(0)) {
            case 'J', 'D' -> putLong(target, at, getLong(source, at));
            case 'I', 'F' -> putInt(target, at, getInt(source, at));
            case 'S', 'C' -> putShort(target, at, getShort(source, at));
            case 'Z', 'B' -> putByte(target, at, getByte(source, at));
            default -> putReference(target, at, getReference(source, at));
        }
    }

    /** Calls the method of {@code type} that has this name and number of arguments, even where the receiver's class overrides it. */
    public static @Nullable Object callOf(Class<?> type, Object receiver, String name, @Nullable Object... arguments) {
        try {
            for (Class<?> each = type; each != null; each = each.getSuperclass()) {
                for (Method method : each.getDeclaredMethods()) {
                    if (method.getName().equals(name)
                            && method.getParameterCount() == arguments.length
                            && !method.isBridge()) {
                        var all = new @Nullable Object[arguments.length + 1];
                        all[0] = receiver;
                        System.arraycopy(arguments, 0, all, 1, arguments.length);
                        return JdkInternals.trusted()
                                .unreflectSpecial(method, each)
                                .invokeWithArguments(all);
                    }
                }
            }
            throw new NoSuchMethodException(type.getName() + "." + name);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw JdkInternals.unavailable(type.getName() + "." + name, e);
        }
    }

    /** Copies {@code size} bytes from one array of primitives to another, offsets counted in bytes. */
    public static void copy(Object from, long fromByte, Object to, long toByte, long size) {
        try {
            COPY.invokeExact(from, base(from) + fromByte, to, base(to) + toByte, size);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static final ClassValue<Integer> BASES = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> type) {
            Object base = JdkUnsafe.call(JdkUnsafe.method("arrayBaseOffset", Class.class), type);
            return Math.toIntExact(((Number) Objects.requireNonNull(base)).longValue());
        }
    };

    private static long base(Object array) {
        return BASES.get(array.getClass());
    }

    private static IllegalStateException failed(Throwable e) {
        return new IllegalStateException("cannot reach an object's fields", e);
    }
}
