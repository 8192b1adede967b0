package io.multijvm.ipc.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Objects numbered in the order they were met, found by identity. */
final class Numbers {
    private @Nullable Object[] objects = new @Nullable Object[64];
    private int[] slots = new int[256]; // a power of two, more than half of it empty; number + 1
    private int size;

    int size() {
        return size;
    }

    Object get(int number) {
        Object object = objects[number];
        if (object == null) {
            throw new IndexOutOfBoundsException(number);
        }
        return object;
    }

    /** The number of {@code object}, or -1. */
    int of(Object object) {
        int mask = slots.length - 1;
        for (int slot = hash(object) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
            if (objects[slots[slot] - 1] == object) {
                return slots[slot] - 1;
            }
        }
        return -1;
    }

    /** Numbers {@code object}, which was not met before. */
    int add(Object object) {
        if (size == objects.length) {
            objects = Arrays.copyOf(objects, 2 * size);
        }
        objects[size++] = object;
        if (2 * size > slots.length) {
            rehash(2 * slots.length);
        } else {
            enter(size - 1);
        }
        return size - 1;
    }

    /** Forgets all but the first {@code count}. */
    void truncate(int count) {
        if (count < size) {
            Arrays.fill(objects, count, size, null);
            size = count;
            rehash(slots.length);
        }
    }

    private void rehash(int length) {
        slots = new int[length];
        for (int number = 0; number < size; number++) {
            enter(number);
        }
    }

    private void enter(int number) {
        int mask = slots.length - 1;
        int slot = hash(get(number)) & mask;
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = number + 1;
    }

    private static int hash(Object object) {
        int hash = System.identityHashCode(object);
        return hash ^ (hash >>> 15);
    }
}
