package io.multijvm.samples;

import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Shortest job first: whenever the processor is free, the job that needs least of it is next. Nobody is interrupted.
 *
 * <p>Expect: A, which came first and keeps the processor to its end, then the shortest, C, then B and D. The jobs wait for
 * 4 ticks on average, less than with any other order after A; a long one might wait for ever if short ones kept coming.
 */
public final class SchedSjf {
    private static final Map<String, Integer> ENDS_IN_THEORY = Map.of("A", 7, "C", 8, "B", 12, "D", 16);

    private SchedSjf() {}

    public static void main(String[] args) throws Exception {
        var ready = new PriorityQueue<>(
                Comparator.comparingInt(Processor.Job::needs).thenComparingInt(Processor.Job::arrives));
        Processor.@Nullable Job current = null;
        try (var processor = new Processor()) {
            while (processor.hasWork()) {
                ready.addAll(processor.arrivals());
                if (current == null) {
                    current = ready.remove();
                }
                if (processor.run(current)) {
                    current = null;
                }
            }
            processor.report(ENDS_IN_THEORY);
        }
    }
}
