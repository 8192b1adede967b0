package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.pool.AsyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Six large numbers: which are prime? Asked of this JVM, then of 1, 2, 4 and 8 worker JVMs.
 *
 * <p>Expect: the same answers each time, in the order of the numbers, and the wall time of each beside the serial one: as much
 * faster as there are processors, and no faster with more workers than that.
 */
public final class ExecutorMap {
    private static final List<Long> NUMBERS = List.of(
            112272535095293L,
            112582705942171L,
            112272535095293L,
            115280095190773L,
            115797848077099L,
            1099726899285419L);
    private static final List<Integer> WORKERS = List.of(1, 2, 4, 8);

    private ExecutorMap() {}

    public static void main(String[] args) throws Exception {
        serial(); // so that its code is compiled, as in workers that have run for a while

        long begin = System.nanoTime();
        var alone = serial();
        double seconds = secondsSince(begin);
        for (int i = 0; i < NUMBERS.size(); i++) {
            System.out.println(NUMBERS.get(i) + " is prime? " + alone.get(i));
        }
        System.out.printf(Locale.ROOT, "serial:    %.3f s%n", seconds);
        for (int workers : WORKERS) {
            try (var executor = MultiJvm.executor(workers)) {
                warmUp(executor, workers);
                begin = System.nanoTime();
                var together =
                        executor.map(ExecutorMap::isPrime, NUMBERS).stream().toList();
                double wall = secondsSince(begin);
                System.out.printf(
                        Locale.ROOT,
                        "%d workers: %.3f s, %.2f times the serial time, same answers: %s%n",
                        workers,
                        wall,
                        wall / seconds,
                        together.equals(alone));
            }
        }
    }

    private static List<Boolean> serial() {
        return NUMBERS.stream().map(ExecutorMap::isPrime).toList();
    }

    /** Has all workers started, and each compile what it will run. */
    private static void warmUp(ProcessPoolExecutor executor, int workers) throws Exception {
        var all = MultiJvm.barrier(workers);
        List<AsyncResult<Boolean>> warm = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            warm.add(executor.submit(() -> {
                all.await();
                return isPrime(NUMBERS.get(0));
            }));
        }
        for (var each : warm) {
            each.get();
        }
    }

    private static boolean isPrime(long n) {
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

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
