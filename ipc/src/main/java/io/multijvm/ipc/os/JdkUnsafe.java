package io.multijvm.ipc.os;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JDK's own {@code Unsafe}, whose class nothing outside the JDK may name; not the one that is going away. */
final class JdkUnsafe {
    static final Object INSTANCE = Objects.requireNonNull(call(method("getUnsafe")));

    private JdkUnsafe() {}

    static Method method(String name, Class<?>... types) {
        try {
            return Class.forName("jdk.internal.misc.Unsafe").getMethod(name, types);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException(name + " is not there in Java " + Runtime.version(), e);
        }
    }

    static @Nullable Object call(Method method, Object... arguments) {
        try {
            return Calls.invoke(method, INSTANCE, arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("cannot call " + method, e);
        }
    }
}
