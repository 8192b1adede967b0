package io.multijvm.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long to measure: a number of rounds for each case, cut short when its time is up. */
enum Effort {
    QUICK(5, Duration.ofSeconds(4)),
    FULL(1, Duration.ofSeconds(60));

    private static final int LEAST_ROUNDS = 3;

    private final int divisor;
    private final Duration perCase;

    Effort(int divisor, Duration perCase) {
        this.divisor = divisor;
        this.perCase = perCase;
    }

    /** How often to do something within one measurement. */
    int times(int full) {
        return full / divisor;
    }

    /** How long to do something within one measurement. */
    Duration during(Duration full) {
        return full.dividedBy(divisor);
    }

    /** Takes each measure once a round, in the order given; the first tenth of the rounds is only to warm up. */
    List<Samples> alternate(int fullRounds, Measure... measures) throws IOException, InterruptedException {
        int rounds = Math.max(LEAST_ROUNDS, fullRounds / divisor);
        int warmUp = Math.max(1, rounds / 10);
        List<List<Double>> taken = new ArrayList<>();
        for (int i = 0; i < measures.length; i++) {
            taken.add(new ArrayList<>());
        }
        long begin = System.nanoTime();
        for (int round = 0; round < warmUp + rounds; round++) {
            if (round >= warmUp + LEAST_ROUNDS && System.nanoTime() - begin > perCase.toNanos()) {
                break;
            }
            for (int i = 0; i < measures.length; i++) {
                double value = measures[i].take();
                if (round >= warmUp) {
                    taken.get(i).add(value);
                }
            }
        }
        return taken.stream().map(Samples::of).toList();
    }
}
