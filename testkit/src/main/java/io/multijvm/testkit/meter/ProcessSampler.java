package io.multijvm.testkit.meter;

import io.multijvm.testkit.Proc;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The program that counts the processes that a test JVM starts, at any depth, and the processor time they take. It is a
 * process of its own so that the test JVM, whose descriptors tests count, opens none for it.
 *
 * <p>It reads {@code /proc} every {@link #PERIOD}. Processor time is therefore too small by what each process takes
 * between its last sample and its end, and a process that lives for less than a period may be missed. For each line on
 * its standard input it prints a line with the counts so far ({@link Counts}).
 */
final class ProcessSampler {
    /** The counts at one moment, since the sampler was started. */
    record Counts(long processorNanos, int jvms, int spares) {
        static final Counts NONE = new Counts(0, 0, 0);

        static Counts parse(String line) {
            var words = line.split(" ");
            return new Counts(Long.parseLong(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        }

        Counts minus(Counts earlier) {
            return new Counts(processorNanos - earlier.processorNanos, jvms - earlier.jvms, spares - earlier.spares);
        }

        @Override
        public String toString() {
            return processorNanos + " " + jvms + " " + spares;
        }
    }

    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long NANOS_PER_TICK = TimeUnit.MILLISECONDS.toNanos(10); // USER_HZ is 100 on Linux
    private static final File PROC = new File("/proc");
    private static final String MARK = "MULTIJVM_TEST_RUN";
    /** Only the fork server's own JVM is started with both. */
    private static final String SERVER_FLAGS = "\0-Xmx64m\0-XX:TieredStopAtLevel=1\0";

    // Fields of /proc/PID/stat, counted from the state on.
    private static final int PARENT = 1;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int START_TIME = 19;

    private final long self = ProcessHandle.current().pid();
    private final long testJvm;
    private final String entry; // in the environment of all that the test JVM starts
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

    private ProcessSampler(long testJvm, String mark) {
        this.testJvm = testJvm;
        this.entry = MARK + "=" + mark + '\0';
    }

    /** The command that samples for this JVM. */
    static ProcessBuilder command() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                ProcessSampler.class.getName(),
                Long.toString(ProcessHandle.current().pid()),
                System.getenv().getOrDefault(MARK, ""));
        builder.environment().remove(MARK);
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /** The pid and the mark of the test JVM; ends with its standard input. */
    @SuppressWarnings("SystemOut") // that is how it answers
    public static void main(String[] args) throws IOException {
        var sampler = new ProcessSampler(Long.parseLong(args[0]), args[1]);
        sampler.sample();
        var thread = new Thread(sampler::sampleForEver, "sampler");
        thread.setDaemon(true);
        thread.start();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (in.readLine() != null) {
            System.out.println(sampler.counts());
        }
    }

    private synchronized Counts counts() {
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
        var stat = pid == self || pid == testJvm ? null : stat(pid);
        if (stat == null) {
            return;
        }
        long parent = Long.parseLong(stat[PARENT]);
        var above = processes.get(parent);
        boolean ours = parent == testJvm || (above != null && above.ours) || isMarked(pid);
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
        if (isJava && (above == null || !seen.command.equals(above.command))) {
            seen.isCounted = true;
            jvms++;
            if (above != null && above.command.contains(SERVER_FLAGS)) {
                spares++;
            }
        }
    }

    /** Whether the process carries the test JVM's mark without being one of its ancestors. */
    private boolean isMarked(long pid) {
        return Proc.read(pid, "environ").contains(entry)
                && ProcessHandle.of(testJvm)
                        .flatMap(ProcessHandle::parent)
                        .filter(ancestor -> ancestor.pid() == pid)
                        .isEmpty();
    }

    private static String command(long pid) {
        return Proc.read(pid, "cmdline");
    }

    private static String @Nullable [] stat(long pid) {
        var stat = Proc.read(pid, "stat");
        return stat.isEmpty()
                ? null
                : stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    }
}
