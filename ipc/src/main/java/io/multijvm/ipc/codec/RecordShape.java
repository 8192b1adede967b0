package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Calls;
import io.multijvm.ipc.os.FieldReader;
import io.multijvm.ipc.os.JdkInternals;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/**
 * How a record is taken apart and made again: its components in their order, and its canonical constructor.
 *
 * <p>The first {@link #OFTEN} times that is done in a way that costs a cold JVM nothing, from then on in the quick way, which
 * takes 20 ms to link.
 */
final class RecordShape {
    private static final int OFTEN = 5_000;

    private static final ClassValue<Found> SHAPES = new ClassValue<>() {
        @Override
        protected Found computeValue(Class<?> type) {
            return new Found(isPlain(type) ? new RecordShape(type) : null);
        }
    };

    private final String name;
    private final FieldReader[] components;
    private final int fingerprint;
    private final Constructor<?> declared;
    private @Nullable MethodHandle linked; // (Object[])Object
    private int taken; // these two count roughly: threads may do it at once
    private int made;

    private static final class Found {
        final @Nullable RecordShape shape;

        Found(@Nullable RecordShape shape) {
            this.shape = shape;
        }
    }

    private RecordShape(Class<?> type) {
        name = type.getName();
        ForeignClasses.met(type);
        RecordComponent[] declaredComponents = type.getRecordComponents();
        components = new FieldReader[declaredComponents.length];
        var types = new Class<?>[components.length];
        int hash = components.length;
        try {
            for (int i = 0; i < components.length; i++) {
                RecordComponent component = declaredComponents[i];
                types[i] = component.getType();
                components[i] = new FieldReader(type.getDeclaredField(component.getName()));
                hash = 31 * hash + component.getName().hashCode();
                hash = 31 * hash + types[i].getName().hashCode();
            }
            declared = type.getDeclaredConstructor(types);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("not made as a record is: " + type, e);
        }
        fingerprint = hash;
    }

    /** The shape of a record class; null for one that serialisation refuses, or that has a say in it. */
    static @Nullable RecordShape of(Class<?> type) {
        return SHAPES.get(type).shape;
    }

    private static boolean isPlain(Class<?> type) {
        if (!Serializable.class.isAssignableFrom(type) || type.isHidden()) {
            return false;
        }
        for (Method method : type.getDeclaredMethods()) {
            boolean hook =
                    method.getName().equals("writeReplace") || method.getName().equals("readResolve");
            if (hook && method.getParameterCount() == 0) {
                return false;
            }
        }
        return true;
    }

    /** The class's name. */
    String name() {
        return name;
    }

    int size() {
        return components.length;
    }

    /** A number that is the same where names and types of the components are. */
    int fingerprint() {
        return fingerprint;
    }

    /** Writes the components of {@code record}; returns false when there is something in them for serialisation. */
    boolean write(Object record, QuickWriter writer, int depth) {
        if (taken < OFTEN) {
            taken++;
            for (FieldReader component : components) {
                if (!writer.write(component.get(record), depth)) {
                    return false;
                }
            }
            return true;
        }
        for (FieldReader component : components) {
            if (!write(component, record, writer, depth)) {
                return false;
            }
        }
        return true;
    }

    private static boolean write(FieldReader component, Object record, QuickWriter writer, int depth) {
        switch (component.kind()) {
            case 'I' -> writer.writeInt(component.getInt(record));
            case 'J' -> writer.writeLong(component.getLong(record));
            case 'D' -> writer.writeDouble(component.getDouble(record));
            case 'Z' -> writer.writeBoolean(component.getBoolean(record));
            case 'B' -> writer.write(component.getByte(record), depth);
            case 'S' -> writer.write(component.getShort(record), depth);
            case 'C' -> writer.write(component.getChar(record), depth);
            case 'F' -> writer.write(component.getFloat(record), depth);
            default -> {
                return writer.write(component.getObject(record), depth);
            }
        }
        return true;
    }

    /** A record of these components; what its constructor throws is the cause of what is thrown. */
    Object make(@Nullable Object[] values) throws InvalidObjectException {
        try {
            if (made < OFTEN) {
                made++;
                return Calls.construct(declared, values);
            }
            MethodHandle constructor = linked;
            if (constructor == null) {
                constructor = JdkInternals.constructor(declared);
                linked = constructor;
            }
            return (Object) constructor.invokeExact(values);
        } catch (InvocationTargetException e) {
            throw refused(e.getCause());
        } catch (Throwable e) {
            throw refused(e);
        }
    }

    private static InvalidObjectException refused(@Nullable Throwable cause) {
        var failure = new InvalidObjectException("the record's constructor refuses what was received: " + cause);
        failure.initCause(cause);
        return failure;
    }
}
