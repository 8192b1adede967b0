package io.multijvm.benchmarks;

import io.multijvm.sync.ProcessLock;
import java.io.IOException;
import java.time.Duration;

/** Two processes that lock and unlock the same lock at the same time. */
final class Contest implements AutoCloseable {
    private static final Duration UNTIL_BOTH_ARE_THERE = Duration.ofMillis(20);

    private final Duration window;
    private final Partner one;
    private final Partner other;
    private double shareOfLoser;

    private Contest(Duration window, Partner one, Partner other) {
        this.window = window;
        this.one = one;
        this.other = other;
    }

    static Contest start(ProcessLock lock, Duration window) {
        Partner.Task task = SyncTasks.contend(lock, window);
        return new Contest(window, Partner.start(task), Partner.start(task));
    }

    /** Nanoseconds for each lock and unlock, whoever did it. */
    double nanosEach() throws IOException {
        long begin = System.nanoTime() + UNTIL_BOTH_ARE_THERE.toNanos();
        one.begin(begin);
        other.begin(begin);
        long first = one.result();
        long second = other.result();
        shareOfLoser = 100.0 * Math.min(first, second) / (first + second);
        return (double) window.toNanos() / (first + second);
    }

    /** How much of the last time's operations were of the process that did fewer, in percent. */
    double shareOfLoser() {
        return shareOfLoser;
    }

    @Override
    public void close() throws IOException {
        try {
            one.close();
        } finally {
            other.close();
        }
    }
}
