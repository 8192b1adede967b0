package io.multijvm.ipc.os;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one instance field of objects, whatever its access, a record's too.
 *
 * <p>There are two ways. {@link #get} costs a cold JVM next to nothing and a warm one half a microsecond. The others are as
 * quick as the field itself, but the very first of them costs 10 ms. A method handle for each field, which is how release 25
 * reflects, costs a cold JVM 5 ms for each kind of field.
 */
public final class FieldReader {
    private final long offset;
    private final char kind;
    private final Method reading;

    public FieldReader(Field field) {
        offset = (long)
                Objects.requireNonNull(JdkUnsafe.call(JdkUnsafe.method("objectFieldOffset", Field.class), field));
        kind = field.getType().descriptorString().charAt(0);
        reading = JdkUnsafe.method(nameOf(kind), Object.class, long.class);
    }

    private static String nameOf(char kind) {
        return switch (kind) {
            case 'Z' -> "getBoolean";
            case 'B' -> "getByte";
            case 'S' -> "getShort";
            case 'C' -> "getChar";
            case 'I' -> "getInt";
            case 'J' -> "getLong";
            case 'F' -> "getFloat";
            case 'D' -> "getDouble";
            default -> "getReference";
        };
    }

    /** The first letter of the field's type in class files: I for int, and L or [ for what is an object. */
    public char kind() {
        return kind;
    }

    /** The value in {@code owner}, in a box if it needs one. */
    public @Nullable Object get(Object owner) {
        return JdkUnsafe.call(reading, owner, offset);
    }

    public boolean getBoolean(Object owner) {
        try {
            return (boolean) Direct.BOOLEAN.invokeExact(owner, offset);
        } catch (Throwable e) {
            throw unreadable(e);
        }
    }

    public byte getByte(Object owner) {
        try {
            return (byte) Direct.BYTE.invokeExact(owner, offset);
        } catch (Throwable e) {
            throw unreadable(e);
        }
    }

    public short getShort(Object owner) {
        try {
            return (short) Direct.SHORT.invokeExact(owner, offset);
        } catch (Throwable e) {
            throw unreadable(e);
        }
    }

    public char getChar(Object owner) {
        try {
            return (char) Direct.CHAR.invokeExact(owner, offset);
        } catch (Throwable e) {
            throw unreadable(e);
        }
    }

    public int getInt(Object owner) {
        try {
            return (int) Direct.INT.invokeExact(owner, offset);
        } catch (Throwable e) {
            throw unreadable(e);
        }
    }

    public long getLong(Object owner) {
        try {
            return (long) Direct.LONG.invokeExact(owner, offset);
        } catch (Throwable e) {
            throw unreadable(e);
        }
    }

    public float getFloat(Object owner) {
        try {
            return (float) Direct.FLOAT.invokeExact(owner, offset);
        } catch (Throwable e) {
            throw unreadable(e);
        }
    }

    public double getDouble(Object owner) {
        try {
            return (double) Direct.DOUBLE.invokeExact(owner, offset);
        } catch (Throwable e) {
            throw unreadable(e);
        }
    }

    public @Nullable Object getObject(Object owner) {
        try {
            return (Object) Direct.OBJECT.invokeExact(owner, offset);
        } catch (Throwable e) {
            throw unreadable(e);
        }
    }

    private static IllegalStateException unreadable(Throwable e) {
        return new IllegalStateException("cannot read a field", e);
    }

    /** The same, linked. */
    private static final class Direct {
        static final MethodHandle BOOLEAN = linked('Z', boolean.class);
        static final MethodHandle BYTE = linked('B', byte.class);
        static final MethodHandle SHORT = linked('S', short.class);
        static final MethodHandle CHAR = linked('C', char.class);
        static final MethodHandle INT = linked('I', int.class);
        static final MethodHandle LONG = linked('J', long.class);
        static final MethodHandle FLOAT = linked('F', float.class);
        static final MethodHandle DOUBLE = linked('D', double.class);
        static final MethodHandle OBJECT = linked('L', Object.class);

        private static MethodHandle linked(char kind, Class<?> type) {
            return JdkInternals.bound(
                    JdkUnsafe.INSTANCE, nameOf(kind), MethodType.methodType(type, Object.class, long.class));
        }
    }
}
