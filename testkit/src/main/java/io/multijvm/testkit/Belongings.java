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

    static Belongings now() {
        return new Belongings(Family.livingTestProcesses(), userThreads(), RunDirectories.abandoned());
    }

    /** What has come since then and is still there after {@link #GRACE}. */
    Belongings awaitNothingNew() {
        try {
            if (!newSince().isEmpty()) {
                Awaitility.await().atMost(GRACE).until(() -> newSince().isEmpty());
            }
        } catch (ConditionTimeoutException e) {
            return newSince();
        }
        return new Belongings(Set.of(), Set.of(), Set.of());
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

    private Belongings newSince() {
        var now = now();
        return new Belongings(
                without(now.processes, processes),
                without(now.threads, threads),
                without(now.runDirectories, runDirectories));
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
