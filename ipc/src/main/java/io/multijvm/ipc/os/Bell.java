package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import java.io.IOException;

/** A descriptor that a program makes readable, and no longer readable, itself ({@code eventfd}). */
public final class Bell implements AutoCloseable {
    private final Descriptor descriptor;
    private final Memory one = LibC.memory(Long.BYTES);

    public Bell() throws IOException {
        descriptor = new Descriptor(PosixException.check(LibC.eventfd(0, LibC.EFD_FLAGS), "eventfd"));
        one.setLong(0, 1);
    }

    /** Readable from now on. */
    public void ring() throws IOException {
        int number = descriptor.enter();
        try {
            LibC.write(number, one, Long.BYTES);
        } finally {
            descriptor.leave();
        }
    }

    /** Not readable until it rings again. */
    public void silence() throws IOException {
        descriptor.readNow(new byte[Long.BYTES]);
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
