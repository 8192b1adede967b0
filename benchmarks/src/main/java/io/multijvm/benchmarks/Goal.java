package io.multijvm.benchmarks;

import java.util.Locale;

/** How a case is judged: a limit of the ratio ours / peer, or only reported. */
record Goal(String text, double limit) {
    static final Goal REPORTED = new Goal("reported", Double.NaN);

    static Goal atMost(double limit, String peer) {
        return new Goal(String.format(Locale.ROOT, "≤ %.1f × %s", limit, peer), limit);
    }

    String met(double ratio) {
        if (Double.isNaN(limit) || Double.isNaN(ratio)) {
            return "-";
        }
        return ratio <= limit ? "yes" : "no";
    }
}
