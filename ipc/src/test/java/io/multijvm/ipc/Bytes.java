package io.multijvm.ipc;

import io.multijvm.ipc.os.Descriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Contents of messages and streams. */
public final class Bytes {
    private Bytes() {}

    /** The UTF-8 form of {@code text}. */
    public static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Random bytes, always the same for one size. */
    public static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** All that {@code descriptor} gives until end-of-file. */
    public static byte[] readAll(Descriptor descriptor) throws IOException {
        var all = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        while (true) {
            descriptor.awaitReadable(Deadline.never());
            int count = descriptor.readNow(part);
            if (count == -1) {
                return all.toByteArray();
            }
            all.write(part, 0, Math.max(0, count));
        }
    }
}
