package io.multijvm.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** What a test run owns that must not outlive a test. */
record Belongings(Set<ProcessHandle> processes, Set<Thread> threads, Set<Path> runDirectories) {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(5);

    static Belongings now() {
        return new Belongings(Family.livingTestProcesses(), userThreads(), RunDirectories.abandoned());
    }

    /** The picture as soon as nothing is new any more, or after {@link #GRACE}. */
    Belongings awaitNothingNew() {
        var now = now();
        if (now.newSince(this).isEmpty()) {
            return now;
        }
        try {
            return Awaitility.await()
                    .pollInterval(POLL)
                    .atMost(GRACE)
                    .until(Belongings::now, later -> later.newSince(this).isEmpty());
        } catch (ConditionTimeoutException e) {
            return now(); // the caller sees what is new
        }
    }

    Belongings plus(Belongings more) {
        return new Belongings(
                union(processes, more.processes),
                union(threads, more.threads),
                union(runDirectories, more.runDirectories));
    }

    boolean isEmpty() {
        return processes.isEmpty() && threads.isEmpty() && runDirectories.isEmpty();
    }

    List<String> describe() {
        var lines = new ArrayList<String>();
        processes.forEach(process -> lines.add("process: " + Family.describe(process)));
        threads.forEach(thread -> lines.add("non-daemon thread: " + thread.getName()));
        runDirectories.forEach(directory -> lines.add("run directory: " + directory));
        return lines;
    }

    /** Everything that was not there before. */
    Belongings newSince(Belongings before) {
        return new Belongings(
                without(processes, before.processes),
                without(threads, before.threads),
                without(runDirectories, before.runDirectories));
    }

    /** Non-daemon threads, without the one by which JUnit watches its timeouts. */
    private static Set<Thread> userThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !thread.isDaemon())
                .filter(thread -> !thread.getName().startsWith("junit-"))
                .collect(Collectors.toSet());
    }

    private static <T> Set<T> without(Set<T> now, Set<T> before) {
        return now.stream().filter(one -> !before.contains(one)).collect(Collectors.toSet());
    }

    private static <T> Set<T> union(Set<T> some, Set<T> more) {
        var all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }
}
