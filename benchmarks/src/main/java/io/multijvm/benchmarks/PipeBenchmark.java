package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** A message to and fro between two threads of one JVM: what a connection costs beside the waking of a thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PipeBenchmark {
    private final Pipe pipe = MultiJvm.pipe();
    private final Connection near = pipe.first();
    private final byte[] small = new byte[64];
    private final byte[] large = new byte[64 * 1024];
    private final List<Integer> numbers = IntStream.range(0, 100).boxed().toList();

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder().include(PipeBenchmark.class.getName()).build()).run();
    }

    @Setup
    public void startEcho() {
        var echo = new Thread(() -> echo(pipe.second()), "echo");
        echo.setDaemon(true);
        echo.start();
    }

    @TearDown
    public void close() throws IOException {
        near.close();
    }

    @Benchmark
    public byte[] bytes64() throws IOException {
        near.sendBytes(small);
        return near.recvBytes();
    }

    @Benchmark
    public byte[] bytes64k() throws IOException {
        near.sendBytes(large);
        return near.recvBytes();
    }

    /** Encoded and decoded once: the echo passes on bytes. */
    @Benchmark
    public Object hundredIntegers() throws IOException {
        near.send(numbers);
        return near.recv(List.class);
    }

    private static void echo(Connection far) {
        try (far) {
            while (true) {
                far.sendBytes(far.recvBytes());
            }
        } catch (EOFException e) {
            return; // the benchmark is over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
