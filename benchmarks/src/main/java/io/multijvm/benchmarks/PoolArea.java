package io.multijvm.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Pools and executors of two workers: how many tasks they do, how long one takes, how soon the first is done. */
final class PoolArea implements Area {

    @Override
    public List<String> notes() {
        return List.of(
                "Two workers on either side, warm; both sides take turns in each round. CPython's are forked, as is its default.",
                "Tiny function: adds one to an integer. Submit, throughput: all futures are made, then each is asked for.",
                "First result: from before a pool of two is made until the result of its first task. Warm: with spare JVMs ready;"
                        + " cold: each worker a JVM of its own from the start.",
                "Arrays: byte arrays of 1 MiB, through imap, which holds a window of them.");
    }

    /* The cold cases are measured first, before there are children whose work could fall into them. */
    @Override
    public List<Row> measure(CPython peer, Scratch scratch, Effort effort) throws IOException, InterruptedException {
        var cases = new PoolCases(peer, effort);
        List<Row> first = cases.firstResult();

        List<Row> rows = new ArrayList<>();
        rows.add(cases.mapSingly());
        rows.add(cases.mapChunked());
        rows.add(cases.apply());
        rows.add(cases.submit());
        rows.add(cases.submitSingly());
        rows.add(cases.primes());
        rows.addAll(first);
        rows.add(cases.arrays());
        return rows;
    }
}
