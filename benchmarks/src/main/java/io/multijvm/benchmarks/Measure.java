package io.multijvm.benchmarks;

import java.io.IOException;

/** One measurement of one side, in the unit of its row. */
@FunctionalInterface
interface Measure {
    double take() throws IOException, InterruptedException;
}
