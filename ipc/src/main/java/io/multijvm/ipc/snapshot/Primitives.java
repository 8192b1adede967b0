package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSink;
import io.multijvm.ipc.codec.ByteSource;
import io.multijvm.ipc.os.RawObjects;
import java.io.IOException;
import java.lang.reflect.Array;

/** Arrays of primitives, as they lie in memory; numbers in boxes. */
final class Primitives {
    private static final String KINDS = "ZBSCIJFD";
    private static final Class<?>[] TYPES = {
        boolean.class, byte.class, short.class, char.class, int.class, long.class, float.class, double.class
    };
    private static final int[] SIZES = {1, 1, 2, 2, 4, 8, 4, 8};

    private Primitives() {}

    static void write(ByteSink out, Object array) {
        int kind = KINDS.indexOf(array.getClass().getComponentType().descriptorString());
        int length = Array.getLength(array);
        out.write(kind);
        out.writeCount(length);
        int size = Math.multiplyExact(length, SIZES[kind]);
        int at = out.reserve(size);
        RawObjects.copy(array, 0, out.array(), at, size);
    }

    static Object read(ByteSource in) throws IOException {
        int kind = in.readByte();
        int length = in.readCount(SIZES[kind]);
        int size = length * SIZES[kind];
        Object array = Array.newInstance(TYPES[kind], length);
        RawObjects.copy(in.array(), in.skip(size), array, 0, size);
        return array;
    }

    /** Whether {@code box} is the one box of its value that the JDK has. */
    static boolean isTheOne(Object box) {
        return box(KINDS.indexOf(kindOf(box)), bits(box)) == box;
    }

    static void writeBox(ByteSink out, Object box) {
        out.write(KINDS.indexOf(kindOf(box)));
        out.writeLong(bits(box));
    }

    static Object readBox(ByteSource in) throws IOException {
        int kind = in.readByte();
        return box(kind, in.readLong());
    }

    private static char kindOf(Object box) {
        if (box instanceof Boolean) {
            return 'Z';
        }
        if (box instanceof Character) {
            return 'C';
        }
        if (box instanceof Byte) {
            return 'B';
        }
        if (box instanceof Short) {
            return 'S';
        }
        if (box instanceof Integer) {
            return 'I';
        }
        return box instanceof Long ? 'J' : 'D'; // of a float or double there is never only one
    }

    private static long bits(Object box) {
        if (box instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        if (box instanceof Character character) {
            return character;
        }
        return ((Number) box).longValue();
    }

    private static Object box(int kind, long bits) {
        return switch (KINDS.charAt(kind)) {
            case 'Z' -> bits != 0;
            case 'B' -> (byte) bits;
            case 'S' -> (short) bits;
            case 'C' -> (char) bits;
            case 'I' -> (int) bits;
            case 'J' -> bits;
            default -> new Object();
        };
    }
}
