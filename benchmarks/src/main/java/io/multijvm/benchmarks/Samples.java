package io.multijvm.benchmarks;

import java.util.Collection;
import java.util.Locale;

/** What was measured of one side of a case. */
record Samples(int count, double min, double median, double max) {
    static final Samples NONE = new Samples(0, Double.NaN, Double.NaN, Double.NaN);

    static Samples of(Collection<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        if (sorted.length == 0) {
            return NONE;
        }
        int upper = sorted.length / 2;
        int lower = (sorted.length - 1) / 2;
        return new Samples(sorted.length, sorted[0], (sorted[lower] + sorted[upper]) / 2, sorted[sorted.length - 1]);
    }

    String spread() {
        return count == 0 ? "-" : String.format(Locale.ROOT, "%.2f (%.2f … %.2f)", median, min, max);
    }
}
