package io.multijvm.contract;

import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What has all the methods of an interface, and so is taken for one of it: contracts run on classes that have no other in common. */
public final class Duck implements InvocationHandler, Serializable {
    private static final long serialVersionUID = 1;

    private final Object target;

    private Duck(Object target) {
        this.target = target;
    }

    /** {@code target} as a {@code type}. */
    public static <T> T as(Class<? super T> type, Object target) {
        @SuppressWarnings("unchecked") // of no more than what is erased
        T duck = (T) Proxy.newProxyInstance(Duck.class.getClassLoader(), new Class<?>[] {type}, new Duck(target));
        return duck;
    }

    /** {@code duck} on what {@code change} makes of its target; anything else as it is changed itself. */
    @SuppressWarnings("unchecked")
    static <T> T changed(T duck, UnaryOperator<Object> change) {
        Object target = Objects.requireNonNull(unwrapped(duck));
        Object changed = change.apply(target);
        return target == duck
                ? (T) changed
                : (T) Proxy.newProxyInstance(
                        Duck.class.getClassLoader(), duck.getClass().getInterfaces(), new Duck(changed));
    }

    private static @Nullable Object unwrapped(@Nullable Object object) {
        return object != null
                        && Proxy.isProxyClass(object.getClass())
                        && Proxy.getInvocationHandler(object) instanceof Duck duck
                ? duck.target
                : object;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            var passed = arguments == null
                    ? null
                    : Arrays.stream(arguments).map(Duck::unwrapped).toArray();
            Object result = method.getDeclaringClass().isInstance(target)
                    ? method.invoke(target, passed)
                    : target.getClass()
                            .getMethod(method.getName(), method.getParameterTypes())
                            .invoke(target, passed);
            Class<?> expected = method.getReturnType();
            return result != null && expected.isInterface() && !expected.isInstance(result)
                    ? as(expected, result)
                    : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
