package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ForkTest;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each sample of the section Pools that is about a Pool, and queue-in-pool, in a JVM of its own. */
@ForkTest
final class PoolSamplesTest {
    @Test
    void poolApply_tenTasks_runOneAfterTheOtherInTheWorkers() throws InterruptedException {
        var run = SampleRun.succeeding(PoolApply.class);

        for (int i = 0; i < 10; i++) {
            assertThat(run.out()).containsSubsequence("asked for task " + i, "got " + i * i);
        }
        assertThat(run.out().subList(0, 2)).first().isEqualTo("asked for task 0");
        assertThat(run.texts("(asked for task|got) \\d+").subList(0, 4))
                .containsExactly("asked for task", "got", "asked for task", "got");
        assertThat(run.text("results: (.*)")).isEqualTo("[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
        assertThat(run.numbers("task \\d runs in (\\d+)")).hasSize(10).isSubsetOf(pids(run));
    }

    /** The process ids in the line of the workers. */
    private static List<Long> pids(SampleRun run) {
        return Stream.of(run.text("workers: \\[(.*)\\]").split(", "))
                .map(Long::valueOf)
                .toList();
    }

    @Test
    void poolApplyAsync_tenTasksOnThreeWorkers_atMostThreeAtOnceAndJoinWaitsForAll() throws InterruptedException {
        var run = SampleRun.succeeding(PoolApplyAsync.class);

        assertThat(new HashSet<>(run.numbers("task \\d in (\\d+), .*"))).hasSizeBetween(1, 3);
        assertThat(run.numbers("task \\d in \\d+, running at once: (\\d+)"))
                .hasSize(10)
                .allMatch(atOnce -> atOnce <= 3);
        assertThat(run.out()).endsWith("done after join: 10", "results: [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
    }

    @Test
    void poolAsyncGetLoop_getInTheLoop_isSerial() throws InterruptedException {
        var run = SampleRun.succeeding(PoolAsyncGetLoop.class);

        double serial = run.decimal("get in the loop:    \\[0, 1, 4, 9, 16\\], ([0-9.]+) s");
        double together = run.decimal("get after the loop: \\[0, 1, 4, 9, 16\\], ([0-9.]+) s");
        assertThat(serial).isGreaterThanOrEqualTo(1.5);
        assertThat(together).isBetween(0.3, serial);
        assertThat(run.out()).contains("after the loop was faster: true");
    }

    @Test
    void poolNoJoin_mainCodeEnds_endsTheWorkersWithTheirTasks() throws InterruptedException {
        var run = SampleRun.succeeding(PoolNoJoin.class);

        assertThat(pids(run)).isNotEmpty().noneMatch(PoolSamplesTest::isAlive);
        assertThat(run.out()).hasSize(2).last().isEqualTo("main code ends, tasks done: 0");
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    @Test
    void poolMap_results_areInOrder() throws InterruptedException {
        var run = SampleRun.succeeding(PoolMap.class);

        assertThat(run.out()).startsWith("[0, 1, 4, 9, 16]").endsWith("3", "15", "36");
        assertThat(run.numbers("process \\d+ is running: (\\d)"))
                .containsExactlyInAnyOrderElementsOf(LongStream.concat(
                                LongStream.range(0, 3),
                                LongStream.concat(LongStream.range(0, 6), LongStream.range(0, 9)))
                        .boxed()
                        .toList());
    }

    @Test
    void poolInitializer_threeWorkers_initialiseOnceEach() throws InterruptedException {
        var run = SampleRun.succeeding(PoolInitializer.class);

        assertThat(run.numbers("worker (\\d) is initialised with hello, 7")).containsExactlyInAnyOrder(1L, 2L, 3L);
        for (int round = 1; round <= 3; round++) {
            assertThat(run.texts("round " + round + ": worker \\d says hello, has (\\d+)"))
                    .containsExactlyInAnyOrder("7", "14", "21");
        }
    }

    @Test
    void poolCallback_callbacks_runInTheParentOneAtATime() throws InterruptedException {
        var run = SampleRun.succeeding(PoolCallback.class);

        long main = run.number("main process: (\\d+)");
        assertThat(run.numbers("task \\d in process (\\d+)")).hasSize(10).doesNotContain(main);
        assertThat(run.numbers("callback gets (\\d+) in process " + main + ", callbacks at once: 1"))
                .containsExactlyInAnyOrder(0L, 1L, 4L, 9L, 16L, 25L, 36L, 49L, 64L, 81L);
        assertThat(run.out())
                .contains(
                        "several values: Pair[min=1, max=2]",
                        "error callback in process " + main
                                + " gets java.lang.IllegalArgumentException: no square of -1 today")
                .last()
                .isEqualTo("failed: true");
        assertThat(run.text("  thrown at (.*)")).contains("PoolCallback.square(PoolCallback.java:");
    }

    @Test
    void poolSlowCallback_blocked_holdsUpNoWorkerAndNoResult() throws InterruptedException {
        var run = SampleRun.succeeding(PoolSlowCallback.class);

        assertThat(run.out())
                .containsSubsequence(
                        "callback of customer 1 blocks",
                        "the others are served, sum of their numbers: 189",
                        "customer 1 is ready: false",
                        "callback of customer 1 goes on",
                        "callback of customer 20")
                .contains("results at last: 1, 20");
        assertThat(run.numbers("customer (\\d+) is served in \\d+"))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 20).boxed().toList());
    }

    @Test
    void poolAsyncResult_whileItRunsAndAfter_saysSo() throws InterruptedException {
        var run = SampleRun.succeeding(PoolAsyncResult.class);

        assertThat(run.text("get with a timeout: (.*)")).contains("0.05S");
        assertThat(run.text("successful: (not ready.*)")).isNotBlank();
        assertThat(run.out())
                .containsSubsequence(
                        "ready: false",
                        "wait returns: false",
                        "ready: true",
                        "successful: true",
                        "get: 42",
                        "the other is successful: false",
                        "get: java.lang.ArithmeticException: / by zero");
        assertThat(run.text("thrown in the worker at (.*)")).contains("PoolAsyncResult.divide(PoolAsyncResult.java:");
    }

    @Test
    void poolTerminate_methodOrTryBlock_stopsAtOnce() throws InterruptedException {
        var run = SampleRun.succeeding(PoolTerminate.class);

        assertThat(run.out())
                .contains(
                        "after terminate(): workers gone: true",
                        "after terminate(): task cancelled: true",
                        "after the try block: workers gone: true",
                        "after the try block: task cancelled: true")
                .hasSize(5);
        assertThat(run.text("one more task: (.*)")).contains("takes no more tasks");
    }

    @Test
    void poolCrawl_workersFetch_parentParses() throws InterruptedException {
        var run = SampleRun.succeeding(PoolCrawl.class);

        long main = run.number("main process: (\\d+)");
        assertThat(run.numbers("process (\\d+) gets .*")).hasSize(6).doesNotContain(main);
        assertThat(run.texts("process " + main + " parses (.*)"))
                .containsExactlyInAnyOrder(
                        "/page/, size 30, matches 6",
                        "/page/x, size 35, matches 7",
                        "/page/xx, size 40, matches 8",
                        "/page/xxx, size 45, matches 9",
                        "/page/xxxx, size 50, matches 10");
        assertThat(run.texts("process " + main + " has found (.*)"))
                .containsExactly("1: Film 1, Star 1, 2001", "2: Film 2, Star 2, 2002", "3: Film 3, Star 3, 2003");
    }

    @Test
    void poolSocketServer_sixClients_fourAreServedAtOnce() throws InterruptedException {
        var run = SampleRun.succeeding(PoolSocketServer.class);

        var first = run.numbers("client [1-4] hears (\\d+): HELLO FROM CLIENT [1-4]");
        var later = run.numbers("client [56] hears (\\d+): HELLO FROM CLIENT [56]");
        assertThat(first).hasSize(4).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(pids(run));
        assertThat(later).hasSize(2).doesNotHaveDuplicates().isSubsetOf(first);
        assertThat(run.number("talks that wait for a worker: (\\d)")).isEqualTo(2);
        assertThat(run.texts("(client \\d hangs up|client [56] hears).*"))
                .containsExactly("client 1 hangs up", "client 2 hangs up", "client 5 hears", "client 6 hears");
    }

    @Test
    void queueInPool_plainQueueOrManagers_simplyWorks() throws InterruptedException {
        var run = SampleRun.succeeding(QueueInPool.class);

        assertThat(run.out())
                .contains(
                        "got from the plain queue: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], left: 0",
                        "got from the manager's queue: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], left: 0");
        assertThat(run.numbers("process \\d+ has put (\\d)"))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 20).map(n -> n % 10).boxed().toList());
    }
}
