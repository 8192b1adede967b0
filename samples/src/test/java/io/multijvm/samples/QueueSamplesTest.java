package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each sample of the section Queues, and proc-sum, in a JVM of its own: it shows what its class comment promises. */
@ForkTest
final class QueueSamplesTest {
    @Test
    void queueApi_boundedQueue_refusesAFourthAndGivesThreeInOrder() throws InterruptedException {
        var run = SampleRun.succeeding(QueueApi.class);

        assertThat(run.out())
                .containsSubsequence(
                        "new: size 0 of 3, empty true, full false",
                        "after three puts: size 3 of 3, empty false, full true",
                        "get: a",
                        "get with a timeout: b",
                        "getNowait: c",
                        "after three gets: size 0 of 3, empty true, full false")
                .hasSize(10);
        assertThat(run.number("putNowait: the queue is full, known after (\\d+) ms"))
                .isNotNegative();
        assertThat(run.number("put with a timeout: the queue is full, known after (\\d+) ms"))
                .isGreaterThanOrEqualTo(100);
        assertThat(run.number("getNowait: the queue is empty, known after (\\d+) ms"))
                .isNotNegative();
        assertThat(run.number("get with a timeout: the queue is empty, known after (\\d+) ms"))
                .isGreaterThanOrEqualTo(100);
    }

    @Test
    void queueParentChild_childHasEnded_everythingIsStillThere() throws InterruptedException {
        var run = SampleRun.succeeding(QueueParentChild.class);

        assertThat(run.out())
                .startsWith("got from Eva: hello", "put by the child: true", "the child is alive: false, items: 10")
                .last()
                .isEqualTo("empty: true");
        assertThat(run.numbers("got (\\d)")).isEqualTo(upTo(10));
    }

    @Test
    void queueTwoChildren_readerForEver_isTerminated() throws InterruptedException {
        var run = SampleRun.succeeding(QueueTwoChildren.class);

        assertThat(run.texts("put (.) to queue")).containsExactly("A", "B", "C");
        assertThat(run.texts("got (.) from queue")).containsExactly("A", "B", "C");
        assertThat(run.out()).endsWith("the reader waits for more: true", "exit codes: 0 and -15");
    }

    @Test
    void queueBatch_tenAndTen_eachItemOnce() throws InterruptedException {
        var run = SampleRun.succeeding(QueueBatch.class);

        assertThat(run.numbers("getter (\\d) has got the item of putter \\d"))
                .containsExactlyInAnyOrderElementsOf(upTo(10));
        assertThat(run.numbers("getter \\d has got the item of putter (\\d)"))
                .containsExactlyInAnyOrderElementsOf(upTo(10));
        assertThat(run.out()).hasSize(11).last().isEqualTo("left in the queue: 0");
    }

    @Test
    void queueSentinel1_fromTheProducer_endsTheConsumer() throws InterruptedException {
        var run = SampleRun.succeeding(QueueSentinel1.class);

        assertThat(run.numbers("cook has made bun (\\d)")).isEqualTo(upTo(10));
        assertThat(run.numbers("eater eats bun (\\d)")).isEqualTo(upTo(10));
        assertThat(run.out()).endsWith("eater ends", "left in the queue: 0");
    }

    @Test
    void queueSentinel2_fromTheParent_comesAfterTheProducersEnd() throws InterruptedException {
        var run = SampleRun.succeeding(QueueSentinel2.class);

        assertThat(run.numbers("eater eats bun (\\d)")).isEqualTo(upTo(2));
        assertThat(run.out())
                .containsSubsequence(
                        "cook has made bun 0", "cook has made bun 1", "main says that this is the end", "eater ends")
                .hasSize(6);
    }

    @Test
    void queueSentinel3_oneForEachConsumer_allEnd() throws InterruptedException {
        var run = SampleRun.succeeding(QueueSentinel3.class);

        assertThat(run.texts("eater [12] eats (.*)"))
                .containsExactlyInAnyOrder("bun 0", "bun 1", "bone 0", "bone 1", "soup 0", "soup 1");
        assertThat(run.out()).contains("eater 1 ends", "eater 2 ends").last().isEqualTo("left in the queue: 0");
    }

    @Test
    void queueSentinel4_oneFromEachProducer_allEnd() throws InterruptedException {
        var run = SampleRun.succeeding(QueueSentinel4.class);

        assertThat(run.texts("(?:Alex|Laura) eats (.*)"))
                .containsExactlyInAnyOrderElementsOf(dishes("bun %d of Tom", "soup %d of John"));
        assertThat(run.out())
                .contains("Alex has got nothing", "Laura has got nothing")
                .hasSize(11)
                .last()
                .isEqualTo("left on the table: 0");
    }

    @Test
    void queueJoinableCount_fivePuts_needFiveTaskDone() throws InterruptedException {
        var run = SampleRun.succeeding(QueueJoinableCount.class);

        var expected = new ArrayList<>(List.of("unfinished: 5", "unfinished when all have been got: 5"));
        for (int i = 1; i <= 5; i++) {
            expected.add("join returns: false");
            expected.add("taskDone " + i + ", unfinished: " + (5 - i));
        }
        expected.add("join has returned");
        assertThat(run.out()).startsWith(expected.toArray(String[]::new)).hasSize(expected.size() + 1);
        assertThat(run.text("a sixth taskDone is refused: (.*)")).isNotBlank();
    }

    @Test
    void queueJoinable_producersJoin_everythingIsEaten() throws InterruptedException {
        var run = SampleRun.succeeding(QueueJoinable.class);

        assertThat(run.texts("eater [12] has eaten (.*)"))
                .containsExactlyInAnyOrderElementsOf(dishes("bun %d", "bone %d", "soup %d"));
        assertThat(run.texts("(cook .) goes home")).containsExactlyInAnyOrder("cook 1", "cook 2", "cook 3");
        assertThat(run.out()).last().isEqualTo("unfinished: 0, eaters still wait: true");
    }

    private static List<String> dishes(String... formats) {
        return Stream.of(formats)
                .flatMap(format -> IntStream.range(0, 4).mapToObj(format::formatted))
                .toList();
    }

    @Test
    void queueClose_byTheChild_leavesWhatItPutToTheParent() throws InterruptedException {
        assertThat(SampleRun.succeeding(QueueClose.class).out())
                .containsExactly(
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

    @Test
    void procSum_eightProcesses_giveTheClosedForm() throws InterruptedException {
        var run = SampleRun.succeeding(ProcSum.class);

        long expected = run.number("closed form: (\\d+)");
        assertThat(expected).isEqualTo(400_000_000L * 400_000_001L / 2);
        assertThat(run.number("sum by one process: (\\d+)")).isEqualTo(expected);
        assertThat(run.number("sum by 8 processes: (\\d+)")).isEqualTo(expected);
        assertThat(run.number("time of one process: (\\d+) ms")).isNotNegative();
        assertThat(run.number("time of 8 processes: (\\d+) ms")).isPositive();
    }

    private static List<Long> upTo(int end) {
        return LongStream.range(0, end).boxed().toList();
    }
}
