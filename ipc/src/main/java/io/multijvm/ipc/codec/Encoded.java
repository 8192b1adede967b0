package io.multijvm.ipc.codec;

import io.multijvm.ipc.memory.LargeBuffers;
import io.multijvm.ipc.os.Descriptor;
import java.util.Arrays;
import java.util.List;

/**
 * A value on its way: its bytes, which are the first {@code length} of {@code array}, and the descriptors it refers to by
 * index. Closing it closes the descriptors, which are duplicates made for the journey.
 */
public record Encoded(byte[] array, int length, List<Descriptor> descriptors) implements AutoCloseable {

    public Encoded(byte[] bytes, List<Descriptor> descriptors) {
        this(bytes, bytes.length, descriptors);
    }

    /** The bytes in an array of just their length: a copy, mostly. */
    public byte[] bytes() {
        return length == array.length ? array : Arrays.copyOf(array, length);
    }

    /** Lets the array be used for another value; for the only one who has it. */
    public void recycle() {
        LargeBuffers.giveBack(array);
    }

    @Override
    public void close() {
        for (Descriptor descriptor : descriptors) { // no method reference: a cold child links none for this
            descriptor.close();
        }
    }
}
