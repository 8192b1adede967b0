package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The section of pipes. */
final class PipeExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("pipe-hello", PipeExpectations::hello),
            entry(
                    "pipe-duplex",
                    shown -> shown.exactly("parent has received: [111, 22, 33, 44]", "child has received: 666")),
            entry("pipe-eof", PipeExpectations::eof),
            entry("pipe-producer-consumer", PipeExpectations::producerConsumer),
            entry("pipe-lock", PipeExpectations::lock),
            entry("pipe-api", PipeExpectations::api));

    private PipeExpectations() {}

    private static void hello(Shown shown) {
        shown.exactly(
                "main has received: Hello The_Third_Wave",
                "main has received: [1, 2.5, three]",
                "receiver waits",
                "sender sends",
                "receiver has received: have you eaten?");
    }

    private static void eof(Shown shown) {
        shown.exactly(
                "child has received: hello",
                "something comes while a copy is open: false",
                "something comes when it is closed: true",
                "child has come to the end",
                "parent has received: still alive",
                "parent has come to the end");
    }

    private static void producerConsumer(Shown shown) {
        var buns = IntStream.range(0, 10).mapToObj(i -> "c1 has received bun " + i);
        shown.exactly(
                Stream.concat(buns, Stream.of("c1 has come to the end", "main")).toArray(String[]::new));
    }

    private static void lock(Shown shown) {
        Require.inAnyOrder(shown.numbers("c[12] has received bun (\\d)"), Require.upTo(10));
        shown.has("c1 has received the null", "c2 has received the null");
        shown.size(13);
        shown.ends("main");
    }

    private static void api(Shown shown) {
        shown.inOrder(
                "received: one way",
                "a descriptor each: true",
                "poll(): false",
                "poll(0): false",
                "poll(100 ms): false",
                "poll(null), which waits: true",
                "poll(), again: true",
                "received: at last",
                "poll() at the end: true",
                "receiving at the end: end of file",
                "all: abcdefgh",
                "3 from 2 on: cde",
                "none: ''",
                "into a buffer: 8 bytes, ...abcdefgh.",
                "a buffer of 5 is too short for: abcdefgh",
                "the next one: next",
                "the other way: sending works");
        Require.atLeast(shown.number("waited for (\\d+) ms"), 100);
        Require.equal(
                shown.texts("(.*) is refused: .*"),
                List.of(
                        "sending at the reader",
                        "receiving at the writer",
                        "receiving at most 5",
                        "receiving after that"));
    }
}
