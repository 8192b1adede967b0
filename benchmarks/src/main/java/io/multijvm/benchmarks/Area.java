package io.multijvm.benchmarks;

import java.io.IOException;
import java.util.List;

/** A group of cases measured together; CPython's side is the script of the same name. */
interface Area {
    List<Row> measure(CPython peer, Scratch scratch, Effort effort) throws IOException, InterruptedException;

    /** How the cases are measured: what a reader needs to judge the figures. */
    List<String> notes();
}
