package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ForkTest;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each sample of the section Processes, in a JVM of its own: it shows what its class comment promises. */
@ForkTest
final class ProcessSamplesTest {
    @Test
    void procHello_child_greetsUnderItsOwnPidWhileParentGoesOn() throws InterruptedException {
        var run = SampleRun.succeeding(ProcHello.class);

        long child = run.number("hello bob, I am child (\\d+)");
        long parent = run.number("parent (\\d+) goes on while child " + child + " runs");
        assertThat(child).isNotEqualTo(parent);
        assertThat(run.out())
                .containsSubsequence(
                        "parent " + parent + " goes on while child " + child + " runs",
                        "child done",
                        "parent saw the child end");
    }

    @Test
    void procJoin_withAndWithout_ordersTheLastLines() throws InterruptedException {
        assertThat(SampleRun.succeeding(ProcJoin.class).out())
                .containsSubsequence("with join: child's last line", "with join: parent's last line")
                .containsSubsequence("without join: parent's last line", "without join: child's last line");
    }

    @Test
    void procPids_fiveChildren_haveFivePidsAndOneParent() throws InterruptedException {
        var run = SampleRun.succeeding(ProcPids.class);

        long main = run.number("main process: pid (\\d+)");
        assertThat(run.numbers("child process: pid (\\d+), parent pid " + main + ", .*"))
                .hasSize(5)
                .doesNotHaveDuplicates()
                .doesNotContain(main);
    }

    @Test
    void procMany_together_takesOneChildsTimeAndInTurnTheSum() throws InterruptedException {
        var run = SampleRun.succeeding(ProcMany.class);

        double together = run.decimal("start all, then join all: ([0-9.]+) s");
        double inTurn = run.decimal("start and join in turn:   ([0-9.]+) s");
        assertThat(together).isBetween(0.4, inTurn);
        assertThat(inTurn).isGreaterThanOrEqualTo(2.0);
        assertThat(run.out()).contains("together was faster: true");
        assertThat(Collections.frequency(run.out(), "hello bob")).isEqualTo(10);
    }

    @Test
    void procKwargs_twoArguments_printTenAndTwentyStars() throws InterruptedException {
        assertThat(SampleRun.succeeding(ProcKwargs.class).out())
                .containsExactly("*".repeat(10), "*".repeat(20), "------------: finished");
    }

    @Test
    void procSubclass_start_runsElsewhereAndRunRunsHere() throws InterruptedException {
        var run = SampleRun.succeeding(ProcSubclass.class);

        long main = run.number("main process: pid (\\d+)");
        assertThat(run.numbers("pid (\\d+) is chatting with (?:ann|bob|cy)"))
                .hasSize(3)
                .doesNotHaveDuplicates()
                .doesNotContain(main);
        assertThat(run.number("pid (\\d+) is chatting with nobody else")).isEqualTo(main);
    }

    @Test
    void procSubclassArgs_child_readsWhatItWasBuiltWith() throws InterruptedException {
        assertThat(SampleRun.succeeding(ProcSubclassArgs.class).out())
                .containsExactly("running in the child with the arguments xxx, yyy");
    }

    @Test
    void procName_namedAndUnnamed_areWhatTheChildrenSay() throws InterruptedException {
        assertThat(SampleRun.succeeding(ProcName.class).out())
                .containsExactly(
                        "named: I am number one with identity [1]",
                        "by default: I am Process-2 with identity [2]",
                        "by default: I am Process-3 with identity [3]",
                        "grandchild: I am Process-3:1 with identity [3, 1]",
                        "the parent calls them: number one, Process-2, Process-3");
    }

