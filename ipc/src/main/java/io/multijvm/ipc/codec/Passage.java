package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Calls;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** How handles of one class travel: what replaces them, or, for the class of that, how they arrive. */
final class Passage {
    private static final String REPLACE = "writeReplace";
    private static final String ARRIVED = "arrived";

    private static final ClassValue<Passage> ALL = new ClassValue<>() {
        @Override
        protected Passage computeValue(Class<?> type) {
            return new Passage(Passable.class.isAssignableFrom(type) ? arrived(type) : replacing(type));
        }
    };

    private final @Nullable Method method;

    private Passage(@Nullable Method method) {
        this.method = method;
    }

    private static @Nullable Method arrived(Class<?> type) {
        try {
            Method arrived = type.getDeclaredMethod(ARRIVED, Object[].class);
            return Modifier.isStatic(arrived.getModifiers()) ? arrived : null;
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    /** The hook as serialisation would find it. */
    private static @Nullable Method replacing(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Method declared : each.getDeclaredMethods()) {
                if (declared.getName().equals(REPLACE) && declared.getParameterCount() == 0) {
                    return each == type || !Modifier.isPrivate(declared.getModifiers()) ? declared : null;
                }
            }
        }
        return null;
    }

    /** What travels instead of {@code handle}; null when it cannot travel as it is now. */
    static @Nullable Passable replacing(Handle handle) {
        Method replace = ALL.get(handle.getClass()).method;
        try {
            return replace != null && Calls.invoke(replace, handle) instanceof Passable passable ? passable : null;
        } catch (InvocationTargetException e) {
            return null; // serialisation meets the same, and reports it
        }
    }

    /** The object that these parts were of. */
    static Object arrived(Class<?> type, @Nullable Object[] parts) throws IOException {
        Method arrived = Passable.class.isAssignableFrom(type) ? ALL.get(type).method : null;
        if (arrived == null) {
            throw new InvalidClassException(type.getName(), "nothing that travels in the place of something");
        }
        try {
            Object object = Calls.invoke(arrived, null, (Object) parts);
            if (object == null) {
                throw new InvalidObjectException("nothing has arrived: " + type.getName());
            }
            return object;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            var failure = new InvalidObjectException("malformed value: " + e.getCause());
            failure.initCause(e.getCause());
            throw failure;
        }
    }
}
