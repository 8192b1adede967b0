package io.multijvm.ipc.os;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What the JDK cannot do with a mapped file. */
public final class Mapping {
    private Mapping() {}

    /**
     * Lets go of the file behind a mapped buffer, at once and under the eyes of threads that may be reading: its pages
     * are replaced by private empty ones, which take no memory until they are written. The addresses stay taken until
     * the buffer is garbage, so that nobody can hit anything else through them.
     */
    public static void forget(ByteBuffer mapped) throws IOException {
        LibC.prepare();
        long address = Pointer.nativeValue(Native.getDirectBufferPointer(mapped));
        long result = LibC.mmap(address, mapped.capacity(), LibC.PROT_READ_WRITE, LibC.MAP_PLACEHOLDER, -1, 0);
        if (result == -1) {
            throw PosixException.last("mmap");
        }
    }
}
