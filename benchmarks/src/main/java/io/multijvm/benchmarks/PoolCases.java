package io.multijvm.benchmarks;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.Pool;
import io.multijvm.pool.ResultIterator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** The cases of the area {@code pool}. Workers that are to be warm are spawned: no spare JVM is made in their place. */
record PoolCases(CPython peer, Effort effort) {
    private static final int ROUNDS = 10;
    private static final int FIRST_ROUNDS = 25;
    private static final int WORKERS = 2;
    private static final int MAPPED = 200_000;
    private static final int MAPPED_BY_CPYTHON = 20_000;
    private static final int CHUNKED = 2_000_000;
    private static final int SUBMITTED = 100_000;
    private static final int SUBMITTED_BY_CPYTHON = 5_000;
    private static final int SINGLE = 10_000;
    private static final int SINGLE_BY_CPYTHON = 1_000;
    private static final int WARM_UP_ROUNDS = 3;
    private static final int ARRAYS = 1_000;
    private static final int LARGE = 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double S = 1e9;
    private static final double MS = 1e6;
    private static final double NS_PER_US = 1e3;
    private static final double THOUSANDS_PER_S = 1e6; // of tasks per nanosecond
    private static final double MILLIONS_PER_S = 1e3;
    private static final String CPYTHON = "CPython";
    private static final String SPAWN = "CPython spawn";

    /** Something a pool does; what it throws ends the benchmark. */
    @FunctionalInterface
    private interface Job<P> {
        void runIn(P workers) throws InterruptedException, ExecutionException;
    }

    Row mapSingly() throws IOException, InterruptedException {
        int tasks = effort.times(MAPPED);
        List<Integer> arguments = upTo(tasks);
        List<Samples> taken = besidePool(
                () -> peer.ask("map_singly", effort.times(MAPPED_BY_CPYTHON)),
                pool -> pool.map(PoolTasks::tiny, arguments, 1),
                nanos -> THOUSANDS_PER_S * tasks / nanos);
        return new Row(
                "Pool.map of a tiny function, chunk 1", taken.get(1), taken.get(0), "k/s", Goal.atLeast(6, CPYTHON));
    }

    Row mapChunked() throws IOException, InterruptedException {
        int tasks = effort.times(CHUNKED);
        List<Integer> arguments = upTo(tasks);
        List<Samples> taken = besidePool(
                () -> peer.ask("map_chunked", tasks),
                pool -> pool.map(PoolTasks::tiny, arguments),
                nanos -> MILLIONS_PER_S * tasks / nanos);
        return new Row(
                "Pool.map of a tiny function, chunk chosen",
                taken.get(1),
                taken.get(0),
                "M/s",
                Goal.atLeast(1, CPYTHON));
    }

    Row apply() throws IOException, InterruptedException {
        int times = effort.times(SINGLE);
        List<Samples> taken = besidePool(
                () -> peer.ask("apply", effort.times(SINGLE_BY_CPYTHON)),
                pool -> {
                    for (int i = 0; i < times; i++) {
                        int n = i;
                        int unused = pool.apply(() -> PoolTasks.tiny(n));
                    }
                },
                nanos -> nanos / NS_PER_US / times);
        return new Row("Pool.apply, one at a time", taken.get(1), taken.get(0), "us", Goal.atMost(0.15, CPYTHON));
    }

    Row submit() throws IOException, InterruptedException {
        int tasks = effort.times(SUBMITTED);
        List<Samples> taken = besideExecutor(
                () -> peer.ask("submit", effort.times(SUBMITTED_BY_CPYTHON)),
                executor -> {
                    List<AsyncResult<Integer>> futures = new ArrayList<>(tasks);
                    for (int i = 0; i < tasks; i++) {
                        int n = i;
                        futures.add(executor.submit(() -> PoolTasks.tiny(n)));
                    }
                    for (AsyncResult<Integer> each : futures) {
                        int unused = each.get();
                    }
                },
                nanos -> THOUSANDS_PER_S * tasks / nanos);
        return new Row("executor submit, throughput", taken.get(1), taken.get(0), "k/s", Goal.atLeast(15, CPYTHON));
    }

    Row submitSingly() throws IOException, InterruptedException {
        int times = effort.times(SINGLE);
        List<Samples> taken = besideExecutor(
                () -> peer.ask("submit_singly", effort.times(SINGLE_BY_CPYTHON)),
                executor -> {
                    for (int i = 0; i < times; i++) {
                        int n = i;
                        int unused = executor.submit(() -> PoolTasks.tiny(n)).get();
                    }
                },
                nanos -> nanos / NS_PER_US / times);
        return new Row(
                "executor submit until its result, one at a time",
                taken.get(1),
                taken.get(0),
                "us",
                Goal.atMost(0.15, CPYTHON));
    }