    @Test
    void procActiveChildren_eight_shrinkToNone() throws InterruptedException {
        var run = SampleRun.succeeding(ProcActiveChildren.class);

        assertThat(run.numbers("child name: Process-[1-8], pid: (\\d+)"))
                .hasSize(8)
                .doesNotHaveDuplicates();
        assertThat(run.numbers("active: (\\d+)")).containsExactly(8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L, 0L);
        assertThat(run.numbers("process (\\d+) heard go")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void procIsolation_staticState_isEachProcessesOwn() throws InterruptedException {
        var run = SampleRun.succeeding(ProcIsolation.class);

        assertThat(run.out())
                .containsSubsequence(
                        "parent has set a = 10, b = 20",
                        "child sees a = 1",
                        "child sees b = 2",
                        "child has set a = 0, b = 0",
                        "parent still has a = 10, b = 20");
        assertThat(run.numbers("class initialiser runs in pid (\\d+)"))
                .hasSize(3)
                .doesNotHaveDuplicates();
    }

    @Test
    void procPingpong_ownCounters_countToFiveEach() throws InterruptedException {
        var run = SampleRun.succeeding(ProcPingpong.class);

        var ping = Collections.nCopies(5, "Ping");
        var pong = Collections.nCopies(5, "Pong");
        var both = Stream.of(ping, pong).flatMap(List::stream).toList();
        assertThat(run.between("at the same time:", "one after the other:")).containsExactlyInAnyOrderElementsOf(both);
        assertThat(run.between("one after the other:", "the parent's counter is 0"))
                .isEqualTo(both);
    }

    @Test
    void procPingpong_atTheSameTime_interleaves() throws InterruptedException {
        boolean interleaved = false;
        for (int attempt = 1; !interleaved && attempt <= 3; attempt++) { // chance decides; once is enough
            interleaved = isInterleaved();
        }
        assertThat(interleaved).isTrue();
    }

    private static boolean isInterleaved() throws InterruptedException {
        var words = SampleRun.succeeding(ProcPingpong.class).between("at the same time:", "one after the other:");
        return words.indexOf("Pong") < words.lastIndexOf("Ping") && words.indexOf("Ping") < words.lastIndexOf("Pong");
    }

    @Test
    void procDaemon_endOfMainCode_endsTheDaemon() throws InterruptedException {
        var run = SampleRun.succeeding(ProcDaemon.class);

        long daemon = run.number("parent: main code ends, daemon (\\d+) is alive: true");
        assertThat(ProcessHandle.of(daemon).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(run.out()).contains("daemon: I am alive");
    }

    @Test
    void procDaemonMixed_endOfMainCode_endsOnlyTheDaemon() throws InterruptedException {
        var run = SampleRun.succeeding(ProcDaemonMixed.class);

        run.number("main------- daemon (\\d+) is alive: true");
        assertThat(run.out())
                .contains("123")
                .doesNotContain("end123")
                .containsSubsequence("456", "bar: the daemon has ended, I go on", "end456")
                .last()
                .isEqualTo("end456");
    }

    @Test
    void procDaemonNoChildren_attempt_isRefused() throws InterruptedException {
        assertThat(SampleRun.succeeding(ProcDaemonNoChildren.class).out())
                .hasSize(2)
                .satisfies(lines ->
                        assertThat(lines.get(0)).startsWith("refused: ").contains("daemon"))
                .last()
                .isEqualTo("exit code of the daemon: 0");
    }

    @Test
    void procTerminate_child_isAliveUntilJoinAndGivesMinus15() throws InterruptedException {
        assertThat(SampleRun.succeeding(ProcTerminate.class).out())
                .containsExactly(
                        "child says: chatting with bob",
                        "alive right after terminate(): true",
                        "alive after join(): false",
                        "exit code: -15");
    }

    @Test
    void procExitcode_everyEnd_hasItsCode() throws InterruptedException {
        var run = SampleRun.of(ProcExitcode.class);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsExactly(
                        "running: null",
                        "killed: -9",
                        "terminated: -15",
                        "child: all is well",
                        "success: 0",
                        "uncaught exception: 1",
                        "exit(7): 7");
        assertThat(run.err())
                .anyMatch(line -> line.contains("ArithmeticException: this failure is part of the sample"))
                .anyMatch(line -> line.contains("ProcExitcode.fail(ProcExitcode.java:"));
    }

    @Test
    void procAuthkey_descendants_haveTheFamilysKey() throws InterruptedException {
        var run = SampleRun.succeeding(ProcAuthkey.class);

        assertThat(run.out()).contains("key length: 32", "all the same: true");
        assertThat(run.texts("digest in the (?:main process|child|grandchild): ([0-9a-f]{64})"))
                .hasSize(3);
    }

    @Test
    void procTenfiles_afterJoin_haveTheRightContent() throws InterruptedException {
        assertThat(SampleRun.succeeding(ProcTenfiles.class).out())
                .contains("file_0: ''", "file_9: '*********'", "files with the right content: 10")
                .hasSize(11);
    }

    @Test
    void procScript_runByPath_givesItsOwnExitCode() throws InterruptedException {
        var run = SampleRun.succeeding(ProcScript.class);

        assertThat(run.number("script: pid (\\d+), peeling potatoes"))
                .isNotEqualTo(run.number("main process: pid (\\d+), waiting for the script"));
        assertThat(run.out()).last().isEqualTo("exit code of the script: 3");
    }

    @Test
    void procSocketServer_clients_areServedByAProcessEach() throws InterruptedException {
        var run = SampleRun.succeeding(ProcSocketServer.class);

        long server = run.number("server: pid (\\d+)");
        List<Long> hello = run.numbers("client \\d: HELLO \\d, says pid (\\d+)");
        assertThat(hello).hasSize(3).doesNotHaveDuplicates().doesNotContain(server);
        assertThat(run.numbers("client \\d: BYE \\d, says pid (\\d+)")).isEqualTo(hello);
    }
}
