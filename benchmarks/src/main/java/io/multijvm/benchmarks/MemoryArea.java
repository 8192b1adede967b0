package io.multijvm.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Arrays, and what locks take of memory and time while nothing happens to them. */
final class MemoryArea implements Area {

    @Override
    public List<String> notes() {
        return List.of(
                "Both sides take turns in each round.",
                "Arrays: the peer is an int[] of this JVM; a ratio of 1.43 is 0.7 × its speed. Loops run by"
                        + " an int up to an int, unless a long is named.",
                "10,000 locks: in a fresh JVM, outside of its heap: blocks and files of the run directory, its mappings,"
                        + " open descriptors. CPython: pages, files, mappings of its semaphores, in a fresh interpreter.",
                "CPU time: user and system of the 8 together, from /proc/PID/stat, which counts in 10 ms.");
    }

    @Override
    public List<Row> measure(CPython peer, Scratch scratch, Effort effort) throws IOException, InterruptedException {
        var cases = new MemoryCases(peer, effort);
        List<Row> rows = new ArrayList<>(cases.array());
        rows.addAll(cases.manyLocks());
        rows.add(cases.creation());
        rows.add(cases.waiting());
        return rows;
    }
}
