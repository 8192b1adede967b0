package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.Map;

/** The section of pools, as far as it is about an executor. */
final class ExecutorExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("executor-submit", ExecutorExpectations::submit),
            entry("executor-callback", ExecutorExpectations::callback),
            entry("executor-map", ExecutorExpectations::map),
            entry("executor-with", ExecutorExpectations::tryBlock),
            entry("executor-cancel", ExecutorExpectations::cancel),
            entry("executor-manager-queue", ExecutorExpectations::managerQueue),
            entry("executor-crash", ExecutorExpectations::crash),
            entry("ascompleted", shown -> shown.exactly("task 4", "task 3", "task 2", "task 1", "task 0", "main ends")),
            entry("wordcount", ExecutorExpectations::wordCount));

    private ExecutorExpectations() {}

    private static void submit(Shown shown) {
        shown.begins("done: false", "result: 25", "done: true");
        long processors = shown.number("processors: (\\d+)");
        Require.equal(shown.number("processes that ran tasks at once: (\\d+)"), processors);
        Require.equal(shown.number("workers for many tasks: (\\d+)"), processors);
    }

    private static void callback(Shown shown) {
        long main = shown.number("main process: (\\d+)");
        var pids = shown.numbers("label \\d+ made in (\\d+)");
        Require.size(pids, 20);
        Require.none(pids, main);
        shown.inOrder("all tasks are done, sum of the labels: 190", "callbacks done: 0", "callbacks done: 20");
        Require.inAnyOrder(shown.numbers("callback of (\\d+) in " + main), Require.upTo(20));
    }

    private static void map(Shown shown) {
        Require.equal(String.join(" ", shown.texts("\\d+ is prime\\? (true|false)")), "true true true true true false");
        shown.line("serial:    [0-9.]+ s");
        Require.numbers(
                shown.numbers("(\\d) workers: [0-9.]+ s, [0-9.]+ times the serial time, same answers: true"),
                1,
                2,
                4,
                8);
    }

    private static void tryBlock(Shown shown) {
        shown.has("all done at the end of the block: false");
        shown.ends("all done behind the block: true", "results: [0, 1, 4, 9, 16, 25, 36, 49]", "workers left: 0");
        Require.size(shown.numbers("task \\d in (\\d+)"), 8);
    }

    private static void cancel(Shown shown) {
        shown.inOrder(
                "cancel of a waiting task: true",
                "cancel of a running task, which may not be interrupted: false",
                "cancelled: true, done: true",
                "shutdown has returned, the first task is done: false",
                "main code ends");
        Require.numbers(shown.numbers("task (\\d) has run"), 0, 2, 3);
        shown.ends("task 3 has run");
    }

    private static void managerQueue(Shown shown) {
        shown.exactly("taken by the callbacks: " + Require.upTo(20) + ", left: 0");
    }

    private static void crash(Shown shown) {
        Require.equal(String.join("\n", shown.err()), "last words");
        long worker = shown.number("worker (\\d+) is killed");
        shown.line("its future fails: .*pid " + worker + ".*");
        shown.line("its future fails: .*signal 9.*last words.*");
        shown.has(
                "pid " + worker + ", exit code -9, last words \"last words\"",
                "the neighbour: not disturbed",
                "a new task: 42",
                "workers that died: 1");
    }

    /** Of the files of this project, as no path is given. */
    private static void wordCount(Shown shown) {
        Require.atLeast(shown.number("([\\d,]+) text files, .*"), 20);
        shown.has("results are equal: yes");
    }
}
