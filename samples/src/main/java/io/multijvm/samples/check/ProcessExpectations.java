package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.Collections;
import java.util.Map;
import java.util.stream.Stream;

/** The section of processes. */
final class ProcessExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("proc-hello", ProcessExpectations::hello),
            entry("proc-join", ProcessExpectations::join),
            entry("proc-pids", ProcessExpectations::pids),
            entry("proc-many", ProcessExpectations::many),
            entry("proc-kwargs", shown -> shown.exactly("*".repeat(10), "*".repeat(20), "------------: finished")),
            entry("proc-subclass", ProcessExpectations::subclass),
            entry("proc-subclass-args", shown -> shown.exactly("running in the child with the arguments xxx, yyy")),
            entry("proc-name", ProcessExpectations::name),
            entry("proc-active-children", ProcessExpectations::activeChildren),
            entry("proc-isolation", ProcessExpectations::isolation),
            entry("proc-pingpong", ProcessExpectations::pingpong),
            entry("proc-daemon", ProcessExpectations::daemon),
            entry("proc-daemon-mixed", ProcessExpectations::daemonMixed),
            entry("proc-daemon-no-children", ProcessExpectations::daemonNoChildren),
            entry("proc-terminate", ProcessExpectations::terminate),
            entry("proc-exitcode", ProcessExpectations::exitCode),
            entry("proc-authkey", ProcessExpectations::authkey),
            entry("proc-tenfiles", ProcessExpectations::tenFiles),
            entry("proc-sum", ProcessExpectations::sum),
            entry("proc-script", ProcessExpectations::script),
            entry("proc-socket-server", ProcessExpectations::socketServer));

    private ProcessExpectations() {}

    private static void hello(Shown shown) {
        long child = shown.number("hello bob, I am child (\\d+)");
        long parent = shown.number("parent (\\d+) goes on while child " + child + " runs");
        Require.that(child != parent, "child and parent are two processes: " + child + ", " + parent);
        shown.inOrder(
                "parent " + parent + " goes on while child " + child + " runs",
                "child done",
                "parent saw the child end");
    }

    private static void join(Shown shown) {
        shown.inOrder("with join: child's last line", "with join: parent's last line");
        shown.inOrder("without join: parent's last line", "without join: child's last line");
    }

    private static void pids(Shown shown) {
        long main = shown.number("main process: pid (\\d+)");
        var children = shown.numbers("child process: pid (\\d+), parent pid " + main + ", .*");
        Require.different(children, 5);
        Require.none(children, main);
    }

    private static void many(Shown shown) {
        Require.atLeast(shown.decimal("start all, then join all: ([0-9.]+) s, at work at once: 5"), 0.4);
        Require.atLeast(shown.decimal("start and join in turn: ([0-9.]+) s, at work at once: 1"), 2.0);
        Require.size(shown.texts("(hello bob)"), 10);
    }

    private static void subclass(Shown shown) {
        long main = shown.number("main process: pid (\\d+)");
        var children = shown.numbers("pid (\\d+) is chatting with (?:ann|bob|cy)");
        Require.different(children, 3);
        Require.none(children, main);
        Require.equal(shown.number("pid (\\d+) is chatting with nobody else"), main);
    }

    private static void name(Shown shown) {
        shown.exactly(
                "named: I am number one with identity [1]",
                "by default: I am Process-2 with identity [2]",
                "by default: I am Process-3 with identity [3]",
                "grandchild: I am Process-3:1 with identity [3, 1]",
                "the parent calls them: number one, Process-2, Process-3");
    }

    private static void activeChildren(Shown shown) {
        Require.different(shown.numbers("child name: Process-[1-8], pid: (\\d+)"), 8);
        Require.numbers(shown.numbers("active: (\\d+)"), 8, 7, 6, 5, 4, 3, 2, 1, 0);
        Require.numbers(shown.numbers("process (\\d+) heard go"), 1, 2, 3, 4, 5, 6, 7, 8);
    }

    private static void isolation(Shown shown) {
        shown.inOrder(
                "parent has set a = 10, b = 20",
                "child sees a = 1",
                "child sees b = 2",
                "child has set a = 0, b = 0",
                "parent still has a = 10, b = 20");
        Require.different(shown.numbers("class initialiser runs in pid (\\d+)"), 3);
    }

    private static void pingpong(Shown shown) {
        var ping = Collections.nCopies(5, "Ping");
        var pong = Collections.nCopies(5, "Pong");
        var together = shown.between("at the same time:", "one after the other:");
        Require.inAnyOrder(together, Stream.concat(ping.stream(), pong.stream()).toList());
        Require.that(
                together.indexOf("Pong") < together.lastIndexOf("Ping")
                        && together.indexOf("Ping") < together.lastIndexOf("Pong"),
                together + " is interleaved");
        Require.equal(
                shown.between("one after the other:", "the parent's counter is 0"),
                Stream.concat(ping.stream(), pong.stream()).toList());
    }

    private static void daemon(Shown shown) {
        shown.has("daemon: I am alive");
        Require.that(
                !isAlive(shown.number("parent: main code ends, daemon (\\d+) is alive: true")), "the daemon has ended");
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static void daemonMixed(Shown shown) {
        shown.line("main------- daemon \\d+ is alive: true");
        shown.has("123");
        shown.hasNot("end123");
        shown.inOrder("456", "bar: the daemon has ended, I go on", "end456");
        shown.ends("end456");
    }

    private static void daemonNoChildren(Shown shown) {
        shown.size(2);
        Require.that(shown.text("refused: (.*)").contains("daemon"), "it is refused to a daemon");
        shown.ends("exit code of the daemon: 0");
    }

    private static void terminate(Shown shown) {
        shown.exactly(
                "child says: chatting with bob",
                "alive right after terminate(): true",
                "alive after join(): false",
                "exit code: -15");
    }

    private static void exitCode(Shown shown) {
        shown.exactly(
                "running: null",
                "killed: -9",
                "terminated: -15",
                "child: all is well",
                "success: 0",
                "uncaught exception: 1",
                "exit(7): 7");
        shown.wrote("ArithmeticException: this failure is part of the sample");
        shown.wrote("ProcExitcode.fail(ProcExitcode.java:");
    }

    private static void authkey(Shown shown) {
        shown.has("key length: 32", "all the same: true");
        Require.size(shown.texts("digest in the (?:main process|child|grandchild): ([0-9a-f]{64})"), 3);
    }

    private static void tenFiles(Shown shown) {
        shown.has("file_0: ''", "file_9: '*********'", "files with the right content: 10");
        shown.size(11);
    }

    private static void sum(Shown shown) {
        long expected = 400_000_000L * 400_000_001L / 2;
        Require.equal(shown.number("closed form: (\\d+)"), expected);
        Require.equal(shown.number("sum by one process: (\\d+)"), expected);
        Require.equal(shown.number("sum by 8 processes: (\\d+)"), expected);
        shown.line("time of one process: \\d+ ms");
        shown.line("time of 8 processes: \\d+ ms");
    }

    private static void script(Shown shown) {
        long script = shown.number("script: pid (\\d+), peeling potatoes");
        long main = shown.number("main process: pid (\\d+), waiting for the script");
        Require.that(script != main, "script and main are two processes: " + script + ", " + main);
        shown.ends("exit code of the script: 3");
    }

    private static void socketServer(Shown shown) {
        long server = shown.number("server: pid (\\d+)");
        var hello = shown.numbers("client \\d: HELLO \\d, says pid (\\d+)");
        Require.different(hello, 3);
        Require.none(hello, server);
        Require.equal(shown.numbers("client \\d: BYE \\d, says pid (\\d+)"), hello);
    }
}
