package io.multijvm.samples;

import io.multijvm.MultiJvm;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code map} applies one function to many arguments and waits for all results.
 *
 * <p>Expect: results in the arguments' order, whichever worker was faster: the squares of 0 to 4, then the sums of the numbers
 * below 3, 6 and 9.
 */
public final class PoolMap {
    private PoolMap() {}

    public static void main(String[] args) throws Exception {
        try (var pool = MultiJvm.pool(4)) {
            System.out.println(pool.map(n -> n * n, List.of(0, 1, 2, 3, 4)));

            for (int sum : pool.map(PoolMap::sum, List.of(3, 6, 9))) {
                System.out.println(sum);
            }
        }
    }

    private static int sum(int end) {
        return IntStream.range(0, end)
                .peek(n ->
                        System.out.println("process " + ProcessHandle.current().pid() + " is running: " + n))
                .sum();
    }
}
