package io.multijvm.ipc.os;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Signals to this JVM, through {@code sun.misc.Signal} of {@code jdk.unsupported}: used by name, because javac cannot be
 * kept from warning of it.
 */
public final class Signals {
    private Signals() {}

    /** What happens to a signal after an action of ours. */
    public enum Then {
        /** What would have happened without it. */
        GO_ON,
        /** Nothing more. */
        STOP
    }

    /**
     * Runs {@code action}, on a thread of its own, whenever {@code name} (such as {@code "TERM"}) arrives; returns false
     * when the JVM was told to leave that signal alone ({@code -Xrs}).
     */
    public static boolean handle(String name, Runnable action, Then then) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method handle = signalType.getMethod("handle", signalType, handlerType);
            Method handlerHandle = handlerType.getMethod("handle", signalType);
            var before = new AtomicReference<@Nullable Object>();
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (!method.equals(handlerHandle)) {
                            return method.invoke(action, arguments); // equals, hashCode, toString
                        }
                        try {
                            action.run();
                        } finally {
                            Object previous = before.get();
                            if (then == Then.GO_ON && previous != null) {
                                handlerHandle.invoke(previous, arguments);
                            }
                        }
                        return null;
                    });
            before.set(handle.invoke(null, signal(name), handler));
            return true;
        } catch (InvocationTargetException e) {
            return false;
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException("this JDK has no sun.misc.Signal", e);
        }
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
    }
}
