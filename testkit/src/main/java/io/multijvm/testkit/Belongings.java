package io.multijvm.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** What a test run owns at one moment and must not own more of later. */
record Belongings(Set<ProcessHandle> processes, Set<Thread> threads, Set<Path> runDirectories) {
    private static final Duration GRACE = Duration.ofSeconds(2);

    static Belongings now() {
        return new Belongings(Family.livingTestProcesses(), userThreads(), RunDirectories.abandoned());
    }

    /** Gives what is ending {@link #GRACE} to end; then ends leaked processes itself and fails. */
    void awaitNothingNew() {
        if (newSince().isEmpty()) {
            return;
        }
        try {
            Awaitility.await().atMost(GRACE).until(() -> newSince().isEmpty());
        } catch (ConditionTimeoutException e) {
            var leaks = newSince();
            newProcesses().forEach(ProcessHandle::destroyForcibly);
            if (!leaks.isEmpty()) {
                throw new AssertionError("left behind: " + String.join("; ", leaks), e);
            }
        }
    }

    private List<String> newSince() {
        var leaks = new ArrayList<String>();
        newProcesses().forEach(process -> leaks.add("process: " + Family.describe(process)));
        without(userThreads(), threads).forEach(thread -> leaks.add("non-daemon thread: " + thread.getName()));
        without(RunDirectories.abandoned(), runDirectories)
                .forEach(directory -> leaks.add("run directory: " + directory));
        return leaks;
    }

    private Set<ProcessHandle> newProcesses() {
        return without(Family.livingTestProcesses(), processes);
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
}
