package io.multijvm.samples;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

/**
 * First come, first served: a job has the processor until it ends, the others wait in the order in which they came.
 *
 * <p>Expect: A, B, C and D one after the other, each a process that is resumed when it is its turn. The short job C waits
 * for the long ones before it; what was measured is what theory says, on average 4.75 ticks of waiting.
 */
public final class SchedFcfs {
    private static final Map<String, Integer> ENDS_IN_THEORY = Map.of("A", 7, "B", 11, "C", 12, "D", 16);

    private SchedFcfs() {}

    public static void main(String[] args) throws Exception {
        Queue<Processor.Job> ready = new ArrayDeque<>();
        try (var processor = new Processor()) {
            while (processor.hasWork()) {
                ready.addAll(processor.arrivals());
                var first = ready.element();
                if (processor.run(first)) {
                    ready.remove();
                }
            }
            processor.report(ENDS_IN_THEORY);
        }
    }
}
