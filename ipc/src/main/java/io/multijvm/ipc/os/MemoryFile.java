package io.multijvm.ipc.os;

import java.io.IOException;

/** An anonymous file in memory, which lives as long as some process has a descriptor of it. */
public final class MemoryFile implements AutoCloseable {
    private final Descriptor descriptor;

    public MemoryFile(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** A new file with {@code size} bytes of {@code bytes} from {@code offset} on. */
    public static MemoryFile of(String name, byte[] bytes, int offset, int size) throws IOException {
        var file = new MemoryFile(Descriptor.memory(name));
        try {
            file.descriptor.writeFully(bytes, offset, size);
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Reads {@code size} bytes from the file's beginning into {@code bytes} at {@code offset}. */
    public void read(byte[] bytes, int offset, int size) throws IOException {
        descriptor.readFully(0, bytes, offset, size);
    }

    /** How many bytes there are. */
    public long size() throws IOException {
        int number = descriptor.enter();
        try {
            long size = LibC.lseek(number, 0, LibC.SEEK_END);
            if (size < 0) {
                throw PosixException.last("lseek");
            }
            return size;
        } finally {
            descriptor.leave();
        }
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
