package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The section of process scheduling: who had the processor when, who ended when, and how long all had to wait. */
final class SchedulingExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("sched-fcfs", shown -> schedule(shown, "AAAAAAABBBBCDDDD", "ABCD", "mean 8.75 4.75 | 8.75 4.75")),
            entry("sched-sjf", shown -> schedule(shown, "AAAAAAACBBBBDDDD", "ACBD", "mean 8.0 4.0 | 8.0 4.0")),
            entry("sched-rr", shown -> schedule(shown, "AABBAACBBDDAADDA", "CBDA", "mean 9.0 5.0 | 9.0 5.0")),
            entry("sched-mlfq", shown -> schedule(shown, "AABACDBBAADDBAAD", "CBAD", "mean 9.5 5.5 | 9.5 5.5")));

    private static final Pattern ROW = Pattern.compile("([A-D])( \\d+){3} (\\d+ \\d+) \\| (\\d+ \\d+)");

    private SchedulingExpectations() {}

    private static void schedule(Shown shown, String chart, String order, String mean) {
        Require.equal(shown.text("processor: (.*)"), chart);
        Require.equal(String.join("", shown.texts("tick \\d+: ([A-D]) ends, exit code 0")), order);

        var table = shown.out().stream().map(line -> line.replaceAll(" +", " ")).toList();
        var rows = table.stream().map(ROW::matcher).filter(row -> row.matches()).toList();
        Require.equal(rows.stream().map(row -> row.group(1)).toList(), List.of("A", "B", "C", "D"));
        for (var row : rows) {
            Require.equal(row.group(3), row.group(4)); // what was measured, what theory says
        }
        Require.equal(table.get(table.size() - 1), mean);
    }
}
