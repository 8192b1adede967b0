package io.multijvm.contract;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import java.io.IOException;

/** Objects as they arrive elsewhere. */
public final class Copies {
    private Copies() {}

    /** What arrives when {@code original} is sent. */
    @SuppressWarnings("unchecked") // it is of the class of what was sent
    public static <T> T sent(T original) {
        try (Encoded encoded = Codec.encode(original)) {
            return (T) Codec.decode(encoded.bytes(), encoded.descriptors(), Copies.class.getClassLoader());
        } catch (IOException | ClassNotFoundException e) {
            throw new AssertionError("does not arrive: " + original, e);
        }
    }
}
