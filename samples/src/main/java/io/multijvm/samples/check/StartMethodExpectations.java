package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.Map;

/** The section of start methods. */
final class StartMethodExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("start-spawn", StartMethodExpectations::spawn),
            entry("start-forkserver", StartMethodExpectations::forkserver),
            entry("start-default", StartMethodExpectations::choice));

    private StartMethodExpectations() {}

    private static void spawn(Shown shown) {
        shown.inOrder("child: names = [], argument = passed as an argument", "parent: names = [from main]");
        Require.that(shown.text("an open file is refused: (.*)").contains("openFile"), "the field is named");
        Require.that(shown.text("a thread lock is refused: (.*)").contains("threadLock"), "the field is named");
    }

    private static void forkserver(Shown shown) {
        long main = shown.number("main process: pid (\\d+)");
        var children = shown.numbers("child (\\d+): creator " + main + ", taken from \\d+");
        Require.atLeast(children.size(), 5);
        Require.different(children, children.size());
        shown.ends("servers seen: 1");
    }

    private static void choice(Shown shown) {
        shown.has("chosen: SPAWN", "context one: started by SPAWN", "context two: started by FORKSERVER");
        var all = shown.text("all methods: \\[(.*)]");
        Require.that(all.startsWith("FORKSERVER") && all.contains("SPAWN"), "the default is first in " + all);
        shown.line("second choice refused: .+");
    }
}
