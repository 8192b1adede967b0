package io.multijvm.testkit.meter;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Counts the processes that the test JVM starts, at any depth, and the processor time they take.
 *
 * <p>A thread reads {@code /proc} every {@link #PERIOD}. Processor time is therefore too small by what each process
 * takes between its last sample and its end, and a process that lives for less than a period may be missed.
 */
final class ProcessSampler {
    /** What had been counted at one moment, since the sampler was started. */
    record Counts(long processorNanos, int jvms, int spares) {
        Counts minus(Counts earlier) {
            return new Counts(processorNanos - earlier.processorNanos, jvms - earlier.jvms, spares - earlier.spares);
        }
    }

    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long NANOS_PER_TICK = TimeUnit.MILLISECONDS.toNanos(10); // USER_HZ is 100 on Linux
    private static final File PROC = new File("/proc");
    private static final String MARK = "MULTIJVM_TEST_RUN=";
    /** Only the fork server's own JVM is started with both. */
    private static final List<String> SERVER_FLAGS = List.of("\0-Xmx64m\0-XX:TieredStopAtLevel=1\0");

    // Fields of /proc/PID/stat, counted from the state on.
    private static final int PARENT = 1;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int START_TIME = 19;

    private final long self = ProcessHandle.current().pid();
    private final String mark = MARK + System.getenv("MULTIJVM_TEST_RUN") + '\0';
    private final boolean marked = System.getenv("MULTIJVM_TEST_RUN") != null;
    private Map<Long, Seen> processes = new HashMap<>();
    private long ticks;
    private int jvms;
    private int spares;

    /** One process as of its latest sample; {@code ours} when the test JVM or something below it has started it. */
    private static final class Seen {
        final String startTime;
        final boolean ours;
        String command;
        long ticks;
        boolean isCounted;

        Seen(String startTime, boolean ours, String command) {
            this.startTime = startTime;
            this.ours = ours;
            this.command = command;
        }
    }

    /** Starts sampling on a daemon thread, for as long as this JVM lives. */
    static ProcessSampler start() {
        var sampler = new ProcessSampler();
        sampler.sample();
        var thread = new Thread(sampler::sampleForEver, "test-meter");
        thread.setDaemon(true);
        thread.start();
        return sampler;
    }

    /** Takes a sample and returns the counts. */
    synchronized Counts counts() {
        sample();
        return new Counts(ticks * NANOS_PER_TICK, jvms, spares);
    }

    private void sampleForEver() {
        while (true) {
            LockSupport.parkNanos(PERIOD);
            sample();
        }
    }

    private synchronized void sample() {
        var names = PROC.list((directory, name) -> Character.isDigit(name.charAt(0)));
        if (names == null) {
            return;
        }
        var found = new HashMap<Long, Seen>();
        var unknown = new ArrayList<Long>();
        for (var name : names) {
            long pid = Long.parseLong(name);
            var seen = processes.get(pid);
            if (seen == null) {
                unknown.add(pid);
            } else if (!seen.ours) {
                found.put(pid, seen);
            } else if (isUpdated(pid, seen)) {
                found.put(pid, seen);
            } else {
                unknown.add(pid);
            }
        }
        processes = found;
        unknown.stream().sorted().forEach(this::add);
    }

    /** Adds the processor time since the last sample; false when this is another process of the same pid. */
    private boolean isUpdated(long pid, Seen seen) {
        var stat = stat(pid);
        if (stat == null) {
            return true; // it has just ended
        }
        if (!stat[START_TIME].equals(seen.startTime)) {
            return false;
        }
        long now = Long.parseLong(stat[USER_TICKS]) + Long.parseLong(stat[SYSTEM_TICKS]);
        ticks += now - seen.ticks;
        seen.ticks = now;
        if (!seen.isCounted) {
            seen.command = command(pid);
            count(seen, Long.parseLong(stat[PARENT]));
        }
        return true;
    }

    private void add(long pid) {
        var stat = pid == self ? null : stat(pid);
        if (stat == null) {
            return;
        }
        long parent = Long.parseLong(stat[PARENT]);
        var above = processes.get(parent);
        boolean ours = parent == self || (above != null && above.ours) || (marked && carriesMark(pid));
        var seen = new Seen(stat[START_TIME], ours, ours ? command(pid) : "");
        processes.put(pid, seen);
        if (ours) {
            seen.ticks = Long.parseLong(stat[USER_TICKS]) + Long.parseLong(stat[SYSTEM_TICKS]);
            ticks += seen.ticks;
            count(seen, parent);
        }
    }

    /** Counts a JVM once; before it has executed {@code java}, a process has the command of its parent. */
    private void count(Seen seen, long parent) {
        var above = processes.get(parent);
        int end = seen.command.indexOf('\0');
        boolean isJava = end > 0 && seen.command.substring(0, end).endsWith("java");
        if (isJava && (above == null || !seen.command.equals(above.command)) && parent != 0) {
            seen.isCounted = true;
            jvms++;
            if (above != null && SERVER_FLAGS.stream().anyMatch(above.command::contains)) {
                spares++;
            }
        }
    }

    /** Whether the process carries this run's mark without being this JVM or one of its ancestors. */
    private boolean carriesMark(long pid) {
        return read(pid, "environ").contains(mark)
                && ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L) != pid;
    }

    private static String command(long pid) {
        return read(pid, "cmdline");
    }

    private static String @Nullable [] stat(long pid) {
        var stat = read(pid, "stat");
        return stat.isEmpty()
                ? null
                : stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    }

    private static String read(long pid, String file) {
        try {
            return new String(
                    Files.readAllBytes(Path.of("/proc", Long.toString(pid), file)), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
