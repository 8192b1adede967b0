package io.multijvm.benchmarks;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Values to bytes and back: by the codec, and by Java's serialisation alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    private static final ClassLoader LOADER = CodecBenchmark.class.getClassLoader();

    record Order(int number, String name, double price) implements Serializable {}

    @Param({"Integer", "String", "record", "records", "ints", "map"})
    public String kind = "Integer";

    private Object value = 0;
    private byte[] encoded = new byte[0];
    private byte[] serialised = new byte[0];

    private static Object valueOf(String kind) {
        return switch (kind) {
            case "Integer" -> 4711;
            case "String" -> "hello, world";
            case "record" -> new Order(1, "apple", 1.5);
            case "records" ->
                new ArrayList<>(IntStream.range(0, 10)
                        .mapToObj(i -> new Order(i, "item" + i, i))
                        .toList());
            case "ints" -> IntStream.range(0, 1000).toArray();
            case "map" ->
                new HashMap<>(IntStream.range(0, 20).boxed().collect(Collectors.toMap(i -> "key" + i, i -> i)));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder().include(CodecBenchmark.class.getName()).build()).run();
    }

    @Setup
    public void encodeOnce() throws IOException {
        value = valueOf(kind);
        encoded = Codec.encode(value).bytes();
        serialised = serialise();
    }

    @Benchmark
    public Encoded encode() {
        return Codec.encode(value);
    }

    @Benchmark
    public @Nullable Object decode() throws IOException, ClassNotFoundException {
        return Codec.decode(encoded, List.of(), LOADER);
    }

    @Benchmark
    public byte[] serialise() throws IOException {
        var bytes = new ByteArrayOutputStream(256);
        try (var objects = new ObjectOutputStream(bytes)) {
            objects.writeObject(value);
        }
        return bytes.toByteArray();
    }

    @Benchmark
    public Object deserialise() throws IOException, ClassNotFoundException {
        try (var objects = new ObjectInputStream(new ByteArrayInputStream(serialised))) {
            return objects.readObject();
        }
    }
}
