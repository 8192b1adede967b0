package io.multijvm.ipc.codec;

import io.multijvm.ipc.memory.LargeBuffers;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes being written, numbers with the high byte first, elements of arrays with the low byte first. */
public final class ByteSink extends OutputStream {
    private static final int MOST = Integer.MAX_VALUE - 32; // an array with room for a header
    private static final int SMALL = 4096; // up to here it grows by steps of four times
    private static final int SHORT = 0x7f; // the most characters of text that are looked at one by one

    private byte[] bytes = new byte[64];
    private int size;

    public int size() {
        return size;
    }

    /** Forgets all but the first {@code length} bytes. */
    public void truncate(int length) {
        size = length;
    }

    @Override
    public void write(int one) {
        int at = reserve(1);
        bytes[at] = (byte) one;
    }

    @Override
    public void write(byte[] from, int offset, int count) {
        int at = reserve(count);
        System.arraycopy(from, offset, bytes, at, count);
    }

    public void writeShort(int value) {
        int at = reserve(Short.BYTES);
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    public void writeInt(int value) {
        setInt(reserve(Integer.BYTES), value);
    }

    /** Writes into what was {@link #reserve}d. */
    void setInt(int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    public void writeLong(long value) {
        writeInt((int) (value >>> 32));
        writeInt((int) value);
    }

    /** Their number, and the bytes. */
    public void writeBytes(byte[] from) {
        writeCount(from.length);
        write(from, 0, from.length);
    }

    /** A number of at least 0, the fewer bytes the smaller it is. */
    public void writeCount(int count) {
        int rest = count;
        while (rest > 0x7f) {
            write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        write(rest);
    }

    /** Text as UTF-8; returns false, with nothing written, when it has half a surrogate pair and so is no text. */
    boolean writeText(String text) {
        if (text.length() <= SHORT && writeAscii(text)) {
            return true;
        }
        if (text.length() > MOST / 3) {
            requireRoom(encodedLength(text)); // the JDK would call it a lack of memory
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        // As UTF-8, half a pair is a question mark; that and plain ASCII leave the length as it is.
        if ((encoded.length != text.length() || hasQuestionMark(encoded)) && !isText(text)) {
            return false;
        }
        writeCount(encoded.length);
        write(encoded, 0, encoded.length);
        return true;
    }

    /** As {@link #writeText}, for what is short; returns false when it is not all ASCII. */
    private boolean writeAscii(String text) {
        int count = text.length();
        int at = reserve(1 + count);
        byte[] into = bytes;
        into[at] = (byte) count;
        for (int i = 0; i < count; i++) {
            char unit = text.charAt(i);
            if (unit > 0x7f) {
                size = at;
                return false;
            }
            into[at + 1 + i] = (byte) unit;
        }
        return true;
    }

    private static long encodedLength(String text) {
        long length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit > 0x7f) {
                length += unit > 0x7ff && !Character.isSurrogate(unit) ? 2 : 1;
            }
        }
        return length;
    }

    private static boolean hasQuestionMark(byte[] encoded) {
        for (byte each : encoded) {
            if (each == '?') {
                return true;
            }
        }
        return false;
    }

    private static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                if (Character.isLowSurrogate(unit)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** Room for {@code count} more bytes; returns where it begins. */
    public int reserve(int count) {
        int at = size;
        if (count > bytes.length - at) {
            grow(count);
        }
        size = at + count;
        return at;
    }

    /** The array written to; another one after the next {@link #reserve}. */
    public byte[] array() {
        return bytes;
    }

    /** Throws unless {@code count} more bytes fit into what can be sent. */
    void requireRoom(long count) {
        if (size + count > MOST) {
            throw new NotSendableException(
                    "a value of more than " + MOST + " bytes (2 GiB) cannot be sent: at least " + (size + count));
        }
    }

    private void grow(int count) {
        requireRoom(count);
        long step = bytes.length < SMALL ? 4L : 2L;
        int larger = (int) Math.min(MOST, Math.max((long) size + count, step * bytes.length));
        byte[] before = bytes;
        bytes = LargeBuffers.take(larger);
        System.arraycopy(before, 0, bytes, 0, size);
        LargeBuffers.giveBack(before);
    }
}
