package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Descriptor;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors that travel with the value which this thread is encoding or decoding at the moment. An object that
 * stands for something open (a connection, a channel) writes the index that {@link #pack} gives it, and {@link #unpack}s
 * it on arrival.
 */
public final class Luggage {
    private static final ThreadLocal<@Nullable Luggage> CURRENT = new ThreadLocal<>();

    private final List<Descriptor> descriptors;
    private final @Nullable Luggage outer;

    private Luggage(List<Descriptor> descriptors, @Nullable Luggage outer) {
        this.descriptors = descriptors;
        this.outer = outer;
    }

    /** Sends a duplicate of {@code descriptor} along; returns its index. */
    public static int pack(Descriptor descriptor) throws IOException {
        return packOwned(descriptor.duplicate());
    }

    /** As {@link #pack}, for a duplicate already made. */
    static int packOwned(Descriptor duplicate) throws IOException {
        Luggage luggage = CURRENT.get();
        if (luggage == null) {
            duplicate.close();
            throw new NotSerializableException(
                    "something open can only be sent to a process or through a connection, not be serialised elsewhere");
        }
        luggage.descriptors.add(duplicate);
        return luggage.descriptors.size() - 1;
    }

    /** What was packed under {@code index}; the caller owns it. */
    public static Descriptor unpack(int index) throws IOException {
        Luggage luggage = CURRENT.get();
        if (luggage == null || index < 0 || index >= luggage.descriptors.size()) {
            throw new IOException("no descriptor " + index + " came with this value");
        }
        return luggage.descriptors.get(index).duplicate();
    }

    /** Makes {@code descriptors} this thread's luggage until the result is closed. */
    static Luggage open(List<Descriptor> descriptors) {
        var luggage = new Luggage(descriptors, CURRENT.get());
        CURRENT.set(luggage);
        return luggage;
    }

    List<Descriptor> descriptors() {
        return descriptors;
    }

    /** Closes what was packed, as it does not travel. */
    void discard() {
        descriptors.forEach(Descriptor::close);
    }

    void close() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }
}
