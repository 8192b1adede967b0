package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSink;
import io.multijvm.ipc.codec.ByteSource;
import io.multijvm.ipc.os.RawObjects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** Strings as the JDK keeps them, half surrogate pairs and all. */
final class Strings {
    private static final long VALUE = RawObjects.offset(String.class, "value");
    private static final long CODER = RawObjects.offset(String.class, "coder");

    private Strings() {}

    static void write(ByteSink out, String text) {
        out.write(RawObjects.getByte(text, CODER));
        out.writeBytes((byte[]) Objects.requireNonNull(RawObjects.getReference(text, VALUE)));
    }

    static String read(ByteSource in) throws IOException {
        int coder = in.readByte();
        int length = in.readCount(1);
        int at = in.skip(length);
        if (coder == 0) {
            return new String(in.array(), at, length, StandardCharsets.ISO_8859_1);
        }
        var text = (String) RawObjects.allocate(String.class);
        RawObjects.putReference(text, VALUE, Arrays.copyOfRange(in.array(), at, at + length));
        RawObjects.putByte(text, CODER, (byte) coder);
        return text;
    }
}
