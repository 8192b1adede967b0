package io.multijvm.benchmarks;

import java.util.List;

/** What the workers of a pool do. */
final class PoolTasks {
    /** The numbers of the documents; all but the last are prime. */
    static final List<Long> NUMBERS = List.of(
            112272535095293L,
            112582705942171L,
            112272535095293L,
            115280095190773L,
            115797848077099L,
            1099726899285419L);

    private PoolTasks() {}

    static int tiny(int n) {
        return n + 1;
    }

    static byte[] back(byte[] content) {
        return content;
    }

    static boolean isPrime(long n) {
        if (n < 2) {
            return false;
        }
        if (n == 2) {
            return true;
        }
        if (n % 2 == 0) {
            return false;
        }
        long root = (long) Math.sqrt((double) n);
        for (long divisor = 3; divisor <= root; divisor += 2) {
            if (n % divisor == 0) {
                return false;
            }
        }
        return true;
    }
}
