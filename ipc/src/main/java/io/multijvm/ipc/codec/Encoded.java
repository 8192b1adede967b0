package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Descriptor;
import java.util.List;

/**
 * A value on its way: its bytes, and the descriptors it refers to by index. Closing it closes the descriptors, which
 * are duplicates made for the journey.
 */
public record Encoded(byte[] bytes, List<Descriptor> descriptors) implements AutoCloseable {
    @Override
    public void close() {
        for (Descriptor descriptor : descriptors) { // no method reference: a cold child links none for this
            descriptor.close();
        }
    }
}
