package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The section of pools, as far as it is about a Pool. */
final class PoolExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("pool-apply", PoolExpectations::apply),
            entry("pool-apply-async", PoolExpectations::applyAsync),
            entry("pool-async-get-loop", PoolExpectations::getLoop),
            entry("pool-no-join", PoolExpectations::noJoin),
            entry("pool-map", PoolExpectations::map),
            entry("pool-initializer", PoolExpectations::initializer),
            entry("pool-callback", PoolExpectations::callback),
            entry("pool-slow-callback", PoolExpectations::slowCallback),
            entry("pool-asyncresult", PoolExpectations::asyncResult),
            entry("pool-terminate", PoolExpectations::terminate),
            entry("pool-crawl", PoolExpectations::crawl),
            entry("pool-socket-server", PoolExpectations::socketServer));

    private static final String SQUARES = "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]";

    private PoolExpectations() {}

    private static void apply(Shown shown) {
        for (int i = 0; i < 10; i++) {
            shown.inOrder("asked for task " + i, "got " + i * i);
        }
        shown.begins("asked for task 0");
        Require.equal(
                shown.texts("(asked for task|got) \\d+").subList(0, 4),
                List.of("asked for task", "got", "asked for task", "got"));
        Require.equal(shown.text("results: (.*)"), SQUARES);
        var pids = shown.numbers("task \\d runs in (\\d+)");
        Require.size(pids, 10);
        Require.that(workers(shown).containsAll(pids), "only workers run tasks: " + pids);
    }

    /** The process ids in the line of the workers. */
    private static List<Long> workers(Shown shown) {
        return Stream.of(shown.text("workers: \\[(.*)\\]").split(", "))
                .map(Long::valueOf)
                .toList();
    }

    private static void applyAsync(Shown shown) {
        var pids = new HashSet<>(shown.numbers("task \\d in (\\d+), .*"));
        Require.that(!pids.isEmpty() && pids.size() <= 3, "three workers at most: " + pids);
        var atOnce = shown.numbers("task \\d in \\d+, running at once: (\\d+)");
        Require.size(atOnce, 10);
        Require.that(atOnce.stream().allMatch(count -> count <= 3), "three at once at most: " + atOnce);
        shown.ends("done after join: 10", "results: " + SQUARES);
    }

    private static void getLoop(Shown shown) {
        var seconds = ": \\[0, 1, 4, 9, 16\\], ([0-9.]+) s, at work at once: ";
        Require.atLeast(shown.decimal("get in the loop" + seconds + "1"), 1.5);
        Require.atLeast(shown.decimal("get after the loop" + seconds + "5"), 0.3);
    }

    private static void noJoin(Shown shown) {
        Require.that(workers(shown).stream().noneMatch(ProcessExpectations::isAlive), "no worker outlives the program");
        shown.size(2);
        shown.ends("main code ends, tasks done: 0");
    }

    private static void map(Shown shown) {
        shown.begins("[0, 1, 4, 9, 16]");
        shown.ends("3", "15", "36");
        Require.inAnyOrder(
                shown.numbers("process \\d+ is running: (\\d)"),
                Stream.of(3, 6, 9).flatMap(end -> Require.upTo(end).stream()).toList());
    }

    private static void initializer(Shown shown) {
        Require.inAnyOrder(shown.numbers("worker (\\d) is initialised with hello, 7"), List.of(1L, 2L, 3L));
        for (int round = 1; round <= 3; round++) {
            Require.inAnyOrder(
                    shown.numbers("round " + round + ": worker \\d says hello, has (\\d+)"), List.of(7L, 14L, 21L));
        }
    }

    private static void callback(Shown shown) {
        long main = shown.number("main process: (\\d+)");
        var pids = shown.numbers("task \\d in process (\\d+)");
        Require.size(pids, 10);
        Require.none(pids, main);
        Require.inAnyOrder(
                shown.numbers("callback gets (\\d+) in process " + main + ", callbacks at once: 1"),
                LongStream.range(0, 10).map(i -> i * i).boxed().toList());
        shown.has(
                "several values: Pair[min=1, max=2]",
                "error callback in process " + main
                        + " gets java.lang.IllegalArgumentException: no square of -1 today");
        shown.ends("failed: true");
        Require.that(
                shown.text("  thrown at (.*)").contains("PoolCallback.square(PoolCallback.java:"),
                "the remote stack is there");
    }

    private static void slowCallback(Shown shown) {
        shown.inOrder(
                "callback of customer 1 blocks",
                "the others are served, sum of their numbers: 189",
                "customer 1 is ready: false",
                "callback of customer 1 goes on",
                "callback of customer 20");
        shown.has("results at last: 1, 20");
        Require.inAnyOrder(
                shown.numbers("customer (\\d+) is served in \\d+"),
                LongStream.rangeClosed(1, 20).boxed().toList());
    }

    private static void asyncResult(Shown shown) {
        Require.that(shown.text("get with a timeout: (.*)").contains("0.05S"), "the timeout is named");
        shown.line("successful: not ready.*");
        shown.inOrder(
                "ready: false",
                "wait returns: false",
                "ready: true",
                "successful: true",
                "get: 42",
                "the other is successful: false",
                "get: java.lang.ArithmeticException: / by zero");
        Require.that(
                shown.text("thrown in the worker at (.*)").contains("PoolAsyncResult.divide(PoolAsyncResult.java:"),
                "the remote stack is there");
    }

    private static void terminate(Shown shown) {
        shown.has(
                "after terminate(): workers gone: true",
                "after terminate(): task cancelled: true",
                "after the try block: workers gone: true",
                "after the try block: task cancelled: true");
        shown.line("one more task: .*takes no more tasks.*");
        shown.size(5);
    }

    private static void crawl(Shown shown) {
        long main = shown.number("main process: (\\d+)");
        var pids = shown.numbers("process (\\d+) gets .*");
        Require.size(pids, 6);
        Require.none(pids, main);
        Require.inAnyOrder(
                shown.texts("process " + main + " parses (.*)"),
                List.of(
                        "/page/, size 30, matches 6",
                        "/page/x, size 35, matches 7",
                        "/page/xx, size 40, matches 8",
                        "/page/xxx, size 45, matches 9",
                        "/page/xxxx, size 50, matches 10"));
        Require.equal(
                shown.texts("process " + main + " has found (.*)"),
                List.of("1: Film 1, Star 1, 2001", "2: Film 2, Star 2, 2002", "3: Film 3, Star 3, 2003"));
    }

    private static void socketServer(Shown shown) {
        var first = shown.numbers("client [1-4] hears (\\d+): HELLO FROM CLIENT [1-4]");
        var later = shown.numbers("client [56] hears (\\d+): HELLO FROM CLIENT [56]");
        Require.different(first, 4);
        Require.inAnyOrder(first, workers(shown));
        Require.different(later, 2);
        Require.that(first.containsAll(later), "the same workers serve the others: " + later);
        shown.has("talks that wait for a worker: 2");
        Require.equal(
                shown.texts("(client \\d hangs up|client [56] hears).*"),
                List.of("client 1 hangs up", "client 2 hangs up", "client 5 hears", "client 6 hears"));
    }
}
