package io.multijvm.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Queues: how many items go through, how long one takes, what the first one costs, and what is left lying about. */
final class QueueArea implements Area {

    @Override
    public List<String> notes() {
        return List.of(
                "Both sides take turns in each round. Small objects: boxed integers; every producer and every consumer is a"
                        + " process of its own, from the first put() to the last get().",
                "There and back: this process and a child of it, over two queues.",
                "Raw Chronicle: its own appender and tailer in two processes, 5 bytes in each document, the reader spinning.",
                "First queue: from before it is made until its first item is got, in a JVM that has made none; CPython's in"
                        + " a fresh interpreter.",
                Archives.note(),
                "Storage: the most that the run directory takes, looked at all the time, while items go through a queue of at"
                        + " most 1,000.");
    }

    /* The cold cases are measured first, before there are children whose work could fall into them. */
    @Override
    public List<Row> measure(CPython peer, Scratch scratch, Effort effort) throws IOException, InterruptedException {
        var cases = new QueueCases(peer, scratch, effort);
        List<Row> fresh = cases.firstInFreshJvm();
        Row warm = cases.firstInWarmChild();

        List<Row> rows = new ArrayList<>(cases.oneToOne());
        rows.add(cases.fourToFour());
        rows.add(cases.thereAndBack());
        rows.add(cases.largeItems());
        rows.addAll(fresh);
        rows.add(warm);
        rows.add(cases.storage());
        return rows;
    }
}
