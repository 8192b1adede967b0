package io.multijvm.manager;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes objects of a class by that constructor, the first if there are several, which takes the arguments. */
record ByConstructor<T>(Class<? extends T> implementation) implements ManagedFactory<T> {
    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            int.class, Integer.class,
            long.class, Long.class,
            double.class, Double.class,
            float.class, Float.class,
            boolean.class, Boolean.class,
            char.class, Character.class,
            byte.class, Byte.class,
            short.class, Short.class);

    @Override
    public T create(@Nullable Object[] arguments) throws Exception {
        for (Constructor<?> each : implementation.getDeclaredConstructors()) {
            if (takes(each.getParameterTypes(), arguments)) {
                each.setAccessible(true);
                return make(each, arguments);
            }
        }
        throw new IllegalArgumentException(
                "no constructor of " + implementation.getName() + " takes " + Arrays.toString(arguments));
    }

    private T make(Constructor<?> constructor, @Nullable Object[] arguments) throws Exception {
        try {
            return implementation.cast(constructor.newInstance(arguments));
        } catch (InvocationTargetException e) {
            throw Sneaky.causeOf(e);
        }
    }

    private static boolean takes(Class<?>[] parameters, @Nullable Object[] arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            Object argument = arguments[i];
            Class<?> type = BOXES.getOrDefault(parameters[i], parameters[i]);
            if (argument == null ? parameters[i].isPrimitive() : !type.isInstance(argument)) {
                return false;
            }
        }
        return true;
    }
}
