package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Calls;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.Map;

/**
 * The constants of an enum by their names. {@link Enum#valueOf(Class, String)} knows them as well, but asks for them by
 * reflection, which costs a cold JVM 10 ms.
 */
final class EnumConstants {
    private static final ClassValue<Map<String, Object>> ALL = new ClassValue<>() {
        @Override
        protected Map<String, Object> computeValue(Class<?> type) {
            try {
                var constants = (Object[]) Calls.invoke(type.getMethod("values"), null);
                var byName = new HashMap<String, Object>();
                for (Object each : constants == null ? new Object[0] : constants) {
                    byName.put(((Enum<?>) each).name(), each);
                }
                return byName;
            } catch (NoSuchMethodException | InvocationTargetException e) {
                throw new IllegalArgumentException("no enum, or one that cannot be initialised: " + type, e);
            }
        }
    };

    private EnumConstants() {}

    static Object find(Class<?> type, String name) throws InvalidObjectException, InvalidClassException {
        if (!type.isEnum()) {
            throw new InvalidClassException(type.getName(), "not an enum");
        }
        Object constant = ALL.get(type).get(name);
        if (constant == null) {
            throw new InvalidObjectException("no constant " + name + " in enum " + type.getName());
        }
        return constant;
    }
}
