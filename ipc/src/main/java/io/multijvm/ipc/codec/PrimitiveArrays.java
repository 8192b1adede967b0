package io.multijvm.ipc.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes arrays of numbers, low byte first, as they lie in memory where this runs. */
final class PrimitiveArrays {
    private PrimitiveArrays() {}

    /** Returns false, with nothing written, when {@code array} is not one of these. */
    static boolean write(Object array, ByteSink out) {
        if (array instanceof byte[] bytes) {
            out.write(Tag.BYTES);
            out.writeBytes(bytes);
        } else if (array instanceof int[] ints) {
            room(out, Tag.INTS, ints.length, Integer.BYTES).asIntBuffer().put(ints);
        } else if (array instanceof long[] longs) {
            room(out, Tag.LONGS, longs.length, Long.BYTES).asLongBuffer().put(longs);
        } else if (array instanceof double[] doubles) {
            room(out, Tag.DOUBLES, doubles.length, Double.BYTES)
                    .asDoubleBuffer()
                    .put(doubles);
        } else if (array instanceof float[] floats) {
            room(out, Tag.FLOATS, floats.length, Float.BYTES).asFloatBuffer().put(floats);
        } else if (array instanceof short[] shorts) {
            room(out, Tag.SHORTS, shorts.length, Short.BYTES).asShortBuffer().put(shorts);
        } else if (array instanceof char[] chars) {
            room(out, Tag.CHARS, chars.length, Character.BYTES).asCharBuffer().put(chars);
        } else if (array instanceof boolean[] booleans) {
            ByteBuffer room = room(out, Tag.BOOLEANS, booleans.length, 1);
            for (boolean each : booleans) {
                room.put((byte) (each ? 1 : 0));
            }
        } else {
            return false;
        }
        return true;
    }

    private static ByteBuffer room(ByteSink out, int tag, int count, int each) {
        out.write(tag);
        out.writeCount(count);
        out.requireRoom((long) count * each);
        int size = count * each;
        int at = out.reserve(size);
        return ByteBuffer.wrap(out.array(), at, size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
