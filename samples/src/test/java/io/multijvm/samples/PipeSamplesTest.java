package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ForkTest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each sample of the section Pipes, in a JVM of its own: it shows what its class comment promises. */
@ForkTest
final class PipeSamplesTest {
    @Test
    void pipeHello_whatIsSent_isReceived() throws InterruptedException {
        var run = SampleRun.succeeding(PipeHello.class);

        assertThat(run.out())
                .containsExactly(
                        "main has received: Hello The_Third_Wave",
                        "main has received: [1, 2.5, three]",
                        "receiver waits",
                        "sender sends",
                        "receiver has received: have you eaten?");
    }

    @Test
    void pipeDuplex_bothDirections_work() throws InterruptedException {
        assertThat(SampleRun.succeeding(PipeDuplex.class).out())
                .containsExactly("parent has received: [111, 22, 33, 44]", "child has received: 666");
    }

    @Test
    void pipeEof_forgottenCopy_keepsTheEndAway() throws InterruptedException {
        assertThat(SampleRun.succeeding(PipeEof.class).out())
                .containsExactly(
                        "child has received: hello",
                        "something comes while a copy is open: false",
                        "something comes when it is closed: true",
                        "child has come to the end",
                        "parent has received: still alive",
                        "parent has come to the end");
    }

    @Test
    void pipeProducerConsumer_unusedEndsClosed_comesToTheEnd() throws InterruptedException {
        var expected =
                IntStream.range(0, 10).mapToObj(i -> "c1 has received bun " + i).collect(Collectors.toList());
        expected.addAll(List.of("c1 has come to the end", "main"));

        assertThat(SampleRun.succeeding(PipeProducerConsumer.class).out()).isEqualTo(expected);
    }

    @Test
    void pipeLock_twoConsumers_eachBunToOne() throws InterruptedException {
        var run = SampleRun.succeeding(PipeLock.class);

        assertThat(run.numbers("c[12] has received bun (\\d)"))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 10).boxed().toList());
        assertThat(run.out()).contains("c1 has received the null", "c2 has received the null");
        assertThat(run.out()).hasSize(13).last().isEqualTo("main");
    }

    @Test
    void pipeApi_showsEachMethod() throws InterruptedException {
        var run = SampleRun.succeeding(PipeApi.class);

        assertThat(run.out())
                .containsSubsequence(
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
        assertThat(run.number("waited for (\\d+) ms")).isGreaterThanOrEqualTo(100);
        assertThat(run.texts("(.*) is refused: .*"))
                .containsExactly(
                        "sending at the reader",
                        "receiving at the writer",
                        "receiving at most 5",
                        "receiving after that");
    }
}
