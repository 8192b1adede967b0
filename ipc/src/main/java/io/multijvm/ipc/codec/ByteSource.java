package io.multijvm.ipc.codec;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;

/** Bytes being read, as {@link ByteSink} wrote them; nothing is believed that does not fit into what is left. */
public final class ByteSource extends InputStream {
    private final byte[] bytes;
    private final int end;
    private int at;

    public ByteSource(byte[] bytes) {
        this(bytes, bytes.length);
    }

    /** The first {@code length} of {@code bytes}. */
    public ByteSource(byte[] bytes, int length) {
        this.bytes = bytes;
        this.end = length;
    }

    @Override
    public int available() {
        return end - at;
    }

    @Override
    public int read() {
        return at < end ? bytes[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int most) {
        int count = Math.min(most, available());
        if (count == 0 && most > 0) {
            return -1;
        }
        System.arraycopy(bytes, at, into, offset, count);
        at += count;
        return count;
    }

    public int readByte() throws EOFException {
        return bytes[skip(1)];
    }

    public int readShort() throws EOFException {
        int from = skip(Short.BYTES);
        return (bytes[from] << 8) | (bytes[from + 1] & 0xff);
    }

    public int readInt() throws EOFException {
        int from = skip(Integer.BYTES);
        return (bytes[from] << 24)
                | ((bytes[from + 1] & 0xff) << 16)
                | ((bytes[from + 2] & 0xff) << 8)
                | (bytes[from + 3] & 0xff);
    }

    public long readLong() throws EOFException {
        return ((long) readInt() << 32) | (readInt() & 0xffffffffL);
    }

    /** A number of things that take at least {@code each} bytes; of any size when that is 0. */
    public int readCount(int each) throws IOException {
        int count = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int part = readByte();
            count |= (part & 0x7f) << shift;
            if (part >= 0) {
                if (count < 0 || (each > 0 && count > available() / each)) {
                    throw new StreamCorruptedException(
                            count + " elements of " + each + " bytes where " + available() + " bytes are left");
                }
                return count;
            }
        }
        throw new StreamCorruptedException("a count of more than five bytes");
    }

    /** A class's name; the class, looked for in {@code loader} but not initialised. */
    Class<?> readClass(ClassLoader loader) throws IOException, ClassNotFoundException {
        int count = readCount(1);
        return KnownClasses.find(bytes, skip(count), count, loader);
    }

    public String readText() throws IOException {
        int count = readCount(1);
        return new String(bytes, skip(count), count, StandardCharsets.UTF_8);
    }

    /** How many bytes have been read. */
    int position() {
        return at;
    }

    public byte[] array() {
        return bytes;
    }

    /** Passes over {@code count} bytes; returns where they begin. */
    public int skip(int count) throws EOFException {
        if (count > available()) {
            throw new EOFException(count + " bytes where " + available() + " are left");
        }
        int from = at;
        at += count;
        return from;
    }
}
