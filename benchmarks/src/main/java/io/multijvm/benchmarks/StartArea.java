package io.multijvm.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Starting and joining processes: to the child's first instruction, and to its end. */
final class StartArea implements Area {

    @Override
    public List<String> notes() {
        return List.of(
                "Both sides take turns in each round, and start and join from one thread unless said otherwise.",
                "Warm: a round begins when the spare JVMs are ready, as CPython's forkserver always is.",
                "First instruction: System.nanoTime() and time.monotonic_ns(), before start() and first in the child.",
                Archives.note());
    }

    /* The cold cases are measured first, before there are spares whose refilling could fall into them. */
    @Override
    public List<Row> measure(CPython peer, Scratch scratch, Effort effort) throws IOException, InterruptedException {
        var cases = new StartCases(peer, scratch.file("stamp"), effort);
        List<Row> spawn = cases.spawnToFirstInstruction();
        List<Row> spawns = cases.spawnsAtOnce();
        List<Row> fresh = cases.firstStartInFreshJvm();

        List<Row> rows = new ArrayList<>();
        rows.add(cases.warmToFirstInstruction());
        rows.addAll(cases.warmAndJoin());
        rows.add(cases.forkToFirstInstruction());
        rows.addAll(cases.forkOfLargeState());
        rows.addAll(spawn);
        rows.addAll(spawns);
        rows.addAll(cases.warmAtOnce());
        rows.add(cases.memoryPerSpare());
        rows.addAll(fresh);
        return rows;
    }
}
