package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ForkTest;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each sample of the section Pools that is about an executor, in a JVM of its own. */
@ForkTest
final class ExecutorSamplesTest {
    @Test
    void executorSubmit_defaultSize_isTheNumberOfProcessors() throws InterruptedException {
        var run = SampleRun.succeeding(ExecutorSubmit.class);

        assertThat(run.out()).startsWith("done: false", "result: 25", "done: true");
        long processors = run.number("processors: (\\d+)");
        assertThat(run.number("processes that ran tasks at once: (\\d+)")).isEqualTo(processors);
        assertThat(run.number("workers for many tasks: (\\d+)")).isEqualTo(processors);
    }

    @Test
    void executorCallback_blocked_stopsNoWorker() throws InterruptedException {
        var run = SampleRun.succeeding(ExecutorCallback.class);

        long main = run.number("main process: (\\d+)");
        assertThat(run.numbers("label \\d+ made in (\\d+)")).hasSize(20).doesNotContain(main);
        assertThat(run.out())
                .containsSubsequence(
                        "all tasks are done, sum of the labels: 190", "callbacks done: 0", "callbacks done: 20");
        assertThat(run.numbers("callback of (\\d+) in " + main))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 20).boxed().toList());
    }

    @Test
    void executorMap_sixNumbers_sameAnswersInOrderWithEveryNumberOfWorkers() throws InterruptedException {
        var run = SampleRun.succeeding(ExecutorMap.class);

        assertThat(run.texts("\\d+ is prime\\? (true|false)"))
                .containsExactly("true", "true", "true", "true", "true", "false");
        assertThat(run.decimal("serial:    ([0-9.]+) s")).isPositive();
        assertThat(run.numbers("(\\d) workers: [0-9.]+ s, [0-9.]+ times the serial time, same answers: true"))
                .containsExactly(1L, 2L, 4L, 8L);
    }

    @Test
    void executorWith_tryBlock_waitsForAllWork() throws InterruptedException {
        var run = SampleRun.succeeding(ExecutorWith.class);

        assertThat(run.out())
                .contains("all done at the end of the block: false")
                .endsWith(
                        "all done behind the block: true", "results: [0, 1, 4, 9, 16, 25, 36, 49]", "workers left: 0");
        assertThat(run.numbers("task \\d in (\\d+)")).hasSize(8);
    }

    @Test
    void executorCancel_waitingTask_neverRunsAndTheOthersDo() throws InterruptedException {
        var run = SampleRun.succeeding(ExecutorCancel.class);

        assertThat(run.out())
                .containsSubsequence(
                        "cancel of a waiting task: true",
                        "cancel of a running task, which may not be interrupted: false",
                        "cancelled: true, done: true",
                        "shutdown has returned, the first task is done: false",
                        "main code ends");
        assertThat(run.numbers("task (\\d) has run")).containsExactly(0L, 2L, 3L);
        assertThat(run.out()).last().isEqualTo("task 3 has run");
    }

    @Test
    void executorCrash_killedWorker_failsItsFutureAndNoOther() throws InterruptedException {
        var run = SampleRun.of(ExecutorCrash.class);

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).containsExactly("last words");
        long worker = run.number("worker (\\d+) is killed");
        assertThat(run.text("its future fails: (.*)")).contains("pid " + worker, "signal 9", "last words");
        assertThat(run.out())
                .contains(
                        "pid " + worker + ", exit code -9, last words \"last words\"",
                        "the neighbour: not disturbed",
                        "a new task: 42",
                        "workers that died: 1");
    }

    @Test
    void asCompleted_fiveTasks_comeAsTheyFinish() throws InterruptedException {
        assertThat(SampleRun.succeeding(AsCompleted.class).out())
                .containsExactly("task 4", "task 3", "task 2", "task 1", "task 0", "main ends");
    }

    @Test
    void executorManagerQueue_twentyTasks_eachItemOnce() throws InterruptedException {
        assertThat(SampleRun.succeeding(ExecutorManagerQueue.class).out())
                .containsExactly(
                        "taken by the callbacks: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, "
                                + "18, 19], left: 0");
    }
}
