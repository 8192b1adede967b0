package io.multijvm.benchmarks;

import java.math.BigDecimal;

/** How a case is judged: a limit of the ratio ours / peer, a limit of ours alone, or only reported. */
record Goal(String text, double limit, boolean isOfRatio) {
    static final Goal REPORTED = new Goal("reported", Double.NaN, true);

    static Goal reportedBeside(String peer) {
        return new Goal("reported, beside " + peer, Double.NaN, true);
    }

    static Goal atMost(double limit, String peer) {
        return new Goal("≤ " + plain(limit) + " × " + peer, limit, true);
    }

    /** A limit of ours, in the unit of the row. */
    static Goal ourselvesAtMost(double limit, String unit) {
        return new Goal("≤ " + plain(limit) + " " + unit, limit, false);
    }

    String met(Row row) {
        double judged = isOfRatio ? row.ratio() : row.ours().median();
        if (Double.isNaN(limit) || Double.isNaN(judged)) {
            return "-";
        }
        return judged <= limit ? "yes" : "no";
    }

    private static String plain(double limit) {
        return BigDecimal.valueOf(limit).toPlainString();
    }
}
