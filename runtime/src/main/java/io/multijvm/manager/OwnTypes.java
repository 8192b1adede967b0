package io.multijvm.manager;

import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The types of programs' own that a server knows, by the names of their interfaces. */
final class OwnTypes {
    private final LocalServer server;
    private final Map<String, Registration> registered = new ConcurrentHashMap<>();

    OwnTypes(LocalServer server) {
        this.server = server;
    }

    void register(Registration registration) {
        registered.put(registration.type().getName(), registration);
    }

    Object create(String type, @Nullable Object[] arguments) throws Exception {
        Registration registration = registered.get(type);
        if (registration == null) {
            throw new IllegalArgumentException("type " + type + " is not registered with the manager");
        }
        Object target = Objects.requireNonNull(registration.factory().create(arguments), "made by the factory");
        return refer(target, registration).proxy();
    }

    private Remote refer(Object target, Registration registration) {
        Class<?> type = registration.type();
        if (!type.isInstance(target)) {
            throw new ClassCastException("what the factory has made, "
                    + target.getClass().getName() + ", does not implement " + type.getName());
        }
        return server.table()
                .addTarget(target, type.getName(), new OwnObject(server, target, registration))
                .remote();
    }

    /**
     * What is answered with a result of an object of an own type: what lives here itself, or is declared as a registered
     * type or an iterator, stays here and is referred to. Everything else is copied.
     */
    @Nullable
    Object answer(@Nullable Object result, Class<?> declared) {
        if (result == null || result instanceof AbstractProxy || OwnProxy.isProxy(result)) {
            return result;
        }
        Entry known = server.table().ofTarget(result);
        if (known != null) {
            return known.remote().proxy();
        }
        Registration registration = registered.get(declared.getName());
        if (registration != null) {
            return refer(result, registration).proxy();
        }
        if (declared == Iterator.class) {
            return server.add(Kind.ITERATOR, "", new IteratorObject((Iterator<?>) result))
                    .proxy();
        }
        return result;
    }
}
