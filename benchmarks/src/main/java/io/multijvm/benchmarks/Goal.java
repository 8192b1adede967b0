package io.multijvm.benchmarks;

import java.math.BigDecimal;

/** How a case is judged: a limit of the ratio ours / peer, a limit of ours alone, or only reported. */
record Goal(String text, double limit, Kind kind) {
    static final Goal REPORTED = new Goal("reported", Double.NaN, Kind.MOST_OF_RATIO);

    enum Kind {
        MOST_OF_RATIO,
        LEAST_OF_RATIO,
        MOST_OF_OURS
    }

    static Goal reportedBeside(String peer) {
        return new Goal("reported, beside " + peer, Double.NaN, Kind.MOST_OF_RATIO);
    }

    static Goal atMost(double limit, String peer) {
        return new Goal("≤ " + plain(limit) + " × " + peer, limit, Kind.MOST_OF_RATIO);
    }

    /** For rates: the more the better. */
    static Goal atLeast(double limit, String peer) {
        return new Goal("≥ " + plain(limit) + " × " + peer, limit, Kind.LEAST_OF_RATIO);
    }

    /** A limit of ours, in the unit of the row. */
    static Goal ourselvesAtMost(double limit, String unit) {
        return new Goal("≤ " + plain(limit) + " " + unit, limit, Kind.MOST_OF_OURS);
    }

    String met(Row row) {
        double judged = kind == Kind.MOST_OF_OURS ? row.ours().median() : row.ratio();
        if (Double.isNaN(limit) || Double.isNaN(judged)) {
            return "-";
        }
        boolean isMet = kind == Kind.LEAST_OF_RATIO ? judged >= limit : judged <= limit;
        return isMet ? "yes" : "no";
    }

    private static String plain(double limit) {
        return BigDecimal.valueOf(limit).toPlainString();
    }
}
