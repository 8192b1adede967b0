package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The section of threads, coroutines and sockets. */
final class ThreadExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("thread-basics", ThreadExpectations::basics),
            entry("thread-race-lock", ThreadExpectations::raceLock),
            entry("thread-deadlock-rlock", ThreadExpectations::deadlock),
            entry("thread-semaphore-event-condition-timer", ThreadExpectations::tools),
            entry("thread-queues", ThreadExpectations::queues),
            entry("thread-local", ThreadExpectations::local),
            entry("thread-pool", ThreadExpectations::pool),
            entry("singleton", ThreadExpectations::singleton),
            entry("coroutine-generator", ThreadExpectations::generator),
            entry("coroutine-echo", ThreadExpectations::echo),
            entry("net-tcp-udp", ThreadExpectations::tcpUdp),
            entry("net-framing", ThreadExpectations::framing),
            entry("net-select", ThreadExpectations::select));

    private ThreadExpectations() {}

    private static void basics(Shown shown) {
        shown.inOrder(
                "alive before start: false",
                "alive after start: true",
                "alive after join: false, sum of 1 to 9: 45",
                "in the list of all threads: [a film, a song, nothing]",
                "main code ends in thread main, daemon is alive: true");
        shown.line("a default name: Thread-\\d+");
        shown.has("thread music hears a song", "thread movie hears a film");
        Require.size(shown.texts("(Ping|Pong)"), 5);
        shown.hasNot("this line never comes");
    }

    private static void raceLock(Shown shown) {
        shown.has(
                "ten take one each of ten without a lock, left: 9",
                "ten take one each of ten with a lock, left: 0",
                "two draw 600 of 1000 without a lock: [true, true], balance -200",
                "two draw 600 of 1000 with a lock: [false, true], balance 400",
                "added and subtracted with a lock: 0");
        shown.line("added and subtracted without a lock: -?\\d+, chance decides");
    }

    private static void deadlock(Shown shown) {
        Require.inAnyOrder(
                shown.between("opposite order:", "one reentrant lock for both:"),
                List.of("fork first gives up", "noodles first gives up"));
        var meals = shown.between("one reentrant lock for both:", "nested:");
        Require.size(meals, 20);
        for (int i = 0; i < meals.size(); i += 2) {
            Require.equal(meals.get(i + 1), meals.get(i).replace("has the fork", "eats"));
        }
        Require.different(shown.texts("(diner \\d) eats"), 10);
        shown.ends(
                "held 5 times",
                "held after five releases: false",
                "not reentrant, first time: true, second time: false");
    }

    private static void tools(Shown shown) {
        Require.equal(most(shown, " sits down", " gets up"), 5);
        Require.different(shown.texts("(soldier \\d+) gets up"), 20);

        Require.different(shown.between("light: red", "light: green"), 20);
        Require.different(shown.texts("(car \\d+) drives on"), 20);
        Require.none(shown.between("light: red", "light: green"), "car 0 drives on");

        shown.inOrder("try 1: no database", "try 2: no database", "try 3: connected");

        Require.different(shown.texts("(waiter \\d) goes on"), 10);
        shown.inOrder("told 3, and one more goes: false", "told 7, and one more goes: false");
        Require.size(shown.between("try 3: connected", "told 3, and one more goes: false"), 3);

        shown.inOrder("200 ms to the explosion", shown.line("boom after \\d+ ms"), "exploded: true");
        Require.atLeast(shown.number("boom after (\\d+) ms"), 200);
    }

    /** How many are inside at most, of those that go in and come out. */
    private static int most(Shown shown, String in, String out) {
        int inside = 0;
        int most = 0;
        for (var line : shown.out()) {
            inside += line.endsWith(in) ? 1 : line.endsWith(out) ? -1 : 0;
            most = Math.max(most, inside);
        }
        return most;
    }

    private static void queues(Shown shown) {
        shown.begins(
                "first in first out: 1 2 3",
                "last in first out: 3 2 1",
                "by priority: (-5, 444) (0, 333) (10, 111) (100, 222)",
                "first fits: true, second fits: false",
                "full: Queue full",
                "taken: 1",
                "empty: nothing to remove, and poll gives null",
                "taken in order: 0 1 2 3 4 5 6 7 8 9");
        Require.inAnyOrder(shown.numbers("worker [0-2] does (\\d+)"), Require.upTo(12));
        shown.ends("done when join returns: 12, workers still wait");
    }

    private static void local(Shown shown) {
        for (var thread : List.of("Thread1", "Thread2")) {
            Require.numbers(shown.numbers(thread + ": (\\d+)"), 0, 1, 3, 6, 10);
        }
        shown.ends("main: 0");
    }

    private static void pool(Shown shown) {
        shown.begins(
                "submitted: 10",
                "map: [0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225, 256, 289, 324, 361]");
        shown.has("callback gets 42 in " + shown.text("task in (.*)"));
        Require.numbers(shown.numbers("completed: (\\d)"), 4, 3, 2, 1, 0);
        shown.ends("300 urls on their way", "urls fetched: 300, by threads: 10");
    }

    private static void singleton(Shown shown) {
        shown.exactly("instances without a lock: 10", "instances with a double check: 1", "instances with a holder: 1");
    }

    private static void generator(Shown shown) {
        shown.has(virtualThreads());
        Require.equal(
                shown.between("nothing is made yet", "alex eats, first course"),
                Stream.of(1, 2, 3)
                        .flatMap(i -> Stream.of("producer makes " + i, "consumer takes " + i))
                        .toList());
        shown.inOrder(
                "alex eats, first course",
                "egon plays, first half",
                "egon eats, second course",
                "egon plays, second half");
        var waits = shown.texts("(?:heng|ha|hei) (begins|ends)");
        Require.equal(waits.subList(0, 3), Collections.nCopies(3, "begins"));
        Require.equal(waits.subList(3, waits.size()), Collections.nCopies(3, "ends"));
    }

    private static void echo(Shown shown) {
        shown.exactly(virtualThreads(), "clients at once: 500, answers in upper case: 500");
    }

    /** What a JVM like this one says of itself. */
    private static String virtualThreads() {
        return "virtual threads: " + (Runtime.version().feature() >= 21);
    }

    private static void tcpUdp(Shown shown) {
        shown.exactly(
                "TCP server hears: hello over TCP",
                "TCP client hears: 14 letters",
                "UDP server hears: hello over UDP",
                "UDP client hears: 14 letters",
                "UDP server hears: and once more",
                "UDP client hears: 13 letters");
    }

    private static void framing(Shown shown) {
        shown.exactly(
                "read without frames: alex eatsfish",
                "first frame: alex eats",
                "second frame: fish",
                "a message: here comes a file",
                "a file, original.bin: 100000 bytes, the same: true",
                "the client closes");
    }

    private static void select(Shown shown) {
        for (int i = 0; i < 20; i++) {
            shown.has("client " + i + " hears CLIENT " + i);
        }
        shown.ends("served by threads [server]: 20, at once: 20, closed: 20");
    }
}
