package io.multijvm.benchmarks;

import io.multijvm.shared.SharedIntArray;
import java.util.function.LongSupplier;

/** Passes over an array, in pieces, so that each loop is compiled as a method. */
final class Passes {
    private static final int PIECE = 10_000;

    private Passes() {}

    /** A loop over a part of an array; returns something of all it has seen. */
    @FunctionalInterface
    interface Piece {
        long over(int from, int to);
    }

    /** Milliseconds for one pass. */
    static double millis(int length, Piece piece) {
        return once(() -> {
            long seen = 0;
            for (int from = 0; from < length; from += PIECE) {
                seen += piece.over(from, Math.min(length, from + PIECE));
            }
            return seen;
        });
    }

    /** Milliseconds for what does the whole pass by itself. */
    static double once(LongSupplier whole) {
        long begin = System.nanoTime();
        long seen = whole.getAsLong();
        long end = System.nanoTime();
        return seen == Long.MIN_VALUE ? Double.NaN : (end - begin) / 1e6; // what was seen is used
    }

    static long set(int[] array, int from, int to) {
        for (int i = from; i < to; i++) {
            array[i] = i;
        }
        return 0;
    }

    static long set(SharedIntArray array, int from, int to) {
        for (int i = from; i < to; i++) {
            array.set(i, i);
        }
        return 0;
    }

    static long get(int[] array, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += array[i];
        }
        return sum;
    }

    static long get(SharedIntArray array, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += array.get(i);
        }
        return sum;
    }
}
