package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The section of queues. */
final class QueueExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("queue-api", QueueExpectations::api),
            entry("queue-parent-child", QueueExpectations::parentChild),
            entry("queue-two-children", QueueExpectations::twoChildren),
            entry("queue-batch", QueueExpectations::batch),
            entry("queue-sentinel-1", QueueExpectations::sentinel1),
            entry("queue-sentinel-2", QueueExpectations::sentinel2),
            entry("queue-sentinel-3", QueueExpectations::sentinel3),
            entry("queue-sentinel-4", QueueExpectations::sentinel4),
            entry("queue-joinable-count", QueueExpectations::joinableCount),
            entry("queue-joinable", QueueExpectations::joinable),
            entry("queue-close", QueueExpectations::close),
            entry("queue-in-pool", QueueExpectations::inPool));

    private QueueExpectations() {}

    private static void api(Shown shown) {
        shown.inOrder(
                "new: size 0 of 3, empty true, full false",
                "after three puts: size 3 of 3, empty false, full true",
                "get: a",
                "get with a timeout: b",
                "getNowait: c",
                "after three gets: size 0 of 3, empty true, full false");
        shown.size(10);
        shown.line("putNowait: the queue is full, known after \\d+ ms");
        shown.line("getNowait: the queue is empty, known after \\d+ ms");
        Require.atLeast(shown.number("put with a timeout: the queue is full, known after (\\d+) ms"), 100);
        Require.atLeast(shown.number("get with a timeout: the queue is empty, known after (\\d+) ms"), 100);
    }

    private static void parentChild(Shown shown) {
        shown.begins("got from Eva: hello", "put by the child: true", "the child is alive: false, items: 10");
        Require.equal(shown.numbers("got (\\d)"), Require.upTo(10));
        shown.ends("empty: true");
    }

    private static void twoChildren(Shown shown) {
        Require.equal(shown.texts("put (.) to queue"), List.of("A", "B", "C"));
        Require.equal(shown.texts("got (.) from queue"), List.of("A", "B", "C"));
        shown.ends("the reader waits for more: true", "exit codes: 0 and -15");
    }

    private static void batch(Shown shown) {
        Require.inAnyOrder(shown.numbers("getter (\\d) has got the item of putter \\d"), Require.upTo(10));
        Require.inAnyOrder(shown.numbers("getter \\d has got the item of putter (\\d)"), Require.upTo(10));
        shown.size(11);
        shown.ends("left in the queue: 0");
    }

    private static void sentinel1(Shown shown) {
        Require.equal(shown.numbers("cook has made bun (\\d)"), Require.upTo(10));
        Require.equal(shown.numbers("eater eats bun (\\d)"), Require.upTo(10));
        shown.ends("eater ends", "left in the queue: 0");
    }

    private static void sentinel2(Shown shown) {
        Require.equal(shown.numbers("eater eats bun (\\d)"), Require.upTo(2));
        shown.inOrder("cook has made bun 0", "cook has made bun 1", "main says that this is the end", "eater ends");
        shown.size(6);
    }

    private static void sentinel3(Shown shown) {
        Require.inAnyOrder(
                shown.texts("eater [12] eats (.*)"), List.of("bun 0", "bun 1", "bone 0", "bone 1", "soup 0", "soup 1"));
        shown.has("eater 1 ends", "eater 2 ends");
        shown.ends("left in the queue: 0");
    }

    private static void sentinel4(Shown shown) {
        Require.inAnyOrder(shown.texts("(?:Alex|Laura) eats (.*)"), dishes("bun %d of Tom", "soup %d of John"));
        shown.has("Alex has got nothing", "Laura has got nothing");
        shown.size(11);
        shown.ends("left on the table: 0");
    }

    private static List<String> dishes(String... formats) {
        return Stream.of(formats)
                .flatMap(format -> IntStream.range(0, 4).mapToObj(format::formatted))
                .toList();
    }

    private static void joinableCount(Shown shown) {
        List<String> expected = new ArrayList<>(List.of("unfinished: 5", "unfinished when all have been got: 5"));
        for (int i = 1; i <= 5; i++) {
            expected.add("join returns: false");
            expected.add("taskDone " + i + ", unfinished: " + (5 - i));
        }
        expected.add("join has returned");
        shown.begins(expected.toArray(String[]::new));
        shown.size(expected.size() + 1);
        shown.line("a sixth taskDone is refused: .+");
    }

    private static void joinable(Shown shown) {
        Require.inAnyOrder(shown.texts("eater [12] has eaten (.*)"), dishes("bun %d", "bone %d", "soup %d"));
        Require.inAnyOrder(shown.texts("(cook .) goes home"), List.of("cook 1", "cook 2", "cook 3"));
        shown.ends("unfinished: 0, eaters still wait: true");
    }

    private static void close(Shown shown) {
        shown.exactly(
                "joinThread before close is refused",
                "closed for the child: true",
                "put is refused, the queue is closed",
                "get is refused, the queue is closed",
                "joinThread works",
                "cancelJoinThread works",
                "close, once more works",
                "parent has got: first",
                "parent has got: second",
                "closed for the parent: false",
                "parent has put and got: third");
    }

    private static void inPool(Shown shown) {
        shown.has(
                "got from the plain queue: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], left: 0",
                "got from the manager's queue: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], left: 0");
        Require.inAnyOrder(
                shown.numbers("process \\d+ has put (\\d)"),
                Stream.of(Require.upTo(10), Require.upTo(10))
                        .flatMap(List::stream)
                        .toList());
    }
}
