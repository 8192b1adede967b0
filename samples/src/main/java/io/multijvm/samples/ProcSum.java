package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.queue.ProcessQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Eight processes each sum up their part of the numbers from 1 to N and put the result into a queue.
 *
 * <p>Expect: the parts together are N (N + 1) / 2, as is the sum one process makes; the time of both is printed. For so
 * little work most of the eight processes' time goes into their start.
 */
public final class ProcSum {
    private static final long N = 400_000_000;
    private static final int PROCESSES = 8;

    private ProcSum() {}

    public static void main(String[] args) throws InterruptedException {
        System.out.println("closed form: " + N * (N + 1) / 2);

        long start = System.nanoTime();
        System.out.println("sum by one process: " + sum(1, N + 1));
        System.out.println("time of one process: " + millisSince(start) + " ms");

        start = System.nanoTime();
        System.out.println("sum by " + PROCESSES + " processes: " + sumByProcesses());
        System.out.println("time of " + PROCESSES + " processes: " + millisSince(start) + " ms");
    }

    private static long sumByProcesses() throws InterruptedException {
        ProcessQueue<Long> results = MultiJvm.queue();
        long part = N / PROCESSES;
        var processes = LongStream.range(0, PROCESSES)
                .mapToObj(i -> MultiJvm.process(() -> results.put(sum(i * part + 1, (i + 1) * part + 1))))
                .toList();
        processes.forEach(JvmProcess::start);
        for (var process : processes) {
            process.join();
        }
        long total = 0;
        while (!results.empty()) {
            total += results.get();
        }
        return total;
    }

    private static long sum(long from, long to) {
        long total = 0;
        for (long number = from; number < to; number++) {
            total += number;
        }
        return total;
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
