package io.multijvm.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Messages through a pipe between two processes: there and back, one way, and what waiting for one costs. */
final class PipeArea implements Area {

    @Override
    public List<String> notes() {
        return List.of(
                "Both sides take turns in each round: sendBytes and recvBytes between this process and a child of it.",
                "There and back: the child returns every message. One way: until the child has received the last one.",
                "C: a pair of Unix-domain sockets of the kind named and two processes, by gcc -O2; waiting in the kernel,"
                        + " or spinning on calls that do not wait.",
                "Waiting: processor time of two children that wait in recv(), for 5 s (--quick: 1 s).");
    }

    @Override
    public List<Row> measure(CPython peer, Scratch scratch, Effort effort) throws IOException, InterruptedException {
        var cases = new PipeCases(peer, CProgram.compile("packets", scratch), effort);
        List<Row> rows = new ArrayList<>(cases.thereAndBackSmall());
        rows.addAll(cases.thereAndBackLarge());
        rows.addAll(cases.oneWaySmall());
        rows.addAll(cases.oneWayLarge());
        rows.add(cases.waiting());
        return rows;
    }
}
