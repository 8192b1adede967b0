package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.sync.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes that wait for a lock which is held all the time. */
final class Waiters implements AutoCloseable {
    private static final int USER_TIME = 11; // in /proc/PID/stat, counted from behind the name
    private static final double MS_PER_TICK = 10;

    private final ProcessLock lock;
    private final List<Partner> partners;

    private Waiters(ProcessLock lock, List<Partner> partners) {
        this.lock = lock;
        this.partners = partners;
    }

    @SuppressWarnings("LockNotBeforeTry") // nothing happens in between
    static Waiters start(int count) {
        ProcessLock lock = MultiJvm.lock();
        Partner.Task task = ignored -> {
            lock.lock();
            lock.unlock();
            return 0;
        };
        return new Waiters(
                lock, Stream.generate(() -> Partner.start(task)).limit(count).toList());
    }

    /** The processor time of all while they wait for so long, after time to settle, in milliseconds. */
    double processorMillis(Duration settle, Duration window) throws IOException, InterruptedException {
        double used;
        lock.lock();
        try {
            for (Partner partner : partners) {
                partner.begin(0);
            }
            TimeUnit.NANOSECONDS.sleep(settle.toNanos());
            double before = processorMillis(partners);
            TimeUnit.NANOSECONDS.sleep(window.toNanos());
            used = processorMillis(partners) - before;
        } finally {
            lock.unlock();
        }
        for (Partner partner : partners) {
            partner.result();
        }
        return used;
    }

    /** The processor time of all until now. */
    static double processorMillis(List<Partner> partners) throws IOException {
        double sum = 0;
        for (Partner partner : partners) {
            String stat = Files.readString(Path.of("/proc", Long.toString(partner.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            sum += Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]);
        }
        return sum * MS_PER_TICK;
    }

    @Override
    public void close() throws IOException {
        for (Partner partner : partners) {
            partner.close();
        }
    }
}
