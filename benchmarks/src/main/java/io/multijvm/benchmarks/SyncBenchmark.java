package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ProcessSemaphore;
import io.multijvm.sync.ReentrantProcessLock;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Shared objects that nobody else uses: what an operation costs beside waiting. */
@SuppressWarnings("LockNotBeforeTry") // nothing happens in between
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SyncBenchmark {
    private static final int LENGTH = 1024; // a power of two

    private final ProcessLock lock = MultiJvm.lock();
    private final ReentrantProcessLock reentrant = MultiJvm.rlock();
    private final ProcessSemaphore semaphore = MultiJvm.semaphore();
    private final SharedInt number = SharedInt.of(0);
    private final SharedIntArray array = SharedIntArray.of(LENGTH);
    private int index;

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder().include(SyncBenchmark.class.getName()).build()).run();
    }

    @Benchmark
    public void lock() {
        lock.lock();
        lock.unlock();
    }

    @Benchmark
    public void reentrantLock() {
        reentrant.lock();
        reentrant.unlock();
    }

    @Benchmark
    public void semaphore() {
        semaphore.acquireUninterruptibly();
        semaphore.release();
    }

    @Benchmark
    public int getAndAdd() {
        return number.getAndAdd(1);
    }

    @Benchmark
    public int arrayGet() {
        return array.get(next());
    }

    @Benchmark
    public void arraySet() {
        array.set(next(), 7);
    }

    private int next() {
        index = (index + 1) & (LENGTH - 1);
        return index;
    }
}
