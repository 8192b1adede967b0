package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.os.RawObjects;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Objects that the JDK has one of, and knows by identity: values of static final fields that the object's own class, or
 * the class around it, declares, such as {@code Locale.ROOT} and {@code Collections.EMPTY_LIST}.
 */
final class Constants {
    private static final ClassValue<Map<Object, Field>> OF_CLASS = new ClassValue<>() {
        @Override
        protected Map<Object, Field> computeValue(Class<?> type) {
            var found = new IdentityHashMap<Object, Field>(0);
            collect(type, type, found);
            if (type.getNestHost() != type) {
                collect(type.getNestHost(), type, found);
            }
            if (type == Object.class) {
                collect(HashSet.class, type, found);
                collect(TreeSet.class, type, found);
                collect(List.of().getClass().getNestHost(), type, found);
            }
            return found;
        }
    };

    private Constants() {}

    private static void collect(Class<?> owner, Class<?> type, Map<Object, Field> found) {
        int wanted = Modifier.STATIC | Modifier.FINAL;
        if (!RawObjects.isInitialised(owner)) {
            return;
        }
        for (Field field : RawObjects.fieldsOf(owner)) {
            if ((field.getModifiers() & wanted) == wanted && FieldPlan.kindOf(field) == 'L') {
                Object value = RawObjects.getReference(RawObjects.staticBase(field), RawObjects.staticOffset(field));
                if (value != null && value.getClass() == type) {
                    found.put(value, field);
                }
            }
        }
    }

    /** The field whose value this object of a class of the JDK is; null when there is none. */
    static @Nullable Field fieldOf(Object value) {
        Map<Object, Field> known = OF_CLASS.get(value.getClass());
        return known.isEmpty() ? null : known.get(value);
    }

    static Object valueOf(Class<?> owner, String field) throws ClassNotFoundException {
        Class<?> initialised = Class.forName(owner.getName(), true, owner.getClassLoader());
        return Objects.requireNonNull(RawObjects.getStatic(initialised, field), field);
    }
}
