package io.multijvm.manager;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A namespace in the server. */
final class NamespaceObject extends ExclusiveObject {
    /** What can be asked of it. */
    enum Verb {
        GET,
        SET,
        REMOVE,
        CONTAINS,
        COPY
    }

    private static final Verb[] VERBS = Verb.values();

    private final Map<String, @Nullable Object> attributes = new LinkedHashMap<>(); // of the call that is alone here

    @Override
    @Nullable
    Object serveAlone(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case GET -> attributes.get(require(call.argument(0)));
            case SET -> {
                attributes.put(call.argument(0), call.argument(1));
                yield null;
            }
            case REMOVE -> attributes.remove(require(call.argument(0)));
            case CONTAINS -> attributes.containsKey(call.<String>argument(0));
            case COPY -> new LinkedHashMap<>(attributes);
        };
    }

    private String require(String name) {
        if (!attributes.containsKey(name)) {
            throw new NoSuchElementException("the namespace has no attribute '" + name + "'");
        }
        return name;
    }
}
