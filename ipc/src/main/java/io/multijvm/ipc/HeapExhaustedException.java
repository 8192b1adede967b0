package io.multijvm.ipc;

import java.io.IOException;

/**
 * A message, or an object to be rebuilt of one, needs more memory than this JVM's heap has left. The message is consumed;
 * the connection or queue that it came over goes on.
 */
public final class HeapExhaustedException extends IOException {
    private static final long serialVersionUID = 1;

    /** {@code what} is what came, and of {@code size} bytes. */
    public HeapExhaustedException(String what, long size, OutOfMemoryError cause) {
        super(
                what + " of " + size + " bytes does not fit into this JVM's heap, which may have "
                        + Runtime.getRuntime().maxMemory() + " bytes and has " + free() + " left",
                cause);
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }
}
