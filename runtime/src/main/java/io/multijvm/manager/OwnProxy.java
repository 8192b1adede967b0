package io.multijvm.manager;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Handle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Stands for an object of a program's own type: carries the calls of an interface's methods to the server. */
final class OwnProxy implements InvocationHandler {
    private static final int BEFORE_ARGUMENTS = 3;

    private final Remote remote;
    private final OwnMethods methods;

    private OwnProxy(Remote remote, OwnMethods methods) {
        this.remote = remote;
        this.methods = methods;
    }

    /** Has the method that the codec looks for in a handle. */
    public interface Travelling extends Handle {
        /** What travels in the place of this. */
        Object writeReplace();
    }

    /** An object that implements the interface that {@code remote} names. */
    static Object of(Remote remote) {
        ClassLoader loader = Codec.loader();
        Class<?> type;
        try {
            type = Class.forName(remote.detail(), false, loader);
        } catch (ClassNotFoundException e) {
            throw new TypeNotPresentException(remote.detail(), e);
        }
        if (!type.isInterface()) {
            throw new IllegalArgumentException("no interface: " + type.getName());
        }
        ClassLoader seesBoth = type.getClassLoader() == null ? OwnProxy.class.getClassLoader() : type.getClassLoader();
        return Proxy.newProxyInstance(
                seesBoth, new Class<?>[] {type, Travelling.class}, new OwnProxy(remote, OwnMethods.of(type)));
    }

    static boolean isProxy(Object object) {
        return object instanceof Travelling && Proxy.isProxyClass(object.getClass());
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(method, arguments);
        }
        if (method.getDeclaringClass() == Travelling.class) {
            return remote.passed();
        }
        int count = arguments == null ? 0 : arguments.length;
        var message = new @Nullable Object[BEFORE_ARGUMENTS + count];
        message[0] = remote.number();
        message[1] = OwnObject.Verb.INVOKE.ordinal();
        message[2] = methods.signatureOf(method);
        if (arguments != null) {
            System.arraycopy(arguments, 0, message, BEFORE_ARGUMENTS, count);
        }
        return remote.call(message, methods.isInterruptible(method));
    }

    private @Nullable Object ofObject(Method method, @Nullable Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && isSame(arguments[0]);
            case "hashCode" -> remote.hashCode();
            default -> remote.call(new Object[] {remote.number(), OwnObject.Verb.TEXT.ordinal()});
        };
    }

    private boolean isSame(@Nullable Object other) {
        return other != null
                && Proxy.isProxyClass(other.getClass())
                && Proxy.getInvocationHandler(other) instanceof OwnProxy handler
                && handler.remote.equals(remote);
    }
}
