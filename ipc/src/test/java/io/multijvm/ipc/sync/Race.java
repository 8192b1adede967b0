package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Actors that begin at the same time, again and again on fresh state, and a table of how that ended. */
final class Race {
    /** A waiter released later than this was not woken but looked for itself, or it had no processor. */
    static final long LATE_NANOS = 100_000_000;

    private static final int SPINS = 2_000;

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int runs;

    /** One run: what its actors do, and after that what has become of it. */
    interface Run {
        List<Callable<Object>> actors() throws Exception;

        String outcome(List<Object> results) throws Exception;
    }

    /** Makes the state for one run. */
    interface Fresh {
        Run run() throws Exception;
    }

    static Race of(int runs, Fresh fresh) throws Exception {
        var race = new Race();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < runs; i++) {
                Run run = fresh.run();
                race.outcomes.merge(run.outcome(race.together(threads, run.actors())), 1, Integer::sum);
                race.runs++;
            }
        } finally {
            threads.shutdownNow();
        }
        return race;
    }

    private List<Object> together(ExecutorService threads, List<Callable<Object>> actors) throws Exception {
        var missing = new AtomicInteger(actors.size());
        var futures = new ArrayList<Future<Object>>();
        for (Callable<Object> actor : actors) {
            futures.add(threads.submit(() -> {
                missing.decrementAndGet();
                for (int i = 0; i < SPINS && missing.get() > 0; i++) {
                    Thread.onSpinWait();
                }
                return actor.call();
            }));
        }
        var results = new ArrayList<Object>();
        for (Future<Object> future : futures) {
            results.add(future.get(30, TimeUnit.SECONDS));
        }
        return results;
    }

    /** Fails if anything else came out; of late ones there may be a few, when the machine has other things to do. */
    @SuppressWarnings("SystemOut")
    void allows(String... allowed) {
        System.out.println(runs + " runs: " + outcomes);
        int late = outcomes.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(" late"))
                .mapToInt(Map.Entry::getValue)
                .sum();
        assertThat(outcomes.keySet().stream().map(Race::withoutDelay).distinct())
                .as("outcomes of %d runs: %s", runs, outcomes)
                .isSubsetOf(allowed);
        assertThat(late).as("late: %s", outcomes).isLessThanOrEqualTo(2 + runs / 5_000);
    }

    static String orLate(String outcome, long since, long until) {
        return until - since > LATE_NANOS ? outcome + " late" : outcome;
    }

    private static String withoutDelay(String outcome) {
        return outcome.endsWith(" late") ? outcome.substring(0, outcome.length() - " late".length()) : outcome;
    }
}
