package io.multijvm.ipc.codec;

import java.util.Arrays;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** Objects in the order they were met, found by identity. */
final class Met {
    private static final int FEW = 16; // that are looked through one by one

    private @Nullable Object[] few = new @Nullable Object[4];
    private int size;
    private @Nullable IdentityHashMap<Object, Integer> many;

    int size() {
        return size;
    }

    /** Where {@code object} was met, or -1. */
    int indexOf(Object object) {
        if (many != null) {
            Integer index = many.get(object);
            return index == null ? -1 : index;
        }
        for (int i = 0; i < size; i++) {
            if (few[i] == object) {
                return i;
            }
        }
        return -1;
    }

    void add(Object object) {
        if (many == null) {
            if (size < FEW) {
                if (size == few.length) {
                    few = Arrays.copyOf(few, FEW);
                }
                few[size++] = object;
                return;
            }
            many = new IdentityHashMap<>(4 * FEW);
            for (int i = 0; i < size; i++) {
                many.put(few[i], i);
            }
        }
        many.put(object, size++);
    }
}
