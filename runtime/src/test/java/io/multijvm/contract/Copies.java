package io.multijvm.contract;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import java.io.IOException;
import java.util.Objects;

/** Objects as they arrive elsewhere. */
public final class Copies {
    private Copies() {}

    /** What arrives when {@code original} is sent. */
    public static <T> T sent(T original) {
        return Duck.changed(original, Copies::copy);
    }

    private static Object copy(Object original) {
        try (Encoded encoded = Codec.encode(original)) {
            return Objects.requireNonNull(
                    Codec.decode(encoded.bytes(), encoded.descriptors(), Copies.class.getClassLoader()));
        } catch (IOException | ClassNotFoundException e) {
            throw new AssertionError("does not arrive: " + original, e);
        }
    }
}
