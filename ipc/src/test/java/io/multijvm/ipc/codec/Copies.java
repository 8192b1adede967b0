package io.multijvm.ipc.codec;

import java.io.IOException;

/** Values encoded and decoded again, as another process gets them. */
public final class Copies {
    private static final ClassLoader LOADER = Copies.class.getClassLoader();

    private Copies() {}

    @SuppressWarnings("unchecked") // of the same kind
    public static <T> T copy(T value) throws IOException, ClassNotFoundException {
        try (var encoded = Codec.encode(value)) {
            return (T) decode(encoded);
        }
    }

    static Object decode(Encoded encoded) throws IOException, ClassNotFoundException {
        return Codec.decode(encoded.bytes(), encoded.descriptors(), LOADER);
    }
}
