package io.multijvm.manager;

import org.jspecify.annotations.Nullable;

/** What an object of a manager is: how it is made in the server, and what stands for it elsewhere. */
enum Kind {
    DICT("dict"),
    LIST("list"),
    SET("set"),
    NAMESPACE("Namespace"),
    VALUE("Value"),
    ARRAY("Array"),
    ITERATOR("Iterator"),
    OWN("object"),
    MANAGER("manager");

    static final Kind[] ALL = values();

    private final String pythonName;

    Kind(String pythonName) {
        this.pythonName = pythonName;
    }

    String pythonName() {
        return pythonName;
    }

    /** The object as programs use it. */
    Object proxy(Remote remote) {
        return switch (this) {
            case DICT -> new ManagedMap<>(remote);
            case ITERATOR -> new ManagedIterator<>(remote);
            case OWN -> OwnProxy.of(remote);
            case MANAGER -> Manager.of(remote);
            default -> throw new IllegalArgumentException(name());
        };
    }

    /** Makes an object in its server; arguments begin with number 1. */
    ServedObject make(LocalServer server, Call call) {
        return switch (this) {
            case DICT -> new MapObject(call.argument(1));
            default -> throw new IllegalArgumentException("not made like that: " + this);
        };
    }

    /** What {@link Remote#detail} is to be of an object that is made so. */
    String detail(Call call) {
        @Nullable Object first = this == ARRAY || this == VALUE ? call.argument(2) : null;
        return first instanceof Character typecode ? typecode.toString() : "";
    }
}
