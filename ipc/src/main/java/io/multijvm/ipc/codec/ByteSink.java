package io.multijvm.ipc.codec;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes being written, numbers with the high byte first. */
final class ByteSink extends OutputStream {
    private static final int MOST = Integer.MAX_VALUE - 32; // what a message can be, an array with room for a header

    private byte[] bytes = new byte[256];
    private int size;

    int size() {
        return size;
    }

    /** Forgets what was written since {@link #size} was {@code earlier}. */
    void rewind(int earlier) {
        size = earlier;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
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

    void writeShort(int value) {
        int at = reserve(Short.BYTES);
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    void writeInt(int value) {
        int at = reserve(Integer.BYTES);
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    void writeLong(long value) {
        writeInt((int) (value >>> 32));
        writeInt((int) value);
    }

    /** A number of at least 0, the fewer bytes the smaller it is. */
    void writeCount(int count) {
        int rest = count;
        while (rest > 0x7f) {
            write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        write(rest);
    }

    /** Text as UTF-8; returns false, with nothing written, when it has half a surrogate pair and so is no text. */
    boolean writeText(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        // As UTF-8, half a pair is a question mark; that and plain ASCII leave the length as it is.
        if ((encoded.length != text.length() || hasQuestionMark(encoded)) && !isText(text)) {
            return false;
        }
        writeCount(encoded.length);
        write(encoded, 0, encoded.length);
        return true;
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
    int reserve(int count) {
        int at = size;
        if (count > bytes.length - at) {
            grow(count);
        }
        size = at + count;
        return at;
    }

    /** The array written to; another one after the next {@link #reserve}. */
    byte[] array() {
        return bytes;
    }

    private void grow(int count) {
        long needed = (long) size + count;
        if (needed > MOST) {
            throw new NotSendableException("larger than a message can be: more than " + MOST + " bytes when encoded");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(MOST, Math.max(needed, 2L * bytes.length)));
    }
}
