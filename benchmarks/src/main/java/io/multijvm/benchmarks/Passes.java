package io.multijvm.benchmarks;

import io.multijvm.shared.SharedIntArray;
import java.util.function.LongSupplier;

/** Passes over arrays, each in a loop as one writes it. */
final class Passes {
    private Passes() {}

    /** Milliseconds for one; what it returns is something of all it has seen. */
    static double millis(LongSupplier pass) {
        long begin = System.nanoTime();
        long seen = pass.getAsLong();
        long end = System.nanoTime();
        return seen == Long.MIN_VALUE ? Double.NaN : (end - begin) / 1e6; // what was seen is used
    }

    static long set(int[] array) {
        for (int i = 0; i < array.length; i++) {
            array[i] = i;
        }
        return array.length;
    }

    static long set(SharedIntArray array) {
        for (int i = 0; i < array.length(); i++) {
            array.set(i, i);
        }
        return array.length();
    }

    static long setByLongs(SharedIntArray array) {
        for (long i = 0; i < array.longLength(); i++) {
            array.set(i, (int) i);
        }
        return array.length();
    }

    static long get(int[] array) {
        long sum = 0;
        for (int i = 0; i < array.length; i++) {
            sum += array[i];
        }
        return sum;
    }

    static long get(SharedIntArray array) {
        long sum = 0;
        for (int i = 0; i < array.length(); i++) {
            sum += array.get(i);
        }
        return sum;
    }

    static long getByLongs(SharedIntArray array) {
        long sum = 0;
        for (long i = 0; i < array.longLength(); i++) {
            sum += array.get(i);
        }
        return sum;
    }
}
