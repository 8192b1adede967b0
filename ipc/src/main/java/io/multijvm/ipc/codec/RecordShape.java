package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.JdkInternals;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** How a record is taken apart and made again: its components in their order, and its canonical constructor. */
final class RecordShape {
    private static final ClassValue<Found> SHAPES = new ClassValue<>() {
        @Override
        protected Found computeValue(Class<?> type) {
            return new Found(isPlain(type) ? new RecordShape(type) : null);
        }
    };

    private final MethodHandle[] getters; // (Object)Object
    private final MethodHandle constructor; // (Object[])Object
    private final int fingerprint;

    private record Found(@Nullable RecordShape shape) {}

    private RecordShape(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        getters = new MethodHandle[components.length];
        int hash = components.length;
        for (int i = 0; i < components.length; i++) {
            getters[i] = JdkInternals.getter(components[i]);
            hash = 31 * hash + components[i].getName().hashCode();
            hash = 31 * hash + components[i].getType().getName().hashCode();
        }
        constructor = JdkInternals.canonicalConstructor(type, components);
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

    int size() {
        return getters.length;
    }

    /** A number that is the same where names and types of the components are. */
    int fingerprint() {
        return fingerprint;
    }

    @Nullable
    Object component(Object record, int index) {
        try {
            return (Object) getters[index].invokeExact(record);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot read a field", e);
        }
    }

    /** A record of these components; what its constructor throws is the cause of what is thrown. */
    Object make(@Nullable Object[] components) throws InvalidObjectException {
        try {
            return (Object) constructor.invokeExact(components);
        } catch (Throwable e) {
            var failure = new InvalidObjectException("the record's constructor refuses what was received: " + e);
            failure.initCause(e);
            throw failure;
        }
    }
}
