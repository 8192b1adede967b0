package io.multijvm.shared;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ShareableList} lies in its block; native byte order, every field at a multiple of its size.
 *
 * <pre>
 *   0       4       8                        8 + 8 (n + 1)     8 + 8 (n + 1) + 8 n
 *   | magic | n     | begin of slot 0 … n    | tag 0 … n - 1   | slot 0 | slot 1 | …
 *
 *   begin   int64: offset of the slot in the block; the last is the end of the list. Fixed.
 *   tag     int64: kind of the value now in the slot, and its length in bytes above: kind | length &lt;&lt; 8
 *   slot    a multiple of 8 bytes: int64, float64, or text in UTF-8, or bytes, and whatever follows them
 * </pre>
 *
 * <p>A value's bytes are written before its tag. Nothing else orders readers and writers: that is for the program's lock.
 */
final class ShareableListLayout {
    static final int MAGIC = 0x4d4a_534c; // MJSL

    private static final int COUNT = 4;
    private static final int BEGINS = 8;
    private static final int WORD = 8;
    private static final int KIND_BITS = 8;

    private static final int NULL = 0;
    private static final int FALSE = 1;
    private static final int TRUE = 2;
    private static final int INTEGER = 3;
    private static final int FLOAT = 4;
    private static final int TEXT = 5;
    private static final int BYTES = 6;

    private ShareableListLayout() {}

    /** A value as a slot has it. */
    record Item(int kind, byte[] bytes) {
        /**
         * @throws IllegalArgumentException when no slot can hold such a value
         */
        static Item of(@Nullable Object value) {
            if (value == null) {
                return new Item(NULL, new byte[0]);
            }
            if (value instanceof Boolean truth) {
                return new Item(truth ? TRUE : FALSE, new byte[0]);
            }
            if (value instanceof Integer || value instanceof Long) {
                return new Item(INTEGER, word(((Number) value).longValue()));
            }
            if (value instanceof Double number) {
                return new Item(FLOAT, word(Double.doubleToRawLongBits(number)));
            }
            if (value instanceof String text) {
                return new Item(TEXT, utf8(text));
            }
            if (value instanceof byte[] bytes) {
                return new Item(BYTES, bytes);
            }
            throw new IllegalArgumentException("a ShareableList holds Integer, Long, Double, Boolean, String, byte[] "
                    + "and null, not a " + value.getClass().getName());
        }

        private static byte[] utf8(String text) {
            try {
                ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
                var bytes = new byte[encoded.remaining()];
                encoded.get(bytes);
                return bytes;
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("text with half a surrogate pair", e);
            }
        }

        private static byte[] word(long bits) {
            var bytes = new byte[WORD];
            ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putLong(bits);
            return bytes;
        }

        /** How large a slot is made for it: text and bytes always have room for one byte more, as with CPython. */
        int capacity() {
            return kind == TEXT || kind == BYTES ? WORD * (bytes.length / WORD + 1) : WORD;
        }
    }

    /** The size of a block for these values. */
    static long size(List<Item> items) {
        long size = BEGINS + WORD * (2L * items.size() + 1);
        for (Item item : items) {
            size += item.capacity();
        }
        return size;
    }

    /** Lays out a list in a block that is all zero. */
    static void write(ByteBuffer block, List<Item> items) {
        block.putInt(COUNT, items.size());
        long begin = BEGINS + WORD * (2L * items.size() + 1);
        for (int i = 0; i < items.size(); i++) {
            block.putLong(BEGINS + WORD * i, begin);
            begin += items.get(i).capacity();
        }
        block.putLong(BEGINS + WORD * items.size(), begin);
        for (int i = 0; i < items.size(); i++) {
            put(block, i, items.get(i));
        }
        block.putInt(0, MAGIC);
    }

    /** Whether there is a list in the block. */
    static boolean isList(ByteBuffer block) {
        if (block.capacity() < BEGINS + WORD || block.getInt(0) != MAGIC) {
            return false;
        }
        int count = block.getInt(COUNT);
        return count >= 0
                && BEGINS + WORD * (2L * count + 1) <= block.capacity()
                && block.getLong(BEGINS + WORD * count) <= block.capacity();
    }

    static int count(ByteBuffer block) {
        return block.getInt(COUNT);
    }

    static int capacity(ByteBuffer block, int index) {
        return begin(block, index + 1) - begin(block, index);
    }

    static void put(ByteBuffer block, int index, Item item) {
        block.put(begin(block, index), item.bytes());
        block.putLong(tagAt(block, index), item.kind() | (long) item.bytes().length << KIND_BITS);
    }

    static @Nullable Object get(ByteBuffer block, int index) {
        int begin = begin(block, index);
        long tag = block.getLong(tagAt(block, index));
        return switch (kind(tag)) {
            case NULL -> null;
            case FALSE -> false;
            case TRUE -> true;
            case INTEGER -> block.getLong(begin);
            case FLOAT -> Double.longBitsToDouble(block.getLong(begin));
            case TEXT -> new String(bytes(block, begin, tag), StandardCharsets.UTF_8);
            default -> bytes(block, begin, tag);
        };
    }

    /** The slot's type in the notation of Python's {@code struct}. */
    static String format(ByteBuffer block, int index) {
        return switch (kind(block.getLong(tagAt(block, index)))) {
            case NULL -> "xxxxxx?x";
            case FALSE, TRUE -> "xxxxxxx?";
            case INTEGER -> "q";
            case FLOAT -> "d";
            default -> capacity(block, index) + "s";
        };
    }

    private static byte[] bytes(ByteBuffer block, int begin, long tag) {
        var bytes = new byte[(int) (tag >>> KIND_BITS)];
        block.get(begin, bytes);
        return bytes;
    }

    private static int kind(long tag) {
        return (int) tag & (1 << KIND_BITS) - 1;
    }

    private static int begin(ByteBuffer block, int index) {
        return (int) block.getLong(BEGINS + WORD * index);
    }

    private static int tagAt(ByteBuffer block, int index) {
        return BEGINS + WORD * (count(block) + 1 + index);
    }
}
