package com.example;

import io.multijvm.MultiJvm;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolOptions;
import io.multijvm.pool.Retry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** Counts prime numbers in JVMs of its own. Threads of the application call it as any other object. */
public final class PrimeCounter implements AutoCloseable {
    private static final int PARTS = 8;

    private final Pool pool;

    public PrimeCounter(int workers) {
        pool = MultiJvm.pool(PoolOptions.defaults()
                .name("primes")
                .workers(workers)
                .heap("128m")
                .taskTimeout(Duration.ofMinutes(1))
                .retry(Retry.attempts(3)));
    }

    /** How many prime numbers there are from 2 up to, and without, {@code limit}. */
    public int below(int limit) throws InterruptedException {
        try {
            List<Integer> parts = IntStream.range(0, PARTS).boxed().toList();
            return pool.map(part -> count(part(limit, part), part(limit, part + 1)), parts).stream()
                    .mapToInt(count -> count)
                    .sum();
        } catch (ExecutionException e) {
            throw new IllegalStateException("not counted: " + e.getCause().getMessage(), e);
        }
    }

    /** The process ids of the workers. */
    public List<Long> workers() {
        return pool.pids();
    }

    @Override
    public void close() {
        pool.close();
    }

    private static int part(int limit, int part) {
        return (int) ((long) limit * part / PARTS);
    }

    /** Runs in a worker. */
    private static int count(int from, int to) {
        return (int) IntStream.range(Math.max(2, from), to)
                .filter(n -> IntStream.rangeClosed(2, (int) Math.sqrt(n)).noneMatch(d -> n % d == 0))
                .count();
    }
}
