package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;

/** The section of start methods. */
final class StartMethodExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("start-spawn", StartMethodExpectations::spawn),
            entry("start-fork-1", shown -> shown.exactly("child: []", "child has added: [123]", "parent: []")),
            entry("start-fork-2", shown -> shown.exactly("child: [123]")),
            entry("start-fork-3", shown -> Require.inAnyOrder(shown.out(), List.of("child: []", "parent: [123]"))),
            entry("start-fork-file-1", shown -> shown.exactly("the file: [wupeiqi, alex, wupeiqi]")),
            entry("start-fork-file-2", shown -> shown.exactly("the file: [wupeiqi, alex]")),
            entry("start-fork-lock", StartMethodExpectations::forkLock),
            entry("start-forkserver", StartMethodExpectations::forkserver),
            entry("start-default", StartMethodExpectations::choice));

    private StartMethodExpectations() {}

    private static void spawn(Shown shown) {
        shown.inOrder("child: names = [], argument = passed as an argument", "parent: names = [from main]");
        Require.that(shown.text("an open file is refused: (.*)").contains("openFile"), "the field is named");
        Require.that(shown.text("a thread lock is refused: (.*)").contains("threadLock"), "the field is named");
    }

    private static void forkLock(Shown shown) {
        shown.inOrder("here", "waiting: 10, held by the main thread: true", "666");
        Require.size(shown.texts("(666)"), 10);
        Require.that(
                shown.out().indexOf("666") > shown.out().indexOf("waiting: 10, held by the main thread: true"),
                "nobody goes on before all have waited");
        shown.ends("parent holds its lock: true");
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
