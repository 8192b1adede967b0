package io.multijvm.manager;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A type of a program's own that a manager is to make objects of.
 *
 * @param type the interface by which they are used
 * @param factory what makes them
 * @param exposed the methods that may be called; null: all
 */
record Registration(
        Class<?> type, ManagedFactory<?> factory, @Nullable List<String> exposed) implements Serializable {
    Registration {
        if (!type.isInterface()) {
            throw new IllegalArgumentException(
                    type.getName() + " is no interface: an object in another process is used by an interface");
        }
        Objects.requireNonNull(factory);
        if (exposed != null) {
            for (String name : exposed) {
                OwnMethods.of(type).requireName(name);
            }
        }
    }

    static <T> Registration of(Class<T> type, ManagedFactory<? extends T> factory, String... exposed) {
        return new Registration(type, factory, exposed.length == 0 ? null : List.of(exposed));
    }

    boolean isExposed(String method) {
        return exposed == null || exposed.contains(method);
    }
}
