package io.multijvm.ipc.os;

import io.multijvm.ipc.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Whole contents of descriptors. */
final class Streams {
    private Streams() {}

    /** Everything up to end-of-file. */
    static byte[] readAll(Descriptor descriptor) throws IOException {
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
