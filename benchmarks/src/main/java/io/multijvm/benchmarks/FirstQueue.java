package io.multijvm.benchmarks;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.queue.ProcessQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The first queue of a JVM: prints the milliseconds from before it is made until its first item is got. */
public final class FirstQueue {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private FirstQueue() {}

    public static void main(String[] args) throws InterruptedException {
        System.out.println(millis());
    }

    static double inFreshJvm(List<String> jvmArguments) throws IOException, InterruptedException {
        return Double.parseDouble(FreshJvm.run(jvmArguments, FirstQueue.class));
    }

    static double inWarmChild(Path file) throws IOException, InterruptedException {
        Context context = MultiJvm.getContext(StartMethod.FORKSERVER);
        if (!context.awaitWarm(1, PATIENCE)) {
            throw new IllegalStateException("no spare JVM ready: waited " + PATIENCE);
        }
        String path = file.toString();
        Target target = () -> Files.writeString(Path.of(path), Double.toString(millis()));
        try (JvmProcess child = context.process(target)) {
            child.start();
            child.joinOrThrow();
        }
        return Double.parseDouble(Files.readString(file));
    }

    private static double millis() throws InterruptedException {
        long begin = System.nanoTime();
        ProcessQueue<Integer> queue = MultiJvm.queue();
        queue.put(1);
        queue.take();
        return (System.nanoTime() - begin) / 1e6;
    }
}
