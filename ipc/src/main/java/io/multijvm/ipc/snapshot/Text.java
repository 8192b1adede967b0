package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSink;
import io.multijvm.ipc.codec.ByteSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Names in a snapshot. */
final class Text {
    private Text() {}

    static void write(ByteSink out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    static String read(ByteSource in) throws IOException {
        return in.readText();
    }
}
