package io.multijvm.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Locks, semaphores, events, barriers and values: alone, between two processes, and beside C's robust mutex. */
final class SyncArea implements Area {

    @Override
    public List<String> notes() {
        return List.of(
                "Both sides take turns in each round. The peer is CPython's object of the same name, or what the goal"
                        + " names.",
                "Uncontended: a loop in one process, compiled before it is timed; CPython by acquire() and release().",
                "Contending: two other processes from the same moment on for the same time; nothing inside the lock.",
                "Event: from before set() in one process to after await() in the other, which has slept for 2 ms.",
                "C: a robust mutex shared between processes in a program of its own, by gcc -O2.");
    }

    @Override
    public List<Row> measure(CPython peer, Scratch scratch, Effort effort) throws IOException, InterruptedException {
        var cases = new SyncCases(peer, RobustMutex.compile(scratch), effort);
        List<Row> rows = new ArrayList<>(cases.uncontended());
        rows.add(cases.uncontendedBesideC());
        rows.addAll(cases.contended());
        rows.addAll(cases.increments());
        rows.add(cases.eventToWaiter());
        rows.add(cases.barrierCycle());
        return rows;
    }
}
