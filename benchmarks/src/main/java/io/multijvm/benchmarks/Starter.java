package io.multijvm.benchmarks;

import io.multijvm.Context;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Starts processes of one context and times them, in milliseconds. */
final class Starter {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double MS = 1e6;

    private final Context context;

    private final JvmOptions options;

    Starter(Context context, JvmOptions options) {
        this.context = context;
        this.options = options;
    }

    double toFirstInstruction(Path stamp) throws IOException, InterruptedException {
        Files.deleteIfExists(stamp);
        JvmProcess child = context.process(StartTargets.stamp(stamp.toString())).options(options);
        long begin = System.nanoTime();
        child.start();
        end(child);
        return (Long.parseLong(Files.readString(stamp)) - begin) / MS;
    }

    double untilJoined(int count) throws InterruptedException {
        List<JvmProcess> children = children(count);
        long begin = System.nanoTime();
        children.forEach(JvmProcess::start);
        end(children);
        return (System.nanoTime() - begin) / MS;
    }

    double untilJoinedFromThreads(int count) throws InterruptedException {
        List<JvmProcess> children = children(count);
        long begin = System.nanoTime();
        List<Thread> threads =
                children.stream().map(child -> new Thread(child::start)).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        end(children);
        return (System.nanoTime() - begin) / MS;
    }

    private List<JvmProcess> children(int count) {
        return Stream.generate(() -> context.process(StartTargets.nothing()).options(options))
                .limit(count)
                .toList();
    }

    private static void end(List<JvmProcess> children) throws InterruptedException {
        for (JvmProcess child : children) {
            end(child);
        }
    }

    private static void end(JvmProcess child) throws InterruptedException {
        if (!child.join(PATIENCE)) {
            child.kill();
        }
        child.joinOrThrow();
        child.close();
    }
}
