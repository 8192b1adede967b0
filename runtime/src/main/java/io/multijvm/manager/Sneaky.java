package io.multijvm.manager;

import java.lang.reflect.InvocationTargetException;

/** Throws checked exceptions through methods that do not declare them: what a served object throws, as it is. */
final class Sneaky {
    private Sneaky() {}

    /** What a method called by reflection has thrown. Never returns. */
    static RuntimeException causeOf(InvocationTargetException thrown) {
        Throwable cause = thrown.getCause();
        throw hidden(cause == null ? thrown : cause);
    }

    /** Never returns. */
    static RuntimeException hidden(Throwable thrown) {
        throw Sneaky.<RuntimeException>as(thrown);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T as(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