    Row primes() throws IOException, InterruptedException {
        List<Boolean> expected =
                PoolTasks.NUMBERS.stream().map(PoolTasks::isPrime).toList();
        List<Samples> taken = besideExecutor(
                () -> peer.ask("primes"),
                executor -> {
                    try (ResultIterator<Boolean> answers = executor.map(PoolTasks::isPrime, PoolTasks.NUMBERS)) {
                        if (!answers.stream().toList().equals(expected)) {
                            throw new IllegalStateException("not the right answers");
                        }
                    }
                },
                nanos -> nanos / S);
        return new Row("six primes, wall, workers ready", taken.get(1), taken.get(0), "s", Goal.atMost(0.3, CPYTHON));
    }

    Row arrays() throws IOException, InterruptedException {
        int tasks = effort.times(ARRAYS);
        var content = new byte[LARGE];
        List<Samples> taken = besidePool(
                () -> peer.ask("arrays", tasks),
                pool -> {
                    try (ResultIterator<byte[]> results =
                            pool.imap(PoolTasks::back, Collections.nCopies(tasks, content))) {
                        while (results.hasNext()) {
                            if (results.next().length != LARGE) {
                                throw new IllegalStateException("not what was sent");
                            }
                        }
                    }
                },
                nanos -> nanos / S);
        return new Row(
                tasks + " tasks with a 1 MiB array each way",
                taken.get(1),
                taken.get(0),
                "s",
                Goal.atMost(0.5, CPYTHON));
    }

    List<Row> firstResult() throws IOException, InterruptedException {
        Context spare = MultiJvm.getContext(StartMethod.FORKSERVER);
        Context cold = MultiJvm.getContext(StartMethod.SPAWN);
        List<Samples> taken = effort.alternate(
                FIRST_ROUNDS,
                () -> {
                    awaitSpares(spare);
                    return peer.ask("first_result", "spawn");
                },
                () -> peer.ask("first_result", "fork"),
                () -> millisToFirstResult(spare),
                () -> {
                    awaitSpares(spare);
                    return millisToFirstResult(cold);
                });
        String warmName = "pool of 2 created until its first result, warm spares";
        String coldName = "pool of 2 created until its first result, cold";
        return List.of(
                new Row(warmName, taken.get(2), taken.get(0), "ms", Goal.atMost(0.3, SPAWN)),
                new Row(coldName, taken.get(3), taken.get(0), "ms", Goal.atMost(2, SPAWN)),
                new Row(warmName, taken.get(2), taken.get(1), "ms", Goal.reportedBeside("CPython fork")));
    }

    /** Lets nothing be measured while spare JVMs are being made. */
    private static void awaitSpares(Context context) throws InterruptedException {
        if (!context.awaitWarm(WORKERS, PATIENCE)) {
            throw new IllegalStateException("spare JVMs not ready: wanted " + WORKERS + ", waited " + PATIENCE);
        }
    }

    private static double millisToFirstResult(Context context) throws InterruptedException {
        long begin = System.nanoTime();
        try (Pool pool = context.pool(WORKERS)) {
            int unused = pool.apply(() -> PoolTasks.tiny(1));
            return (System.nanoTime() - begin) / MS;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What nanoseconds become. */
    @FunctionalInterface
    private interface Unit {
        double of(double nanos);
    }

    private List<Samples> besidePool(Measure cpython, Job<Pool> job, Unit unit)
            throws IOException, InterruptedException {
        try (Pool pool = MultiJvm.getContext(StartMethod.SPAWN).pool(WORKERS)) {
            return beside(cpython, pool, job, unit);
        }
    }

    private List<Samples> besideExecutor(Measure cpython, Job<ProcessPoolExecutor> job, Unit unit)
            throws IOException, InterruptedException {
        try (ProcessPoolExecutor executor =
                MultiJvm.getContext(StartMethod.SPAWN).executor(WORKERS)) {
            return beside(cpython, executor, job, unit);
        }
    }

    private <P> List<Samples> beside(Measure cpython, P workers, Job<P> job, Unit unit)
            throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            double unused = nanos(job, workers);
        }
        return effort.alternate(ROUNDS, cpython, () -> unit.of(nanos(job, workers)));
    }

    private static <P> double nanos(Job<P> job, P workers) throws InterruptedException {
        long begin = System.nanoTime();
        try {
            job.runIn(workers);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return System.nanoTime() - begin;
    }

    private static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().toList();
    }
}
