package io.multijvm.manager;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import org.jspecify.annotations.Nullable;

/** For whom this thread is encoding: a {@link Server} that is called, or a {@link Session} that is answered, or unknown. */
final class Destination {
    private static final ThreadLocal<@Nullable Object> CURRENT = new ThreadLocal<>();

    private Destination() {}

    static @Nullable Object current() {
        return CURRENT.get();
    }

    /** Encodes {@code value} for {@code destination}. */
    static Encoded encode(@Nullable Object value, Object destination) {
        Object before = CURRENT.get();
        CURRENT.set(destination);
        try {
            return Codec.encode(value);
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }
}
